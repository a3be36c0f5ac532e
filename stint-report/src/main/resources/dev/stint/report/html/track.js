// One column of slices, and how long each class of them lasted up to any moment.

const CLASS_COUNT = 11;
const CHECKPOINT = 64;

class Track {
  constructor(starts, codes) {
    this.starts = starts;
    this.codes = codes;
    this.count = codes.length;
    this.classes = null;
    this.sums = null;
  }

  get endNs() {
    return this.starts[this.count];
  }

  // The slice at a moment; the first or last beyond the ends.
  indexAt(ns) {
    let low = 0;
    let high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= ns) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  codeAt(ns) {
    return this.count === 0 || ns >= this.endNs ? -1 : this.codes[this.indexAt(ns)];
  }

  // Puts every slice into a class from 0 to CLASS_COUNT - 1, and sums up at every 64th slice, so
  // that any interval costs the same however many slices it has.
  classify(classOf) {
    const known = new Map();
    this.classes = new Uint8Array(this.count);
    this.sums = new Float64Array((Math.floor(this.count / CHECKPOINT) + 1) * CLASS_COUNT);
    const sum = new Float64Array(CLASS_COUNT);
    for (let i = 0; i < this.count; i++) {
      if (i % CHECKPOINT === 0) {
        this.sums.set(sum, (i / CHECKPOINT) * CLASS_COUNT);
      }
      const code = this.codes[i];
      let of = known.get(code);
      if (of === undefined) {
        of = classOf(code);
        known.set(code, of);
      }
      this.classes[i] = of;
      sum[of] += this.starts[i + 1] - this.starts[i];
    }
    if (this.count % CHECKPOINT === 0) {
      this.sums.set(sum, (this.count / CHECKPOINT) * CLASS_COUNT);
    }
  }

  // Writes how long each class lasted from 0 to `ns` into `out`; `index` is the slice at `ns`.
  sumsAt(ns, index, out) {
    const from = Math.floor(index / CHECKPOINT);
    for (let c = 0; c < CLASS_COUNT; c++) {
      out[c] = this.sums[from * CLASS_COUNT + c];
    }
    for (let i = from * CHECKPOINT; i < index; i++) {
      out[this.classes[i]] += this.starts[i + 1] - this.starts[i];
    }
    const rest = Math.min(ns, this.starts[index + 1]) - this.starts[index];
    if (rest > 0) {
      out[this.classes[index]] += rest;
    }
  }
}
