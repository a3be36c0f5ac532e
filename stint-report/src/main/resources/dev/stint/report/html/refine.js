// Slices cut finer by what ran within them, so that each has one name.

// `inner(code)` is the track to cut a slice of that code by, or undefined; `join(code, innerCode)`
// is the code of a piece. Neighbours of equal code become one.
function refine(track, inner, join) {
  const starts = [];
  const codes = [];
  const put = (ns, code) => {
    if (codes.length === 0 || codes[codes.length - 1] !== code) {
      starts.push(ns);
      codes.push(code);
    }
  };
  for (let i = 0; i < track.count; i++) {
    const within = inner(track.codes[i]);
    if (within === undefined || within.count === 0) {
      put(track.starts[i], track.codes[i]);
      continue;
    }
    for (let j = within.indexAt(track.starts[i]); j < within.count && within.starts[j] < track.starts[i + 1]; j++) {
      put(Math.max(track.starts[i], within.starts[j]), join(track.codes[i], within.codes[j]));
    }
  }
  starts.push(track.endNs);
  return new Track(Float64Array.from(starts), Int32Array.from(codes));
}

// What an LP ran: a VP, or the vCPU thread that a parent's VP ran. Codes are ids + 1; 0 is idle.
function lpTrack(run, lp) {
  const { current } = run.tracks;
  const track = current[lp];
  if (track === undefined) {
    return new Track(new Float64Array(1), new Int32Array(0));
  }
  const parents = new Map();
  const inner = (code) => {
    if (!parents.has(code)) {
      const within = current[code - 1];
      const runsThreads = within !== undefined && within.codes.some((c) => run.vpOfThread.has(c - 1));
      parents.set(code, runsThreads ? within : undefined);
    }
    return parents.get(code);
  };
  return refine(track, inner, (code, innerCode) => (run.vpOfThread.has(innerCode - 1) ? innerCode : code));
}

// What a VP did, its running cut by task: code -1 - (id + 1), or -1 when its guest idled.
function vpTrack(run, vp) {
  const current = run.tracks.current[vp];
  return refine(run.tracks.status[vp], (code) => (code === 1 ? current : undefined), (_, innerCode) => -1 - innerCode);
}
