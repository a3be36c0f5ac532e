// Elements are made here and nowhere else: data becomes text, never markup.

function fillElement(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "style") {
      for (const [property, text] of Object.entries(value)) {
        node.style.setProperty(property, text);
      }
    } else if (name.startsWith("on")) {
      node.addEventListener(name.slice(2), value);
    } else if (value === true) {
      node.setAttribute(name, "");
    } else if (value !== false) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children);
  return node;
}

function el(name, attributes = {}, ...children) {
  return fillElement(document.createElement(name), attributes, children);
}

function byId(id) {
  return document.getElementById(id);
}

// A table with a caption, heads with scopes, and rows of cells; a cell is a text or an element.
function table(caption, heads, rows, name = "plain") {
  const isNumber = (cell) => typeof cell === "string" && /^[-+\d]/.test(cell);
  const head = el("tr", {}, ...heads.map((text, i) =>
    el("th", { scope: "col", class: i > 0 && rows.every((row) => isNumber(row.cells[i])) ? "number" : "" }, text)));
  const body = rows.map((row) => {
    const cells = row.cells.map((cell, i) =>
      i === 0
        ? el("th", { scope: "row" }, cell)
        : el("td", { class: isNumber(cell) ? "number" : "" }, cell));
    return el("tr", row.path ? { "data-path": row.path } : {}, ...cells);
  });
  return el("table", { class: name }, el("caption", {}, caption), el("thead", {}, head),
    el("tbody", {}, ...body));
}

function option(value, text) {
  return el("option", { value }, text);
}

// Replaces a select's options and keeps its choice if it is still there.
function refill(select, options) {
  const before = select.value;
  select.replaceChildren(...options.map(([value, text]) => option(value, text)));
  if (options.some(([value]) => value === before)) {
    select.value = before;
  }
}
