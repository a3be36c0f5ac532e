// Asked against got, a bar for every assembly.

const OFF = 0.01;

class Shares {
  constructor(model, selection) {
    this.model = model;
    this.selection = selection;
    this.body = byId("shares-body");
    selection.listen((what) => what === "run" && this.draw());
    this.draw();
  }

  draw() {
    this.body.replaceChildren(...this.model.parts.map((part) => this.part(part)));
  }

  part(part) {
    const entities = part.subjects.flatMap((s) => this.model.runs.map((run) => run.byPath.get(s.path)))
      .filter((entity) => entity?.share !== undefined);
    const most = Math.max(0.01, ...entities.map((e) => Math.max(e.share, e.asked ?? 0)));
    const body = el("tbody");
    for (const subject of part.subjects) {
      this.rows(subject, most).forEach((row) => body.append(row));
    }
    const heads = ["", "under", "", "asked", "got", "error"];
    const node = el("table", { class: "bars" },
      el("caption", {}, part.title + ": CPUs"),
      barColumns(3),
      el("thead", {}, el("tr", {}, ...heads.map((text, i) =>
        el("th", { scope: "col", class: i > 2 ? "number" : "" }, text === "" ? unseen(i === 0 ? "entity" : "bar") : text)))),
      body);
    return foldable(part.title + ": " + part.subjects.length, part.detail, node);
  }

  rows(subject, most) {
    return this.model.runs
      .filter((run) => run.byPath.get(subject.path)?.share !== undefined)
      .map((run, i) => this.row(subject, run, most, i === 0));
  }

  row(subject, run, most, first) {
    const entity = run.byPath.get(subject.path);
    const off = entity.asked >= 0.001 ? entity.share / entity.asked - 1 : undefined;
    const verdict = off === undefined ? "" : Math.abs(off) > OFF ? "bad" : "good";
    return el("tr", {
      "data-path": subject.path,
      class: (run === this.selection.run ? "current " : "") + (first ? "first" : ""),
    },
    el("th", { scope: "row" }, first
      ? entityButton(this.selection, subject.path, subject.name, subject.depth)
      : unseen(subject.name)),
    el("td", { class: "under" }, run.assembly),
    el("td", { class: "wide" }, markedBar(entity.share, entity.asked, most)),
    el("td", { class: "number" }, entity.asked === undefined ? "-" : entity.asked.toFixed(2)),
    el("td", { class: "number" }, entity.share.toFixed(2)),
    el("td", { class: "number " + verdict }, off === undefined ? "-" : relative(off)));
  }
}

// For those who do not see the page.
function unseen(text) {
  return el("span", { class: "unseen" }, text);
}
