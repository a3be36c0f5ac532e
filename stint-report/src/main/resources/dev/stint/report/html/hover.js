// What is going on in a row at a moment, in words: for the pointer, the keyboard and the table.

// The name in a slice: who ran on the processor, or who ran meanwhile.
function sliceName(run, row, code) {
  if (row.processor) {
    return code === 0 ? "" : run.name(run.vpOfThread.get(code - 1) ?? code - 1);
  }
  if (run.isWait(code)) {
    return run.name(run.occupant(code));
  }
  return code < -1 ? run.name(-2 - code) : "";
}

// Lines about the slice of `row` at `ns`: what, when, and why.
function describeSlice(run, row, ns) {
  const { track } = row;
  if (track.count === 0 || ns >= track.endNs) {
    return [row.label, "nothing recorded here"];
  }
  const index = track.indexAt(ns);
  const fromNs = track.starts[index];
  const toNs = track.starts[index + 1];
  const lines = [run.entities[row.id].name + ": " + stateWords(run, row, track.codes[index], ns)];
  lines.push(...reasonLines(run, row, track.codes[index]));
  lines.push(duration(toNs - fromNs) + ", from " + moment(fromNs) + " to " + moment(toNs));
  return lines;
}

function stateWords(run, row, code, ns) {
  if (row.processor) {
    const chain = run.chainAt(row.id, ns).map((id) => run.name(id));
    return chain.length === 0 ? "idle" : "ran " + chain.join(", which ran ");
  }
  if (run.isWait(code)) {
    return "waited";
  }
  if (code === 0) {
    return "had nothing to do";
  }
  if (code === UNKNOWN) {
    return "did what the recording does not tell";
  }
  const lp = run.lpAt(row.id, ns);
  const within = run.chainAt(row.id, ns).map((id) => run.name(id));
  return "ran" + (within.length > 0 ? " " + within.join(", ") : "") + (lp === undefined ? "" : " on " + run.name(lp));
}

function reasonLines(run, row, code) {
  if (row.processor || !run.isWait(code)) {
    return [];
  }
  const occupant = run.occupant(code);
  const who = occupant < 0 ? "nobody" : run.entities[occupant].kind === "rule" ? run.entities[occupant].path + " forbade it" : run.name(occupant);
  return [run.reason(code) + ": " + REASON_WORDS[run.reason(code)], "meanwhile: " + who];
}

class Tooltip {
  constructor() {
    this.node = byId("tooltip");
  }

  show(lines, x, y) {
    this.node.replaceChildren(...lines.map((line, i) => el(i === 0 ? "strong" : "div", {}, line)));
    this.node.hidden = false;
    this.node.style.left = "0";
    const box = this.node.getBoundingClientRect();
    this.node.style.left = Math.max(4, Math.min(x + 14, innerWidth - box.width - 8)) + "px";
    this.node.style.top = (y + box.height + 24 > innerHeight ? y - box.height - 10 : y + 16) + "px";
  }

  hide() {
    this.node.hidden = true;
  }
}
