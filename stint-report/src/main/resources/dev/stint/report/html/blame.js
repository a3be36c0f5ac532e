// All time of every entity: run, waits by reason, overhead, blocked.

class Blame {
  constructor(model, selection) {
    this.model = model;
    this.selection = selection;
    this.body = byId("blame-body");
    selection.listen((what) => what === "run" && this.draw());
    this.draw();
  }

  draw() {
    const states = new Map();
    const parts = this.model.parts.map((part) => this.part(part, states));
    this.body.replaceChildren(...parts);
    byId("blame-legend").replaceChildren(...[...states].map(([state, words]) =>
      el("li", {}, el("span", { class: "swatch state-" + state }), words)));
  }

  part(part, states) {
    const body = el("tbody");
    const figures = [];
    for (const subject of part.subjects) {
      let first = true;
      for (const run of this.model.runs) {
        const entity = run.byPath.get(subject.path);
        if (entity?.wallNs > 0) {
          const pieces = this.pieces(entity);
          pieces.forEach((p) => p.value > 0 && states.set(p.state, p.words));
          body.append(this.row(subject, run, entity, pieces, first));
          figures.push({ path: subject.path, cells: [subject.name, run.assembly, ...this.figures(pieces)] });
          first = false;
        }
      }
    }
    const node = el("div", {},
      el("table", { class: "bars" }, el("caption", {}, part.title), barColumns(2),
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, unseen("entity")),
          el("th", { scope: "col" }, "under"), el("th", { scope: "col" }, unseen("bar")),
          el("th", { scope: "col", class: "number" }, "ran"), el("th", { scope: "col", class: "number" }, "waited"))),
        body),
      el("details", {}, el("summary", {}, "The same as figures"),
        el("div", { class: "scroll" }, this.table(part, figures))));
    return foldable(part.title + ": " + part.subjects.length, part.detail, node);
  }

  pieces(entity) {
    const piece = (state, words, value, kinds = "") =>
      ({ state, words, value, title: words + ": " + duration(value) + kinds });
    const overhead = Object.entries(entity.overheadNs);
    const kinds = overhead.map(([kind, ns]) => kind + " " + duration(ns)).join(", ");
    return [
      piece("run", "ran", entity.runNs),
      piece("overhead", "overhead", overhead.reduce((sum, [, ns]) => sum + ns, 0), " (" + kinds + ")"),
      ...this.model.reasons.map((reason) =>
        piece(stateName(reason), reason + ": " + REASON_WORDS[reason], entity.waitNs[reason] ?? 0)),
      piece("blocked", "had nothing to do", entity.blockedNs),
      piece("unknown", "unknown: the recording does not tell", entity.unknownNs),
    ];
  }

  row(subject, run, entity, pieces, first) {
    const waited = Object.values(entity.waitNs).reduce((sum, ns) => sum + ns, 0);
    return el("tr", {
      "data-path": subject.path,
      class: (run === this.selection.run ? "current " : "") + (first ? "first" : ""),
    },
    el("th", { scope: "row" }, first
      ? entityButton(this.selection, subject.path, subject.name, subject.depth)
      : unseen(subject.name)),
    el("td", { class: "under" }, run.assembly),
    el("td", { class: "wide" }, stackedBar(pieces, entity.wallNs)),
    el("td", { class: "number" }, duration(entity.runNs)),
    el("td", { class: "number" }, duration(waited)));
  }

  figures(pieces) {
    return pieces.map((piece) => duration(piece.value));
  }

  // Only the columns that anybody has time in.
  table(part, figures) {
    const heads = ["", "under", "ran", "overhead", ...this.model.reasons, "blocked", "unknown"];
    const used = heads.map((_, i) => i < 2 || figures.some((row) => row.cells[i] !== "0"));
    const rows = figures.map((row) => ({ path: row.path, cells: row.cells.filter((_, i) => used[i]) }));
    return table(part.title + ": time", heads.filter((_, i) => used[i]), rows);
  }
}
