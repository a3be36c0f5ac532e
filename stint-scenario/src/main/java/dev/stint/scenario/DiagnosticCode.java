package dev.stint.scenario;

/// The catalogue of findings about scenario text. Every entry is explained in docs/diagnostics.md.
public enum DiagnosticCode {
  /// The file cannot be read.
  UNREADABLE(
      "S001",
      Severity.ERROR,
      "The file cannot be read",
      "The path does not exist, is a directory, is not a regular file, or may not be read.",
      "Name a readable scenario.yaml."),
  /// The file is too large.
  TOO_LARGE(
      "S002",
      Severity.ERROR,
      "The file is too large",
      "At most 4 MiB are read, so that no input can exhaust memory.",
      "Repeat tasks with `count`, or split the scenario."),
  /// The file is not UTF-8 text.
  NOT_TEXT(
      "S003",
      Severity.ERROR,
      "The file is not UTF-8 text",
      "Scenarios are UTF-8 without control characters, as YAML 1.2 demands.",
      "Save the file as UTF-8; write special characters as escapes in double quotes."),
  /// The text is not YAML or JSON.
  SYNTAX(
      "S004",
      Severity.ERROR,
      "The text is not YAML or JSON",
      "The YAML 1.2 grammar does not allow what stands here. Frequent causes: a tab as "
          + "indentation, a missing colon, comma or bracket, an unclosed quotation mark.",
      "Correct the text at the place named or just before it."),
  /// The file says nothing.
  EMPTY(
      "S005",
      Severity.ERROR,
      "The file says nothing",
      "It has no content, or only comments.",
      "Write at least `partitions:` with one partition."),
  /// The file holds several documents.
  SEVERAL_DOCUMENTS(
      "S006",
      Severity.ERROR,
      "The file holds several documents",
      "A file is one scenario; `---` begins another document.",
      "Use a file for each scenario."),
  /// The text is nested too deeply.
  TOO_DEEP(
      "S007",
      Severity.ERROR,
      "The text is nested too deeply",
      "At most 50 levels are read, so that no input can exhaust the stack. A real "
          + "scenario needs about 10.",
      "Nest less."),
  /// The text holds too many values.
  TOO_MANY_VALUES(
      "S008",
      Severity.ERROR,
      "The text holds too many values",
      "At most 250,000 values are read, with every alias counted as what it stands for, "
          + "so that an alias bomb is harmless.",
      "Repeat tasks with `count`; use fewer aliases of aliases."),
  /// An alias stands inside its own anchor.
  SELF_REFERENCE(
      "S009",
      Severity.ERROR,
      "An alias stands inside its own anchor",
      "The value would contain itself and never end; so would a partition that is its own"
          + " child.",
      "Write the value out, or move the anchor."),
  /// A key is there twice.
  DUPLICATE_KEY(
      "S010",
      Severity.ERROR,
      "A key is there twice",
      "Only one of the two could count, and which one would be a guess.",
      "Remove one or rename it."),
  /// A key is not known here.
  UNKNOWN_KEY(
      "S011",
      Severity.ERROR,
      "A key is not known here",
      "An unknown key is nearly always a spelling mistake, and ignoring it would simulate"
          + " something else.",
      "Use the key that the message suggests; see docs/scenario.schema.json."),
  /// Something required is missing.
  MISSING(
      "S012",
      Severity.ERROR,
      "Something required is missing",
      "There is no sensible default for it.",
      "Add it."),
  /// A value has the wrong shape.
  WRONG_TYPE(
      "S013",
      Severity.ERROR,
      "A value has the wrong shape",
      "A mapping, a list, a single value, a number or a flag stands where another is "
          + "needed. Numbers and flags are written without quotation marks.",
      "Write the value in the shape that the message names."),
  /// A `cpu.max` that Linux refuses.
  CPU_MAX(
      "S014",
      Severity.ERROR,
      "A `cpu.max` that Linux refuses",
      "Linux accepts a quota of at least 1 ms, a period of 1 ms to 1 s and a burst of 0 "
          + "to the quota. Numbers are microseconds, as in cgroupfs.",
      "Write for example `cpu.max: 50000 100000`, or `max` for none."),
  /// A number is out of its range.
  RANGE(
      "S015",
      Severity.ERROR,
      "A number is out of its range",
      "The field has bounds; the message names them.",
      "Write a number within the bounds."),
  /// A duration cannot be read.
  DURATION_FORM(
      "S016",
      Severity.ERROR,
      "A duration cannot be read",
      "A duration is a number and a unit: ns, us, ms or s; `2.1ms`. A bare number would "
          + "leave the unit to a guess.",
      "Add the unit."),
  /// A duration is out of its range.
  DURATION_RANGE(
      "S017",
      Severity.ERROR,
      "A duration is out of its range",
      "The field has bounds; the message names them.",
      "Write a duration within the bounds."),
  /// A CPU list cannot be read.
  CPU_LIST_FORM(
      "S018",
      Severity.ERROR,
      "A CPU list cannot be read",
      "CPU lists are written as the kernel writes them: `0-3,8`.",
      "Write numbers and ascending ranges, separated by commas."),
  /// A CPU list names a CPU that does not exist.
  CPU_RANGE(
      "S019",
      Severity.ERROR,
      "A CPU list names a CPU that does not exist",
      "`lps` counts the machine's LPs; `cpuset.cpus` and `affinity` count the VPs of "
          + "their own partition; `vcpu-affinity` counts the VPs of the partition that holds "
          + "the vCPU threads.",
      "Name only CPUs that exist, or enlarge the machine or the partition."),
  /// A name is not one of the choices.
  UNKNOWN_NAME(
      "S020",
      Severity.ERROR,
      "A name is not one of the choices",
      "The field takes one of a few names.",
      "Use the name that the message suggests."),
  /// A cgroup does not exist.
  UNKNOWN_GROUP(
      "S021",
      Severity.ERROR,
      "A cgroup does not exist",
      "`group` is the path of a cgroup: of the task's own partition for a task, of the "
          + "parent's Linux for a guest.",
      "Use the path that the message suggests, `outer/inner` for a nested group, or "
          + "declare the group."),
  /// A name is there twice.
  NAME_TAKEN(
      "S022",
      Severity.ERROR,
      "A name is there twice",
      "`count` names its tasks NAME-0, NAME-1 and so on; one of them is the name of "
          + "another task.",
      "Rename one of the two."),
  /// A name cannot be used.
  NAME_FORM(
      "S023",
      Severity.ERROR,
      "A name cannot be used",
      "Names become parts of paths such as `l1vh/vm-gold/vp0`: letters, digits and `_ . @"
          + " + -`, at most 64, not beginning with `-`. Partition names such as `vp0` and `lp0`"
          + " are taken by VPs and LPs.",
      "Choose another name."),
  /// A weight is out of range.
  WEIGHT(
      "S024",
      Severity.ERROR,
      "A weight is out of range",
      "`cpu.weight` and the hypervisor's `weight` are whole numbers from 1 to 10000.",
      "Write a weight from 1 to 10000; 100 is the default."),
  /// A percentage cannot be read.
  PERCENT_FORM(
      "S025",
      Severity.ERROR,
      "A percentage cannot be read",
      "`cap` and `reserve` are percentages of one LP for each VP: `75%`.",
      "Write a percentage from 0% to 100%."),
  /// Cap and reserve contradict each other.
  CAP_RESERVE(
      "S026",
      Severity.ERROR,
      "Cap and reserve contradict each other",
      "A reserve above the cap could never be given; a cap of 0% would stop the partition.",
      "Lower the reserve or raise the cap."),
  /// More is reserved than there is.
  RESERVE_SUM(
      "S027",
      Severity.ERROR,
      "More is reserved than there is",
      "The reserves of all VPs add up to more than the LPs on which they may run.",
      "Lower the reserves, remove VPs, or add LPs."),
  /// The machine is too large.
  MACHINE(
      "S028",
      Severity.ERROR,
      "The machine is too large",
      "A machine has at most 2048 LPs, as under Microsoft Hypervisor.",
      "Use fewer sockets, nodes, caches, cores or threads."),
  /// A partition has too few or too many VPs.
  VP_COUNT(
      "S029",
      Severity.ERROR,
      "A partition has too few or too many VPs",
      "A partition has 1 to 256 VPs; a root partition has one per LP.",
      "Write `vps` from 1 to 256."),
  /// A root partition that is not the machine.
  ROOT_SHAPE(
      "S030",
      Severity.ERROR,
      "A root partition that is not the machine",
      "The root partition has exactly one VP on every LP, fixed to it, and the machine's "
          + "threads per core.",
      "Remove `vps`, `lps` and `threads-per-core` from the root partition."),
  /// VPs cannot be paired into cores.
  THREADS(
      "S031",
      Severity.ERROR,
      "VPs cannot be paired into cores",
      "`threads-per-core` divides `vps`.",
      "Change one of the two."),
  /// There are two root partitions.
  SECOND_ROOT(
      "S032",
      Severity.ERROR,
      "There are two root partitions",
      "A machine has one root partition.",
      "Make the other an l1vh or a guest."),
  /// A partition that cannot have this child.
  CHILDREN(
      "S033",
      Severity.ERROR,
      "A partition that cannot have this child",
      "Only an L1VH has `children`, and its children are guests. Top-level guests are the"
          + " root partition's own.",
      "Make the partition `kind: l1vh`, or move the child to the top level."),
  /// The integrated scheduler without an L1VH.
  NEEDS_L1VH(
      "S034",
      Severity.ERROR,
      "The integrated scheduler without an L1VH",
      "`integrated` means that an L1VH schedules its children; without an L1VH there is "
          + "nothing to integrate.",
      "Add a partition of `kind: l1vh`, or remove `integrated` from `under`."),
  /// A nice value out of range.
  NICE(
      "S035",
      Severity.ERROR,
      "A nice value out of range",
      "nice is a whole number from -20 (most) to 19 (least).",
      "Write a value from -20 to 19."),
  /// A slice out of range.
  SLICE(
      "S036",
      Severity.ERROR,
      "A slice out of range",
      "Linux clamps a custom slice to 0.1 ms to 100 ms; so that nobody is misled, others "
          + "are refused.",
      "Write a slice from 0.1ms to 100ms."),
  /// A ping-pong that is not of two.
  PING_PONG(
      "S037",
      Severity.ERROR,
      "A ping-pong that is not of two",
      "A token passes between exactly two tasks of one partition that name the same "
          + "`exchange`.",
      "Let exactly two tasks name the exchange, for example with `count: 2`."),
  /// A barrier of one.
  BARRIER(
      "S038",
      Severity.ERROR,
      "A barrier of one",
      "A barrier joins at least two tasks of one partition.",
      "Let at least two tasks name the barrier, for example with `count: 4`."),
  /// A task with no workload or with several.
  WORKLOAD(
      "S039",
      Severity.ERROR,
      "A task with no workload or with several",
      "A task does one thing: busy, batch, periodic, on-off, requests, ping-pong, "
          + "barrier, io or replay.",
      "Write exactly one of them; `busy: {}` computes for ever."),
  /// The scenario is too large.
  TOO_MUCH(
      "S040",
      Severity.ERROR,
      "The scenario is too large",
      "At most 20,000 VPs and 200,000 tasks are simulated, so that memory stays bounded.",
      "Use fewer VPs or tasks."),
  /// A task that no CPU may run.
  AFFINITY_EMPTY(
      "S041",
      Severity.ERROR,
      "A task that no CPU may run",
      "The task's `affinity` and its cgroup's cpuset have no CPU in common; "
          + "sched_setaffinity would fail with EINVAL.",
      "Widen one of the two."),
  /// A cpuset outside its parent's.
  CPUSET_EMPTY(
      "S042",
      Severity.WARNING,
      "A cpuset outside its parent's",
      "None of the group's `cpuset.cpus` is in the parent group's, so Linux uses the "
          + "parent's instead.",
      "Name CPUs of the parent group."),
  /// A vcpu-affinity of the wrong length.
  VCPU_AFFINITY(
      "S043",
      Severity.ERROR,
      "A vcpu-affinity of the wrong length",
      "`vcpu-affinity` has one entry for each VP.",
      "Write one CPU list for each VP, or remove the key."),
  /// A workload that cannot keep up.
  OVERLOAD(
      "S044",
      Severity.WARNING,
      "A workload that cannot keep up",
      "The task asks for more than one whole processor, so that its queue and its "
          + "response times grow without bound.",
      "Lengthen the period or the arrival interval, or shorten the work, unless the "
          + "overload is meant."),
  /// A key that has no meaning here.
  NOT_HERE(
      "S045",
      Severity.ERROR,
      "A key that has no meaning here",
      "The key belongs to partitions of another kind or at another level.",
      "Remove it or move it to where the message says."),
  /// A task that starts after the end.
  NEVER_STARTS(
      "S046",
      Severity.WARNING,
      "A task that starts after the end",
      "The task's `start` is not before the scenario's `duration`.",
      "Start it earlier or simulate longer."),
  /// An L1VH that cannot be pinned.
  PINNED(
      "S047",
      Severity.ERROR,
      "An L1VH that cannot be pinned",
      "`l1vh-vps: pinned` fixes each VP of an L1VH to an LP of its own, and there are "
          + "more VPs than LPs.",
      "Use at most as many VPs as LPs, or `l1vh-vps: scheduled`."),
  /// A burst without a quota.
  BURST_IDLE(
      "S048",
      Severity.WARNING,
      "A burst without a quota",
      "`cpu.max.burst` has no effect while `cpu.max` is `max`.",
      "Set a quota or remove the burst."),
  /// A YAML tag.
  TAG(
      "S049",
      Severity.ERROR,
      "A YAML tag",
      "Tags such as `!!python/object` name types of programming languages; a scenario has"
          + " none.",
      "Remove the tag."),
  /// A scenario without partitions.
  NO_PARTITIONS(
      "S050",
      Severity.ERROR,
      "A scenario without partitions",
      "Without a partition nothing runs.",
      "Add at least one partition."),
  /// A tolerance that does not fit its figure.
  TOLERANCE(
      "S051",
      Severity.ERROR,
      "A tolerance that does not fit its figure",
      "A tolerance is absolute in the figure's own unit (`2ms`, `1pp` for percentage "
          + "points, a plain number for counts) or relative (`5% of value`).",
      "Write it in one of these forms."),
  /// An expected figure that no run has.
  UNKNOWN_FIGURE(
      "S052",
      Severity.ERROR,
      "An expected figure that no run has",
      "Figures have fixed names; docs/scenarios.md lists them.",
      "Use the name that the message suggests."),
  /// A write to cpuset.cpus.exclusive that fails.
  CPUSET_EXCLUSIVE(
      "S053",
      Severity.ERROR,
      "A write to cpuset.cpus.exclusive that fails",
      "Siblings' exclusive CPUs are disjoint, and none names all the CPUs of a sibling's "
          + "`cpuset.cpus`: Linux refuses the write with EINVAL.",
      "Name CPUs that no sibling names."),
  /// A partition of CPUs that is not valid.
  CPUSET_PARTITION(
      "S054",
      Severity.WARNING,
      "A partition of CPUs that is not valid",
      "Linux accepts the write, shows the group as `root invalid (reason)` or `isolated invalid "
          + "(reason)`, and treats it as a member.",
      "Give the partition CPUs of its own: none that a sibling names, not all that its "
          + "parent's tasks need, below a valid partition or with cpuset.cpus.exclusive all the "
          + "way down."),
  /// A task in a group without CPUs.
  CPUSET_FULL(
      "S055",
      Severity.ERROR,
      "A task in a group without CPUs",
      "The group is a partition that gave all its CPUs to partitions below it, or under cgroup v1 "
          + "has no CPUs yet; a task that moves there gets ENOSPC.",
      "Leave or give the group a CPU, or put the task below."),
  /// A write to a cpuset that cgroup v1 refuses.
  CPUSET_V1(
      "S056",
      Severity.ERROR,
      "A write to a cpuset that cgroup v1 refuses",
      "Under `cpuset: v1` a group's CPUs are within its parent's (EACCES), and where a group or "
          + "its sibling has `cpuset.cpu_exclusive` they are disjoint (EINVAL).",
      "Name CPUs of the parent that no exclusive sibling has."),
  /// A change of a task that is not there.
  UNKNOWN_TASK(
      "S057",
      Severity.ERROR,
      "A change of a task that is not there",
      "An entry of `changes` names a task of its partition, or the tasks of a `count` at once.",
      "Use the name that the message suggests, or declare the task."),
  /// A change after the end.
  NEVER_CHANGES(
      "S058",
      Severity.WARNING,
      "A change after the end",
      "The `at` of an entry of `changes` is not before the scenario's `duration`.",
      "Make the change earlier or simulate longer."),
  /// A VM that does not see that its VPs share cores.
  HIDDEN_CORES(
      "S059",
      Severity.WARNING,
      "A VM that does not see that its VPs share cores",
      "A VM of configuration version 8.2 has no SMT. With more VPs than the machine has cores, its "
          + "VPs are paired all the same, and its Linux places tasks as if each VP were a core "
          + "(Hyper-V event 3498).",
      "Say `threads-per-core`, use fewer VPs, or `vm-version: 9.0`."),
  /// A policy that leaves its own subtree.
  POLICY_PATH(
      "S060",
      Severity.ERROR,
      "A policy that leaves its own subtree",
      "Nothing outside `owns` is ever written: no absolute path, no `..`, no links.",
      "Name a cgroup below `owns`, or own another subtree.");

  private final String id;
  private final Severity severity;
  private final String title;
  private final String why;
  private final String fix;

  DiagnosticCode(String id, Severity severity, String title, String why, String fix) {
    this.id = id;
    this.severity = severity;
    this.title = title;
    this.why = why;
    this.fix = fix;
  }

  /// The identifier in messages: `S014`. It never changes meaning.
  public String id() {
    return id;
  }

  /// Whether the text can still be used.
  public Severity severity() {
    return severity;
  }

  /// What it is, in a few words.
  public String title() {
    return title;
  }

  /// The rule and its reason.
  public String why() {
    return why;
  }

  /// What to do.
  public String fix() {
    return fix;
  }
}
