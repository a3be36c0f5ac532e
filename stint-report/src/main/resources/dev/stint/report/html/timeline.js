// The timeline: what it shows, and how it is moved by pointer, wheel, keys and buttons.

const BOX_HEIGHT_MAX = 620;
const TABLE_ROWS_MOST = 200;

class Timeline {
  constructor(model, selection) {
    this.model = model;
    this.selection = selection;
    this.canvas = byId("timeline-canvas");
    this.box = byId("timeline-box");
    this.space = byId("timeline-space");
    this.slices = byId("timeline-slices");
    this.painter = new Painter(this.canvas);
    this.tooltip = new Tooltip();
    this.view = new TimeView(model.durationNs);
    this.kinds = new Set();
    this.rows = [];
    this.focus = -1;
    this.cursorNs = 0;
    this.height = BOX_HEIGHT_MAX;
    this.pending = false;
    this.listen();
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("pointerdown", (event) => this.press(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    canvas.addEventListener("pointerup", (event) => this.release(event));
    canvas.addEventListener("pointerleave", () => this.tooltip.hide());
    canvas.addEventListener("dblclick", (event) => this.change(() => this.view.zoom(0.25, this.partAt(event))));
    canvas.addEventListener("keydown", (event) => this.key(event));
    canvas.addEventListener("focus", () => this.repaint());
    canvas.addEventListener("blur", () => { this.tooltip.hide(); this.repaint(); });
    this.box.addEventListener("scroll", () => this.repaint());
    this.slices.addEventListener("toggle", () => this.fillTable());
    addEventListener("resize", () => this.repaint());
    const buttons = {
      "zoom-in": () => this.view.zoom(0.5),
      "zoom-out": () => this.view.zoom(2),
      "pan-left": () => this.view.pan(-this.view.spanNs / 2),
      "pan-right": () => this.view.pan(this.view.spanNs / 2),
      "fit": () => this.view.show(0, this.model.durationNs),
    };
    for (const [id, action] of Object.entries(buttons)) {
      byId(id).addEventListener("click", () => this.change(action));
    }
    this.selection.listen((what) => {
      if (what === "run") {
        this.load();
      } else if (what === "style") {
        this.painter.restyle();
        this.repaint();
      } else {
        this.arrange();
        this.revealSelected();
      }
    });
  }

  async load() {
    const { run } = this.selection;
    try {
      await run.load();
    } catch (error) {
      this.tell("This browser cannot unpack the timeline: " + error);
      return;
    }
    if (run !== this.selection.run) {
      return;
    }
    this.offerKinds(run);
    const cut = run.coveredNs < this.model.durationNs;
    this.tell(!cut ? "" : "This run has more slices than a page can hold. The timeline and the worst waits cover its first "
      + moment(run.coveredNs) + "; all other figures on this page cover the whole run.");
    this.arrange();
    this.repaint();
    this.canvas.dataset.ready = run.assembly;
    this.selection.tell("loaded");
  }

  tell(text) {
    const notice = byId("timeline-notice");
    notice.hidden = text === "";
    notice.textContent = text;
  }

  offerKinds(run) {
    const kinds = Object.keys(KIND_WORDS).filter((kind) => run.ids(kind).length > 0);
    const busy = (kind) => kind !== "thread" || run.ids(kind).some((id) => run.entities[id].runNs > 0);
    this.kinds = new Set(kinds.filter(busy));
    byId("kinds").replaceChildren(...kinds.map((kind) => {
      const box = el("input", { type: "checkbox", id: "kind-" + kind });
      box.checked = this.kinds.has(kind);
      box.addEventListener("change", () => {
        this.kinds[box.checked ? "add" : "delete"](kind);
        this.arrange();
      });
      return el("label", { for: "kind-" + kind }, box, KIND_WORDS[kind]);
    }));
  }

  arrange() {
    const { run } = this.selection;
    if (run.tracks === null) {
      return;
    }
    this.rows = timelineRows(run, this.kinds, this.selection.chosen ? this.selection.path : undefined);
    for (const row of this.rows) {
      row.nameOf = (code) => sliceName(run, row, code);
    }
    const full = AXIS_HEIGHT + this.rows.length * (ROW_HEIGHT + ROW_GAP) + 4;
    this.height = Math.min(full, this.heightMax ?? BOX_HEIGHT_MAX);
    this.space.style.height = full + "px";
    this.box.style.height = this.height + 2 + "px";
    this.legend();
    this.repaint();
  }

  legend() {
    const { run } = this.selection;
    const items = [...Array(PALETTE).keys()].map((colour) => ["vm-" + colour, sharers(run, colour)]).filter(([, text]) => text !== "");
    const used = run.reasons.filter((reason) => run.entities.some((entity) => entity.waitNs?.[reason] > 0 && reason !== "smt"));
    items.push(...used.map((reason) => ["state-" + stateName(reason), reason]), ["state-blocked", "idle, or nothing to do"]);
    byId("timeline-legend").replaceChildren(...items.map(([name, text]) => el("li", {}, el("span", { class: "swatch " + name }), text)));
  }

  repaint() {
    if (!this.pending) {
      this.pending = true;
      requestAnimationFrame(() => {
        this.pending = false;
        this.paint();
      });
    }
  }

  paint() {
    const begin = performance.now();
    const { view, rows, focus, height } = this;
    this.painter.paint({
      width: this.box.clientWidth,
      height,
      rows,
      view,
      focus,
      scrollTop: this.box.scrollTop,
      selected: this.selection.chosen ? this.selection.path : undefined,
      coveredNs: this.selection.run.coveredNs,
    });
    byId("timeline-range").textContent = moment(Math.round(view.fromNs)) + " to " + moment(Math.round(view.toNs)) + ": " + duration(view.spanNs) + " of " + duration(this.model.durationNs);
    this.canvas.dataset.fromNs = view.fromNs;
    this.canvas.dataset.toNs = view.toNs;
    this.canvas.dataset.paintMs = (performance.now() - begin).toFixed(2);
  }

  change(action) {
    action();
    this.tooltip.hide();
    this.repaint();
    this.fillTable();
  }

  // Where an event is: part of the width, moment, row.
  partAt(event) {
    const box = this.canvas.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left - GUTTER) / (box.width - GUTTER)));
  }

  timeAt(event) {
    return this.view.fromNs + this.partAt(event) * this.view.spanNs;
  }

  rowAt(event) {
    const y = event.clientY - this.canvas.getBoundingClientRect().top - AXIS_HEIGHT + this.box.scrollTop;
    const row = Math.floor(y / (ROW_HEIGHT + ROW_GAP));
    return this.rows[row]?.track && y > this.box.scrollTop ? row : -1;
  }

  wheel(event) {
    const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (sideways) {
      event.preventDefault();
      this.change(() => this.view.pan((event.deltaX / 600) * this.view.spanNs));
    } else if (event.ctrlKey || event.metaKey || document.activeElement === this.canvas) {
      event.preventDefault();
      this.change(() => this.view.zoom(2 ** (event.deltaY / 240), this.partAt(event)));
    }
  }

  press(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.drag = { x: event.clientX, fromNs: this.view.fromNs, moved: false };
  }

  move(event) {
    if (this.drag) {
      const moved = event.clientX - this.drag.x;
      if (Math.abs(moved) > 3 || this.drag.moved) {
        this.drag.moved = true;
        const perPixel = this.view.spanNs / (this.canvas.clientWidth - GUTTER);
        this.change(() => this.view.pan(this.drag.fromNs - moved * perPixel - this.view.fromNs));
      }
      return;
    }
    const row = this.rowAt(event);
    if (row < 0 || event.clientX - this.canvas.getBoundingClientRect().left < GUTTER) {
      this.tooltip.hide();
    } else {
      this.tooltip.show(describeSlice(this.selection.run, this.rows[row], this.timeAt(event)), event.clientX, event.clientY);
    }
  }

  release(event) {
    const { drag } = this;
    this.drag = undefined;
    if (drag && !drag.moved) {
      const row = this.rowAt(event);
      if (row >= 0) {
        this.focus = row;
        this.cursorNs = this.timeAt(event);
        this.selection.select(this.rows[row].path);
      }
      this.repaint();
    }
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const { view } = this;
    const actions = {
      ArrowLeft: () => this.change(() => view.pan(-view.spanNs / 8)),
      ArrowRight: () => this.change(() => view.pan(view.spanNs / 8)),
      "+": () => this.change(() => view.zoom(0.5, this.cursorPart())),
      "=": () => this.change(() => view.zoom(0.5, this.cursorPart())),
      "-": () => this.change(() => view.zoom(2, this.cursorPart())),
      Home: () => this.change(() => view.show(0, this.model.durationNs)),
      ArrowUp: () => this.step(-1),
      ArrowDown: () => this.step(1),
      ",": () => this.stepSlice(-1),
      ".": () => this.stepSlice(1),
      Enter: () => this.rows[this.focus]?.path && this.selection.select(this.rows[this.focus].path),
      Escape: () => { this.tooltip.hide(); this.selection.clear(); },
    };
    if (actions[event.key]) {
      event.preventDefault();
      actions[event.key]();
    }
  }

  cursorPart() {
    const part = (this.cursorNs - this.view.fromNs) / this.view.spanNs;
    return part >= 0 && part <= 1 ? part : 0.5;
  }

  step(by) {
    let next = this.focus + by;
    while (this.rows[next] && !this.rows[next].track) {
      next += by;
    }
    if (this.rows[next]) {
      this.focus = next;
      this.scrollToRow(next);
      this.read();
    }
  }

  stepSlice(by) {
    const track = this.rows[this.focus]?.track;
    if (track && track.count > 0) {
      const next = Math.min(track.count - 1, Math.max(0, track.indexAt(this.cursorNs) + by));
      this.cursorNs = (track.starts[next] + track.starts[next + 1]) / 2;
      this.view.reveal(this.cursorNs);
      this.read();
    }
  }

  // Shows and says what the keyboard points at.
  read() {
    this.repaint();
    const row = this.rows[this.focus];
    if (this.cursorNs < this.view.fromNs || this.cursorNs > this.view.toNs) {
      this.cursorNs = (this.view.fromNs + this.view.toNs) / 2;
    }
    const lines = describeSlice(this.selection.run, row, this.cursorNs);
    const box = this.canvas.getBoundingClientRect();
    const x = box.left + GUTTER + this.cursorPart() * (box.width - GUTTER);
    const y = box.top + AXIS_HEIGHT + this.focus * (ROW_HEIGHT + ROW_GAP) - this.box.scrollTop + ROW_HEIGHT;
    this.tooltip.show(lines, x, y);
    announce(lines.join(". "));
  }

  scrollToRow(index) {
    const top = index * (ROW_HEIGHT + ROW_GAP);
    const room = this.height - AXIS_HEIGHT - ROW_HEIGHT - ROW_GAP;
    this.box.scrollTop = Math.min(top, Math.max(this.box.scrollTop, top - room));
  }

  revealSelected() {
    const row = this.rows.findIndex((r) => r.path === this.selection.path);
    if (row >= 0) {
      this.focus = row;
      this.scrollToRow(row);
    }
    this.fillTable();
  }

  // Shows an interval of an entity, in the middle of the view.
  jump(path, fromNs, toNs) {
    const margin = (toNs - fromNs) / 2;
    this.selection.select(path);
    this.change(() => this.view.show(fromNs - margin, toNs + margin));
    this.cursorNs = (fromNs + toNs) / 2;
    this.revealSelected();
    this.canvas.focus();
    byId("timeline").scrollIntoView();
  }

  // The table alternative: the slices in view of the focused row.
  fillTable() {
    if (!this.slices.open) {
      return;
    }
    const { run } = this.selection;
    const row = this.rows[this.focus] ?? this.rows.find((r) => r.track);
    const body = this.slices.querySelector("div");
    if (!row?.track || row.track.count === 0) {
      body.replaceChildren(el("p", {}, "No slices here."));
      return;
    }
    const { track } = row;
    const from = track.indexAt(this.view.fromNs);
    const to = track.indexAt(this.view.toNs);
    const last = Math.min(to, from + TABLE_ROWS_MOST - 1);
    const rows = [];
    for (let i = from; i <= last; i++) {
      const middle = (track.starts[i] + track.starts[i + 1]) / 2;
      rows.push({ cells: [moment(track.starts[i]), duration(track.starts[i + 1] - track.starts[i]),
        stateWords(run, row, track.codes[i], middle), reasonLines(run, row, track.codes[i]).join("; ")] });
    }
    const count = last < to ? ", the first " + rows.length + " of " + (to - from + 1) : "";
    body.replaceChildren(table(run.entities[row.id].name + count, ["from", "for", "what", "why"], rows));
  }
}

// Who runs where a colour is: colours are shared when there are many partitions.
function sharers(run, colour) {
  const names = [...run.colours].filter(([, of]) => of === colour).map(([path]) => run.byPath.get(path).name);
  return names.slice(0, 3).join(", ") + (names.length > 3 ? " and " + (names.length - 3) + " more" : "") + (names.length > 0 ? " runs" : "");
}
