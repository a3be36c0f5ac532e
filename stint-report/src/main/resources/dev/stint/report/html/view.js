// Which part of the time the timeline shows.

const LEAST_SPAN_NS = 100;

class TimeView {
  constructor(endNs) {
    this.endNs = endNs;
    this.fromNs = 0;
    this.toNs = endNs;
  }

  get spanNs() {
    return this.toNs - this.fromNs;
  }

  show(fromNs, toNs) {
    const span = Math.min(this.endNs, Math.max(LEAST_SPAN_NS, toNs - fromNs));
    this.fromNs = Math.min(Math.max(0, fromNs), this.endNs - span);
    this.toNs = this.fromNs + span;
  }

  // By a factor below 1 to see less time; `part` of the width stays where it is.
  zoom(factor, part = 0.5) {
    const span = Math.min(this.endNs, Math.max(LEAST_SPAN_NS, this.spanNs * factor));
    const fixed = this.fromNs + part * this.spanNs;
    this.show(fixed - part * span, fixed - part * span + span);
  }

  pan(ns) {
    this.show(this.fromNs + ns, this.toNs + ns);
  }

  // Brings a moment into view.
  reveal(ns) {
    if (ns < this.fromNs || ns > this.toNs) {
      this.pan(ns - (this.fromNs + this.toNs) / 2);
    }
  }

  // Round moments, at most `most` of them.
  ticks(most) {
    const rough = this.spanNs / most;
    const decade = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((m) => m * decade).find((s) => s >= rough);
    const ticks = [];
    for (let i = Math.ceil(this.fromNs / step); i * step <= this.toNs; i++) {
      ticks.push(i * step);
    }
    return { step, ticks };
  }
}
