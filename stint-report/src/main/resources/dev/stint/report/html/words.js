// How figures and states are said.

const UNITS = [[1e9, "s"], [1e6, "ms"], [1e3, "us"], [1, "ns"]];

// To three digits, as the terminal report says it.
function duration(ns) {
  if (ns === 0) {
    return "0";
  }
  const size = Math.abs(ns);
  const [scale, unit] = UNITS.find(([s]) => size >= s - s / 2000) ?? UNITS[3];
  const value = ns / scale;
  const shown = Math.abs(value);
  const decimals = scale === 1 || shown >= 99.95 ? 0 : shown >= 9.995 ? 1 : 2;
  return value.toFixed(decimals) + " " + unit;
}

// A moment, to the nanosecond, without zeros at its end.
function moment(ns) {
  const text = (ns / 1e9).toFixed(9).replace(/0+$/, "");
  return (text.endsWith(".") ? text.slice(0, -1) : text) + " s";
}

function percent(part) {
  const value = part * 100;
  return (value !== 0 && Math.abs(value) < 9.95 ? value.toFixed(1) : value.toFixed(0)) + " %";
}

function relative(error) {
  const value = error * 100;
  return Math.abs(value) < 0.05 ? "0 %" : (value > 0 ? "+" : "") + percent(error);
}

const REASON_WORDS = {
  "guest.queue": "queued in its own Linux",
  "guest.throttled": "throttled in its own Linux",
  "vmm.queue": "vCPU thread queued in the parent's Linux",
  "vmm.throttled": "vCPU thread throttled in the parent's Linux",
  "hypervisor.wait": "hypervisor gave the LP to another",
  "overhead.signal": "wake-up signal under way",
  "overhead.intercept": "its VMM worked on an intercept",
  "smt": "shared the core with its sibling",
};

const MEASURE_WORDS = {
  wake_latency_ns: "wake-up: from ready to running",
  start_latency_ns: "from arrival to first instruction",
  response_ns: "response: from arrival to completion",
  miss_ns: "deadlines missed, by how much",
  offered_ns: "work offered by each job",
  completion_ns: "completion of a batch",
  round_trip_ns: "round trip",
  phase_ns: "barrier phase",
  spin_ns: "spinning at a barrier",
  halt_poll_success_ns: "halt poll, woken",
  halt_poll_fail_ns: "halt poll, in vain",
};

const KIND_WORDS = { lp: "LPs", vp: "VPs", thread: "vCPU threads", task: "tasks" };

// A word as a shell takes it.
function shellWord(text) {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : "'" + text.replaceAll("'", "'\\''") + "'";
}

// A name for styles: colours of states are CSS variables --state-NAME.
function stateName(reason) {
  return reason.replaceAll(".", "-");
}
