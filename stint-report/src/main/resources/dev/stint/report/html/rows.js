// The rows of the timeline: processors first, then each partition's VPs, vCPU threads and tasks.

const IDLE_CLASS = 0;
const RUN_CLASS = 1;
const WAIT_CLASS = 2;
const OTHERS_CLASS = 9;
const UNKNOWN_CLASS = 10;

function timelineRows(run, kinds, selected) {
  const rows = [];
  if (kinds.has("lp")) {
    rows.push({ head: "Logical processors" });
    run.lps.forEach((id) => rows.push(processorRow(run, id, selected)));
  }
  for (const partition of run.ids("partition")) {
    const path = run.entities[partition].path;
    const own = ["vp", "thread", "task"].filter((kind) => kinds.has(kind)).flatMap((kind) =>
      run.ids(kind).filter((id) => run.entities[id].partition === path && run.tracks.status[id]));
    if (own.length > 0) {
      rows.push({ head: run.entities[partition].name });
      own.forEach((id) => rows.push(statusRow(run, id)));
    }
  }
  return rows;
}

// Coloured by whose VP or thread runs; all others than the selected entity's fade.
function processorRow(run, id, selected) {
  const track = run.cut(id, lpTrack);
  const entity = run.entities[id];
  const fades = selected !== undefined && run.lps.every((lp) => run.entities[lp].path !== selected);
  track.classify((code) => {
    if (code === 0) {
      return IDLE_CLASS;
    }
    return fades && !mayBePartOf(run, code - 1, selected)
      ? OTHERS_CLASS
      : RUN_CLASS + run.colourOf(run.vpOfThread.get(code - 1) ?? code - 1);
  });
  const colours = ["--state-blocked"];
  for (let i = 0; i < PALETTE; i++) {
    colours.push("--vm-" + i);
  }
  colours[OTHERS_CLASS] = "--vm-others";
  return { id, track, colours, path: entity.path, label: entity.name, processor: true };
}

// An LP runs VPs and threads: a task counts as its partition does.
function mayBePartOf(run, id, selected) {
  const whole = run.byPath.get(selected)?.kind === "task" ? run.byPath.get(selected).partition : selected;
  return run.isPartOf(id, whole) || run.isPartOf(run.vpOfThread.get(id) ?? id, whole);
}

function statusRow(run, id) {
  const entity = run.entities[id];
  const track = entity.kind === "vp" ? run.cut(id, vpTrack) : run.tracks.status[id];
  if (track.classes === null) {
    track.classify(statusClass);
  }
  const colours = ["--state-blocked", "--vm-" + run.colourOf(id),
    ...run.reasons.map((reason) => "--state-" + stateName(reason))];
  colours[UNKNOWN_CLASS] = "--state-unknown";
  return { id, track, colours, path: entity.path, label: shortName(run, entity), processor: false };
}

function statusClass(code) {
  if (code >= WAIT_BASE) {
    return WAIT_CLASS + (code - WAIT_BASE) % WAIT_STEP;
  }
  return code === 0 ? IDLE_CLASS : code === UNKNOWN ? UNKNOWN_CLASS : RUN_CLASS;
}

// Without the partition, which stands above.
function shortName(run, entity) {
  const partition = run.byPath.get(entity.partition)?.name;
  return entity.name.startsWith(partition + "/") ? entity.name.slice(partition.length + 1) : entity.name;
}
