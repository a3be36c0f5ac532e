package dev.stint.scenario;

import static dev.stint.scenario.Texts.quoted;

import dev.stint.model.linux.SchedulingPolicy;
import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.stack.Change;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.stack.TimedChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/// Reads what is changed in one Linux during the run: each entry names a time, a task or a cgroup,
/// and what of it becomes what.
final class ChangeReader {
  /// The root cgroup, as a place to move a task to.
  static final String ROOT = "/";

  private static final List<String> OF_GROUP =
      List.of(
          "cpu.weight",
          "cpu.weight.nice",
          "cpu.idle",
          "cpu.max",
          "cpu.max.burst",
          "cpuset.cpus",
          "cpuset.cpus.exclusive",
          "cpuset.cpus.partition",
          "cpuset.cpu_exclusive");
  private static final List<String> OF_TASK = List.of("nice", "policy", "slice", "affinity");
  private static final List<String> KEYS = keys();

  private final Problems problems;
  private final GroupReader groups;
  private final List<String> tasks;
  private final int cpuCount;
  private final long durationNs;

  /// @param groups what read the cgroups of that Linux
  /// @param tasks its tasks
  /// @param cpuCount its CPUs
  /// @param durationNs the scenario's
  ChangeReader(
      Problems problems, GroupReader groups, List<TaskSpec> tasks, int cpuCount, long durationNs) {
    this.problems = problems;
    this.groups = groups;
    this.tasks = tasks.stream().map(TaskSpec::name).toList();
    this.cpuCount = cpuCount;
    this.durationNs = durationNs;
  }

  /// The changes under `changes`, in the order written.
  List<TimedChange> read(Fields partition) {
    List<TimedChange> changes = new ArrayList<>();
    for (Tree item : partition.items("changes", "changes")) {
      Fields fields = Fields.of(problems, item, "a change", KEYS);
      long atNs = time(fields);
      for (Change change : changes(fields)) {
        changes.add(new TimedChange(atNs, change));
      }
    }
    return changes;
  }

  private long time(Fields fields) {
    if (!fields.has("at")) {
      missing(fields, "a change has no time", "Write `at: 2s`");
      return 0;
    }
    long atNs =
        fields.durationNs(
            "at", 0, ScenarioReader.DURATION_MAX_NS, 0, DiagnosticCode.DURATION_RANGE);
    if (atNs >= durationNs) {
      problems.add(
          DiagnosticCode.NEVER_CHANGES,
          fields.at("at"),
          fields.text("at", ""),
          "the change is at "
              + Quantities.duration(atNs)
              + " and the run ends at "
              + Quantities.duration(durationNs),
          "Make it earlier");
    }
    return atNs;
  }

  private void missing(Fields fields, String what, String fix) {
    problems.add(DiagnosticCode.MISSING, fields.at(), "", what, fix);
  }

  private List<Change> changes(Fields fields) {
    List<Change> changes;
    if (fields.has("task")) {
      refuse(fields, OF_GROUP, "it is a cgroup's, and this entry changes a task");
      changes = ofTasks(fields);
    } else if (fields.has("group")) {
      refuse(fields, OF_TASK, "it is a task's, and this entry changes a cgroup");
      changes = ofGroup(fields);
    } else {
      missing(fields, "a change names no task and no group", "Write `task: NAME` or `group: PATH`");
      return List.of();
    }
    if (changes.isEmpty() && !problems.hasErrors()) {
      missing(fields, "the change says nothing new", "Write for example `cpu.weight: 300`");
    }
    return changes;
  }

  private void refuse(Fields fields, List<String> keys, String reason) {
    keys.forEach(key -> groups.refuse(fields, key, reason));
  }

  // --- A cgroup ---

  private List<Change> ofGroup(Fields fields) {
    String path = fields.text("group", "");
    if (!known(fields, path)) {
      return List.of();
    }
    List<Change> changes = new ArrayList<>();
    if (fields.has("cpu.idle") && !fields.flag("cpu.idle", false)) {
      changes.add(new Change.ClearIdle(path));
    }
    if (fields.has("cpu.weight")
        || fields.has("cpu.weight.nice")
        || fields.flag("cpu.idle", false)) {
      changes.add(new Change.Weight(path, groups.weight(fields)));
    }
    if (fields.has("cpu.max")) {
      changes.add(new Change.Limit(path, new QuotaReader(problems).quota(fields)));
    } else {
      refuse(fields, List.of("cpu.max.burst"), "the entry has no cpu.max");
    }
    groups.refuseOtherVersion(fields);
    cpus(fields, "cpuset.cpus").ifPresent(cpus -> changes.add(new Change.Cpus(path, cpus)));
    cpus(fields, "cpuset.cpus.exclusive")
        .ifPresent(cpus -> changes.add(new Change.Exclusive(path, cpus)));
    if (fields.has("cpuset.cpus.partition")) {
      PartitionType type =
          fields.choice("cpuset.cpus.partition", GroupReader.TYPES, PartitionType.MEMBER);
      changes.add(new Change.Partition(path, type));
    }
    if (fields.has("cpuset.cpu_exclusive")) {
      changes.add(new Change.CpuExclusive(path, fields.flag("cpuset.cpu_exclusive", false)));
    }
    return changes;
  }

  private Optional<CpuSet> cpus(Fields fields, String key) {
    return fields.cpus(
        key, cpuCount, "its Linux has " + cpuCount + (cpuCount == 1 ? " CPU" : " CPUs") + " (VPs)");
  }

  private boolean known(Fields fields, String path) {
    if (groups.effectiveCpus().containsKey(path) && !path.isEmpty()) {
      return true;
    }
    List<String> paths =
        groups.effectiveCpus().keySet().stream().filter(each -> !each.isEmpty()).toList();
    fields
        .scalar("group")
        .ifPresent(at ->
            problems.add(
                DiagnosticCode.UNKNOWN_GROUP,
                at,
                "no cgroup " + quoted(path) + " in this partition",
                paths.isEmpty() ? "Declare it under `groups`" : Texts.didYouMean(path, paths)));
    return false;
  }

  // --- A task, or all that a `count` made ---

  private List<Change> ofTasks(Fields fields) {
    List<Change> changes = new ArrayList<>();
    Optional<SchedulingPolicy> policy =
        fields.has("policy")
            ? Optional.of(fields.choice("policy", TaskReader.POLICIES, SchedulingPolicy.NORMAL))
            : Optional.empty();
    OptionalInt nice =
        fields.has("nice")
            ? OptionalInt.of(fields.integer("nice", -20, 19, 0, DiagnosticCode.NICE))
            : OptionalInt.empty();
    OptionalLong sliceNs = fields.durationNs("slice", 100_000L, 100_000_000L, DiagnosticCode.SLICE);
    Optional<CpuSet> affinity = cpus(fields, "affinity");
    Optional<String> group = destination(fields);
    for (String task : named(fields)) {
      group.ifPresent(path -> changes.add(new Change.Move(task, path)));
      if (policy.isPresent() || nice.isPresent() || sliceNs.isPresent()) {
        changes.add(new Change.Attributes(task, policy, nice, sliceNs));
      }
      affinity.ifPresent(cpus -> changes.add(new Change.Affinity(task, cpus)));
    }
    return changes;
  }

  private Optional<String> destination(Fields fields) {
    Optional<Tree.Scalar> group = fields.scalar("group");
    if (group.isEmpty()) {
      return Optional.empty();
    }
    String path = group.get().text();
    if (path.equals(ROOT)) {
      return Optional.of("");
    }
    return known(fields, path) ? Optional.of(path) : Optional.empty();
  }

  private List<String> named(Fields fields) {
    Optional<Tree.Scalar> name = fields.scalar("task");
    if (name.isEmpty()) {
      return List.of();
    }
    String text = name.get().text();
    if (tasks.contains(text)) {
      return List.of(text);
    }
    List<String> counted =
        tasks.stream()
            .filter(task -> TaskRuns.stem(task).equals(text))
            .filter(task -> Character.isDigit(task.charAt(task.length() - 1)))
            .toList();
    if (counted.isEmpty()) {
      Set<String> known = new TreeSet<>(tasks);
      problems.add(
          DiagnosticCode.UNKNOWN_TASK,
          name.get(),
          "no task " + quoted(text) + " in this partition",
          known.isEmpty() ? "Declare it under `tasks`" : Texts.didYouMean(text, known));
    }
    return counted;
  }

  private static List<String> keys() {
    List<String> keys = new ArrayList<>(List.of("at", "task", "group"));
    keys.addAll(OF_TASK);
    keys.addAll(OF_GROUP);
    return List.copyOf(keys);
  }
}
