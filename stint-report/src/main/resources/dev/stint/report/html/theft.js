// Who held the processor while somebody waited: a heat map that is a table.

const COLUMNS_MOST = 12;
const ROWS_MOST = 40;

class Theft {
  constructor(model, selection) {
    this.model = model;
    this.selection = selection;
    this.reason = byId("theft-reason");
    this.part = byId("theft-part");
    this.reason.addEventListener("change", () => this.draw());
    this.part.addEventListener("change", () => this.draw());
    selection.listen((what) => what === "run" && this.draw());
    refill(this.part, model.parts.map((part, i) => [String(i), part.title]));
    this.draw();
  }

  draw() {
    const held = this.selection.run.held;
    const reasons = this.model.reasons.filter((r) => held.some((cell) => cell.reason === r));
    refill(this.reason, [["", "any reason"], ...reasons.map((r) => [r, r + ": " + REASON_WORDS[r]])]);
    const subjects = new Map(this.model.parts[Number(this.part.value)].subjects.map((s) => [s.path, s.name]));
    const cells = held.filter((cell) => subjects.has(cell.victim) && (this.reason.value === "" || cell.reason === this.reason.value));
    byId("theft-body").replaceChildren(cells.length === 0
      ? el("p", { class: "notice" }, "Nobody of these waited under " + this.selection.run.assembly + ".")
      : this.table(this.matrix(cells), subjects));
    this.selection.mark();
  }

  // Sums by victim and occupant, both in order of falling time; rare occupants become one.
  matrix(cells) {
    const rows = new Map();
    const columns = new Map();
    for (const cell of cells) {
      const occupant = cell.itself ? "itself" : cell.occupant;
      const row = rows.get(cell.victim) ?? new Map();
      rows.set(cell.victim, row);
      row.set(occupant, (row.get(occupant) ?? 0) + cell.ns);
      columns.set(occupant, (columns.get(occupant) ?? 0) + cell.ns);
    }
    const order = [...columns].sort((a, b) => b[1] - a[1]).map(([name]) => name);
    const shown = order.length > COLUMNS_MOST ? order.slice(0, COLUMNS_MOST - 1) : order;
    return { rows, shown, others: order.slice(shown.length) };
  }

  table({ rows, shown, others }, subjects) {
    const sum = (row) => [...row.values()].reduce((a, b) => a + b, 0);
    const heads = others.length > 0 ? [...shown, others.length + " others"] : shown;
    const lines = [...rows].sort((a, b) => sum(b[1]) - sum(a[1])).slice(0, ROWS_MOST);
    const values = lines.map(([, row]) => [
      ...shown.map((name) => row.get(name) ?? 0),
      ...(others.length > 0 ? [others.reduce((a, name) => a + (row.get(name) ?? 0), 0)] : []),
    ]);
    const most = Math.max(...values.flat());
    const body = lines.map(([path, row], y) => el("tr", { "data-path": path },
      el("th", { scope: "row" }, entityButton(this.selection, path, subjects.get(path))),
      ...values[y].map((ns, x) => this.cell(ns, most, subjects.get(path), heads[x], x === 0 && y === 0)),
      el("td", { class: "number" }, duration(sum(row)))));
    const node = el("table", { class: "heat", onkeydown: (event) => this.move(event) },
      el("caption", {}, "Waiting under " + this.selection.run.assembly + (rows.size > lines.length ? ", the " + lines.length + " longest of " + rows.size : "")),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "waited"),
        ...heads.map((name) => el("th", { scope: "col" }, name)), el("th", { scope: "col", class: "number" }, "in all"))),
      el("tbody", {}, ...body));
    return node;
  }

  cell(ns, most, victim, occupant, first) {
    const heat = ns === 0 ? 0 : Math.max(4, Math.round(55 * Math.sqrt(ns / most)));
    return el("td", {
      class: "cell number",
      tabindex: first ? "0" : "-1",
      title: victim + " waited " + duration(ns) + " while " + occupant + " ran",
      style: { "--heat": heat + "%" },
    }, ns === 0 ? "" : duration(ns));
  }

  // The arrow keys go from cell to cell.
  move(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (step === undefined || !event.target.classList.contains("cell")) {
      return;
    }
    event.preventDefault();
    const row = event.target.parentElement;
    const rows = [...row.parentElement.children];
    const line = rows[rows.indexOf(row) + step[1]];
    const next = line?.children[[...row.children].indexOf(event.target) + step[0]];
    if (next?.classList.contains("cell")) {
      event.target.tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
      announce(next.title);
    }
  }
}
