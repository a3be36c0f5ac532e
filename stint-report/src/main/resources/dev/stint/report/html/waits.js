// The longest waits of the timeline, each with its place there.

const LISTED = 20;
const EACH_MOST = 3;

class Waits {
  constructor(model, selection, timeline) {
    this.model = model;
    this.selection = selection;
    this.timeline = timeline;
    this.kind = byId("waits-kind");
    this.kind.addEventListener("change", () => this.draw());
    selection.listen((what) => what === "loaded" && this.offer());
  }

  offer() {
    const { run } = this.selection;
    const waits = (id) => Object.keys(run.entities[id].waitNs ?? {}).length > 0;
    const kinds = ["task", "vp", "thread"].filter((kind) => run.ids(kind).some(waits));
    refill(this.kind, kinds.map((kind) => [kind, KIND_WORDS[kind]]));
    this.kind.disabled = kinds.length === 0;
    this.draw();
  }

  draw() {
    const { run } = this.selection;
    const spells = this.kind.value === "" ? [] : run.ids(this.kind.value).flatMap((id) => longestSpells(run, id));
    spells.sort((a, b) => b.toNs - b.fromNs - (a.toNs - a.fromNs) || a.fromNs - b.fromNs);
    const body = byId("waits-body");
    byId("waits-explain").closest("pre").hidden = spells.length === 0;
    if (spells.length === 0) {
      body.replaceChildren(el("p", { class: "notice" }, "Nobody waited under " + run.assembly + "."));
      return;
    }
    const rows = spells.slice(0, LISTED).map((spell) => ({ path: run.entities[spell.id].path, cells: this.cells(run, spell) }));
    body.replaceChildren(table("Under " + run.assembly + ": at most " + EACH_MOST + " of each", ["who", "waited", "from", "why, and who ran meanwhile"], rows));
    this.explain(run.entities[spells[0].id].path, spells[0]);
    this.selection.mark();
  }

  show(path, spell) {
    this.explain(path, spell);
    this.timeline.jump(path, spell.fromNs, spell.toNs);
  }

  // The command that explains a wait, by its middle.
  explain(path, { fromNs, toNs }) {
    byId("waits-explain").textContent = this.model.explain + " --under " + this.selection.run.assembly
      + " --entity " + shellWord(path) + " --at " + Math.floor((fromNs + toNs) / 2) + "ns";
  }

  cells(run, spell) {
    const { path, name } = run.entities[spell.id];
    return [
      el("button", { type: "button", class: "entity", "data-path": path, title: "Show it in the timeline",
        onclick: () => this.show(path, spell) }, name),
      duration(spell.toNs - spell.fromNs),
      moment(spell.fromNs),
      whySpell(run, spell),
    ];
  }
}

// The longest spells of waiting of an entity: slices of waiting without a break.
function longestSpells(run, id) {
  const track = run.tracks.status[id];
  const spells = [];
  let first = -1;
  for (let i = 0; i <= (track?.count ?? -1); i++) {
    const waits = i < track.count && run.isWait(track.codes[i]);
    if (waits && first < 0) {
      first = i;
    } else if (!waits && first >= 0) {
      keepLongest(spells, { id, first, last: i - 1, fromNs: track.starts[first], toNs: track.starts[i] });
      first = -1;
    }
  }
  return spells;
}

function keepLongest(spells, spell) {
  const size = (s) => s.toNs - s.fromNs;
  if (spells.length < EACH_MOST) {
    spells.push(spell);
  } else if (size(spell) > size(spells[EACH_MOST - 1])) {
    spells[EACH_MOST - 1] = spell;
  }
  spells.sort((a, b) => size(b) - size(a));
}

// Reasons and occupants, longest first.
function whySpell(run, { id, first, last }) {
  const track = run.tracks.status[id];
  const parts = new Map();
  for (let i = first; i <= last; i++) {
    const code = track.codes[i];
    const key = run.reason(code) + ": " + run.name(run.occupant(code));
    parts.set(key, (parts.get(key) ?? 0) + track.starts[i + 1] - track.starts[i]);
  }
  return [...parts].sort((a, b) => b[1] - a[1]).slice(0, 3)
    .map(([key, ns]) => key + " (" + duration(ns) + ")").join(", ");
}
