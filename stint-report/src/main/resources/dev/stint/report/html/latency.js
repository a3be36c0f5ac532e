// The selected entity's latencies: log histograms of all runs, percentiles of the shown run marked.

// Figure, label, and of how many values it takes to be more than the longest of them.
const MARKS = [["p50", "p50", 2], ["p90", "p90", 10], ["p99", "p99", 100], ["p999", "p99.9", 1000]];
// A histogram of fewer values shows nothing that the table does not say better.
const HISTOGRAM_LEAST = 20;
const LEAST_NS = 100;
// Where all that is shorter is drawn from.
const SHORT_NS = 10;

class Latency {
  constructor(model, selection) {
    this.model = model;
    this.selection = selection;
    this.kind = byId("latency-kind");
    this.chart = null;
    this.kind.addEventListener("change", () => this.draw());
    selection.listen(() => this.draw());
    addEventListener("resize", () => this.chart?.setSize(this.size()));
    this.draw();
  }

  distributions(kind) {
    return this.model.runs.map((run) => run.byPath.get(this.selection.path)?.latencies?.[kind]);
  }

  draw() {
    const kinds = Object.keys(MEASURE_WORDS).filter((kind) => this.distributions(kind).some((d) => d));
    const name = this.selection.run.byPath.get(this.selection.path)?.name ?? this.selection.path;
    byId("latency-of").textContent = name;
    refill(this.kind, kinds.map((kind) => [kind, MEASURE_WORDS[kind]]));
    this.kind.disabled = kinds.length === 0;
    this.chart?.destroy();
    this.chart = null;
    byId("latency-chart").replaceChildren();
    if (kinds.length === 0) {
      byId("latency-table").replaceChildren(el("p", { class: "notice" }, name + " never woke up, and measured nothing itself. Select another entity."));
      return;
    }
    const distributions = this.distributions(this.kind.value);
    byId("latency-table").replaceChildren(this.table(name, distributions));
    if (distributions.every((d) => (d?.count ?? 0) < HISTOGRAM_LEAST)) {
      byId("latency-chart").replaceChildren(el("p", { class: "notice" }, "Fewer than " + HISTOGRAM_LEAST + " values: too few for a histogram."));
      return;
    }
    this.plot(distributions.map((d) => (d && d.count >= HISTOGRAM_LEAST ? d : undefined)));
  }

  table(name, distributions) {
    const rows = this.model.runs.map((run, i) => {
      const d = distributions[i];
      return { cells: [run.assembly, ...(d
        ? [String(d.count), ...MARKS.map(([key, , least]) => (d.count < least ? "-" : duration(d[key]))), duration(d.max)]
        : ["0", "-", "-", "-", "-", "-"])] };
    });
    return table(name + ", " + MEASURE_WORDS[this.kind.value],
      ["under", "count", ...MARKS.map(([, text]) => text), "max"], rows);
  }

  // One x for all: the bins that anybody has, and their neighbours, so that steps fall to 0.
  series(distributions) {
    const bins = new Set();
    const counts = distributions.map((d) => {
      const count = new Map();
      for (let i = 0; i < (d?.bins.length ?? 0); i += 2) {
        const bin = binStart(d.bins[i]) < LEAST_NS ? 0 : d.bins[i];
        count.set(bin, (count.get(bin) ?? 0) + d.bins[i + 1]);
        bins.add(bin);
        bins.add(bin === 0 ? LEAST_BIN : bin + 1);
        if (bin > LEAST_BIN) {
          bins.add(bin - 1);
        }
      }
      return count;
    });
    const order = [...bins].sort((a, b) => a - b);
    return [order.map((bin) => Math.max(SHORT_NS, binStart(bin))),
      ...counts.map((count, i) => order.map((bin) =>
        distributions[i] ? (100 * (count.get(bin) ?? 0)) / distributions[i].count : null))];
  }

  size() {
    return { width: Math.max(280, byId("latency-chart").clientWidth), height: 240 };
  }

  plot(distributions) {
    const data = this.series(distributions);
    if (data[0].length === 0) {
      return;
    }
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const axis = { stroke: colour("--text"), grid: { stroke: colour("--line"), width: 1 }, ticks: { stroke: colour("--line") } };
    const current = this.selection.runIndex;
    const options = {
      ...this.size(),
      legend: { show: true, live: false },
      cursor: { y: false },
      scales: {
        x: { time: false, distr: 3, range: (_, min, max) => decades(min, max) },
        y: { range: (_, min, max) => [0, Math.max(max, 1) * 1.05] },
      },
      axes: [
        { ...axis, grid: { ...axis.grid, filter: onlyDecades }, ticks: { ...axis.ticks, filter: onlyDecades },
          values: (_, ticks) => ticks.map((ns) => (ns === null || !isDecade(ns) ? "" : ns <= SHORT_NS ? "0" : duration(ns).replace(/\.0+ /, " "))) },
        { ...axis, label: "% of values", values: (_, ticks) => ticks.map((v) => v + " %"), size: 60 },
      ],
      series: [
        { label: "latency", value: (_, ns) => (ns === null ? "" : duration(ns)) },
        ...this.model.runs.map((run, i) => ({
          label: run.assembly,
          stroke: colour("--run-" + (i % 6)),
          width: i === current ? 3 : 1.5,
          dash: i === current ? [] : [6, 3],
          fill: i === current ? colour("--run-" + (i % 6)) + "30" : undefined,
          paths: uPlot.paths.stepped({ align: 1 }),
          points: { show: false },
        })),
      ],
      hooks: { draw: [(chart) => this.mark(chart, distributions[current], colour("--text"))] },
    };
    this.chart = new uPlot(options, data, byId("latency-chart"));
    const canvas = byId("latency-chart").querySelector("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "Histogram of " + MEASURE_WORDS[this.kind.value] + "; the table below has its figures");
  }

  // Vertical lines at the percentiles of the shown run; labels step down so that they stay apart.
  mark(chart, distribution, colour) {
    if (!distribution) {
      return;
    }
    const { ctx } = chart;
    const { left, top, width, height } = chart.bbox;
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.fillStyle = colour;
    ctx.font = 11 * devicePixelRatio + "px system-ui, sans-serif";
    markLabels(distribution).forEach(([ns, text], i) => {
      const x = chart.valToPos(Math.max(SHORT_NS, ns), "x", true);
      if (x >= left - 1 && x <= left + width + 1) {
        ctx.setLineDash([2, 3]);
        ctx.beginPath();
        ctx.moveTo(x, top);
        ctx.lineTo(x, top + height);
        ctx.stroke();
        const label = text + " " + duration(ns);
        const over = x + ctx.measureText(label).width + 8 > left + width;
        ctx.textAlign = over ? "right" : "left";
        ctx.fillText(label, x + (over ? -4 : 4), top + (14 + 14 * i) * devicePixelRatio);
      }
    });
    ctx.restore();
  }
}

// The first bin that is drawn at its own place; all below share one at its left.
const LEAST_BIN = (() => {
  let bin = 0;
  while (binStart(bin) < LEAST_NS) {
    bin++;
  }
  return bin;
})();

// Percentiles of equal value share a label: [[ns, "p90, p99"]].
function markLabels(distribution) {
  const labels = new Map();
  for (const [key, text] of MARKS.filter(([, , least]) => distribution.count >= least)) {
    const ns = distribution[key];
    labels.set(ns, labels.has(ns) ? labels.get(ns) + ", " + text : text);
  }
  return [...labels];
}

// The powers of ten around an interval.
function decades(min, max) {
  const low = Math.floor(Math.log10(min) + 1e-9);
  return [10 ** low, 10 ** Math.max(low + 1, Math.ceil(Math.log10(max) - 1e-9))];
}

function onlyDecades(_, ticks) {
  return ticks.map((ns) => (isDecade(ns) ? ns : null));
}

function isDecade(ns) {
  return Math.abs(Math.log10(ns) - Math.round(Math.log10(ns))) < 1e-9;
}
