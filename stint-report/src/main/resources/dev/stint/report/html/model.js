// The data of the page, looked up by path and by id, and who ran on what at a moment.

const UNKNOWN = 2;
const WAIT_BASE = 3;
const WAIT_STEP = 16;
const PALETTE = 8;

class Run {
  constructor(data, index, reasons) {
    this.index = index;
    this.reasons = reasons;
    this.assembly = data.assembly;
    this.coveredNs = data.coveredNs;
    this.sliceCount = data.sliceCount;
    this.entities = data.entities;
    this.held = data.held;
    this.about = data.about;
    this.byPath = new Map();
    this.idByPath = new Map();
    this.vpOfThread = new Map();
    this.entities.forEach((entity, id) => {
      this.byPath.set(entity.path, entity);
      this.idByPath.set(entity.path, id);
      if (entity.thread !== undefined) {
        this.vpOfThread.set(entity.thread, id);
      }
    });
    this.lps = this.ids("lp");
    this.colours = this.colourOfPartition();
    this.tracks = null;
    this.finer = new Map();
  }

  ids(kind) {
    return this.entities.map((_, id) => id).filter((id) => this.entities[id].kind === kind);
  }

  // Partitions take the colours in order, and share them when there are more.
  colourOfPartition() {
    const colours = new Map();
    for (const id of this.ids("partition")) {
      colours.set(this.entities[id].path, colours.size % PALETTE);
    }
    return colours;
  }

  colourOf(id) {
    return this.colours.get(this.entities[id].partition) ?? 0;
  }

  async load() {
    if (this.tracks === null) {
      this.tracks = await readTracks(byId("slices-" + this.index).textContent);
    }
    return this.tracks;
  }

  // A finer track of an entity, made once.
  cut(id, how) {
    if (!this.finer.has(id)) {
      this.finer.set(id, how(this, id));
    }
    return this.finer.get(id);
  }

  name(id) {
    return id < 0 ? "nobody" : this.entities[id].name;
  }

  // Whether an entity is, or is part of, the one with this path.
  isPartOf(id, path) {
    const entity = this.entities[id];
    if (entity.path === path || entity.partition === path) {
      return true;
    }
    let group = entity.group;
    while (group !== undefined) {
      if (group === path) {
        return true;
      }
      group = this.byPath.get(group)?.group;
    }
    return false;
  }

  // What runs on a processor at a moment, from it upwards.
  chainAt(processor, ns) {
    const chain = [];
    let at = processor;
    while (at !== undefined && this.tracks.current[at] !== undefined && chain.length < 9) {
      const current = this.tracks.current[at].codeAt(ns) - 1;
      if (current < 0) {
        break;
      }
      chain.push(current);
      at = this.vpOfThread.get(current) ?? current;
      if (at !== current) {
        chain.push(at);
      }
    }
    return chain;
  }

  // The LP that an entity runs on at a moment, or undefined.
  lpAt(id, ns) {
    return this.lps.find((lp) => this.chainAt(lp, ns).includes(id));
  }

  isWait(code) {
    return code >= WAIT_BASE;
  }

  reason(code) {
    return this.reasons[(code - WAIT_BASE) % WAIT_STEP];
  }

  occupant(code) {
    return Math.floor((code - WAIT_BASE) / WAIT_STEP) - 1;
  }
}

class Model {
  constructor(data) {
    this.durationNs = data.durationNs;
    this.reasons = data.reasons;
    this.parts = data.parts;
    this.explain = data.explain;
    this.runs = data.runs.map((run, index) => new Run(run, index, data.reasons));
  }

  // The first entity worth looking at.
  firstPath() {
    return this.parts[0]?.subjects[0]?.path ?? this.runs[0].entities[0].path;
  }
}
