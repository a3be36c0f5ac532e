// Bars of a table: plain boxes, so that they print and scale; the figures stand beside them.

// Parts of a whole, left to right: [{ name, state, value, title }].
function stackedBar(parts, whole) {
  const bar = el("div", { class: "bar", "aria-hidden": "true" });
  for (const part of parts) {
    if (part.value > 0) {
      const share = (100 * part.value) / whole;
      bar.append(el("span", {
        class: "part state-" + part.state,
        title: part.title,
        style: { width: share.toFixed(3) + "%" },
      }));
    }
  }
  return bar;
}

// What was got, with a mark at what was asked.
function markedBar(got, asked, most) {
  const bar = el("div", { class: "bar thin", "aria-hidden": "true" },
    el("span", { class: "part state-got", style: { width: (100 * got / most).toFixed(3) + "%" } }));
  if (asked !== undefined) {
    bar.append(el("span", { class: "mark", style: { left: (100 * asked / most).toFixed(3) + "%" } }));
  }
  return bar;
}

// The widths of a table of bars: entity, assembly, bar, and so many figures.
function barColumns(figures) {
  return el("colgroup", {}, ...["name", "under", "wide", ...Array(figures).fill("figure")].map((name) => el("col", { class: name })));
}

// The name of an entity as a button that selects it.
function entityButton(selection, path, name, depth = 0) {
  return el("button", {
    type: "button",
    class: "entity",
    "data-path": path,
    style: { "margin-left": depth + "em" },
    onclick: () => selection.select(path),
  }, name);
}

// Details begin closed.
function foldable(title, detail, node) {
  return detail
    ? el("details", {}, el("summary", {}, title), node)
    : node;
}
