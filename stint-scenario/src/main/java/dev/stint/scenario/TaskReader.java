package dev.stint.scenario;

import static dev.stint.scenario.Texts.quoted;

import dev.stint.model.linux.SchedulingPolicy;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.workload.WorkloadSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Reads the tasks of one Linux.
final class TaskReader {
  private static final List<String> KEYS = keys();
  static final Map<String, SchedulingPolicy> POLICIES =
      Choices.of(SchedulingPolicy.values(), SchedulingPolicy::text);

  private final Problems problems;
  private final Budget budget;
  private final int cpuCount;
  private final Map<String, CpuSet> groupCpus;
  private final long durationNs;
  private final boolean autogroup;
  private final boolean guest;
  private final Map<String, Position> names = new LinkedHashMap<>();
  private final Map<String, Meeting> exchanges = new LinkedHashMap<>();
  private final Map<String, Meeting> barriers = new LinkedHashMap<>();

  /// @param groupCpus the CPUs of each cgroup, by path
  /// @param durationNs the scenario's
  /// @param autogroup whether its Linux has autogroups
  /// @param guest whether it is a guest's, which has a VMM
  TaskReader(
      Problems problems,
      Budget budget,
      int cpuCount,
      Map<String, CpuSet> groupCpus,
      long durationNs,
      boolean autogroup,
      boolean guest) {
    this.problems = problems;
    this.budget = budget;
    this.cpuCount = cpuCount;
    this.groupCpus = groupCpus;
    this.durationNs = durationNs;
    this.autogroup = autogroup;
    this.guest = guest;
  }

  /// The tasks under `tasks`, with each `count` written out.
  List<TaskSpec> read(Fields partition) {
    List<TaskSpec> tasks = new ArrayList<>();
    for (Tree.Entry entry : partition.entries("tasks", "tasks")) {
      read(entry, tasks);
    }
    checkMeetings();
    return tasks;
  }

  private void read(Tree.Entry entry, List<TaskSpec> tasks) {
    String name = entry.key().text();
    Names.check(problems, entry.key(), "task");
    Fields fields = Fields.of(problems, entry.value(), "task " + quoted(name), KEYS);
    String group = group(fields);
    SchedulingPolicy policy = fields.choice("policy", POLICIES, SchedulingPolicy.NORMAL);
    int nice = fields.integer("nice", -20, 19, 0, DiagnosticCode.NICE);
    OptionalLong sliceNs = fields.durationNs("slice", 100_000L, 100_000_000L, DiagnosticCode.SLICE);
    Optional<CpuSet> affinity = affinity(fields, group);
    String session = session(fields, group);
    long startNs =
        fields.durationNs(
            "start", 0, ScenarioReader.DURATION_MAX_NS, 0, DiagnosticCode.DURATION_RANGE);
    if (startNs >= durationNs) {
      problems.add(
          DiagnosticCode.NEVER_STARTS,
          fields.at("start"),
          fields.text("start", ""),
          "task "
              + quoted(name)
              + " starts at "
              + Quantities.duration(startNs)
              + " and the run ends at "
              + Quantities.duration(durationNs),
          "Start it earlier");
    }
    WorkloadSpec workload = new WorkloadReader(problems).read(fields, name);
    checkVmm(fields, workload);
    int count = fields.integer("count", 1, Budget.TASK_COUNT_MAX, 1, DiagnosticCode.RANGE);
    meet(workload, count, entry.key());
    if (!budget.takeTasks(count, entry.key().at())) {
      return;
    }
    TaskSpec one =
        new TaskSpec(name, group, policy, nice, sliceNs, affinity, session, startNs, workload);
    if (!fields.has("count")) {
      add(one, name, entry.key(), tasks);
      return;
    }
    for (int i = 0; i < count; i++) {
      add(one, name + "-" + i, entry.key(), tasks);
    }
  }

  private void checkVmm(Fields fields, WorkloadSpec workload) {
    if (workload instanceof WorkloadSpec.Io && !guest) {
      problems.add(
          DiagnosticCode.NOT_HERE,
          fields.key("io").orElseThrow(),
          "io has no meaning here: no VMM of this scenario handles it; only guests have one",
          "Move the task to a guest");
    }
  }

  private void add(TaskSpec task, String name, Tree.Scalar key, List<TaskSpec> tasks) {
    Position first = names.putIfAbsent(name, key.at());
    if (first != null) {
      problems.add(
          DiagnosticCode.NAME_TAKEN,
          key,
          "task " + quoted(name) + " is there already, from line " + first.line(),
          "Rename one of the two");
      return;
    }
    tasks.add(task.named(name));
  }

  private String group(Fields fields) {
    Optional<Tree.Scalar> path = fields.scalar("group");
    if (path.isEmpty() || groupCpus.containsKey(path.get().text())) {
      String found = path.map(Tree.Scalar::text).orElse("");
      CpuSet cpus = groupCpus.getOrDefault(found, CpuSet.EMPTY);
      path.filter(_ -> cpus.isEmpty())
          .ifPresent(at -> GroupReader.reportFull(problems, at, "task"));
      return found;
    }
    List<String> known = groupCpus.keySet().stream().filter(each -> !each.isEmpty()).toList();
    problems.add(
        DiagnosticCode.UNKNOWN_GROUP,
        path.get(),
        "no cgroup " + quoted(path.get().text()) + " in this partition",
        known.isEmpty() ? "Declare it under `groups`" : Texts.didYouMean(path.get().text(), known));
    return "";
  }

  private String session(Fields fields, String group) {
    Optional<Tree.Scalar> session = fields.scalar("session");
    if (session.isEmpty()) {
      return "";
    }
    if (!autogroup || !group.isEmpty()) {
      problems.add(
          DiagnosticCode.NOT_HERE,
          fields.key("session").orElseThrow(),
          "session has no meaning here: "
              + (autogroup ? "autogroups hold tasks of the root cgroup only" : "no autogroup"),
          autogroup ? "Remove `session` or `group`" : "Write `autogroup: true` under `linux`");
      return "";
    }
    Names.check(problems, session.get(), "session");
    return session.get().text();
  }

  private Optional<CpuSet> affinity(Fields fields, String group) {
    String whose = "its Linux has " + cpuCount + (cpuCount == 1 ? " CPU" : " CPUs") + " (VPs)";
    Optional<CpuSet> affinity = fields.cpus("affinity", cpuCount, whose);
    CpuSet allowed = groupCpus.getOrDefault(group, CpuSet.range(0, cpuCount));
    if (affinity.isPresent() && affinity.get().and(allowed).isEmpty() && !allowed.isEmpty()) {
      problems.add(
          DiagnosticCode.AFFINITY_EMPTY,
          fields.at("affinity"),
          fields.text("affinity", ""),
          "affinity "
              + affinity.get()
              + " has none of the CPUs "
              + allowed
              + " of cgroup "
              + quoted(group),
          "Name some of " + allowed);
    }
    return affinity;
  }

  private void meet(WorkloadSpec workload, int count, Tree.Scalar key) {
    switch (workload) {
      case WorkloadSpec.PingPong pingPong ->
          exchanges.merge(pingPong.exchange(), new Meeting(count, key.at()), Meeting::with);
      case WorkloadSpec.Barrier barrier ->
          barriers.merge(barrier.barrier(), new Meeting(count, key.at()), Meeting::with);
      case WorkloadSpec.Busy _,
          WorkloadSpec.Batch _,
          WorkloadSpec.Periodic _,
          WorkloadSpec.OnOff _,
          WorkloadSpec.Io _,
          WorkloadSpec.Replay _,
          WorkloadSpec.Requests _ -> {}
    }
  }

  private void checkMeetings() {
    exchanges.forEach((name, meeting) -> {
      if (meeting.count != 2) {
        problems.add(
            DiagnosticCode.PING_PONG,
            meeting.at,
            name,
            "exchange "
                + quoted(name)
                + " has "
                + meeting.count
                + (meeting.count == 1 ? " task" : " tasks")
                + "; a ping-pong has 2",
            "Let exactly two tasks of this partition name it");
      }
    });
    barriers.forEach((name, meeting) -> {
      if (meeting.count < 2) {
        problems.add(
            DiagnosticCode.BARRIER,
            meeting.at,
            name,
            "barrier " + quoted(name) + " has 1 task; a barrier has at least 2",
            "Write `count: 2` or more, or let another task name it");
      }
    });
  }

  private static List<String> keys() {
    List<String> keys =
        new ArrayList<>(
            List.of("group", "policy", "nice", "slice", "affinity", "session", "start", "count"));
    keys.addAll(WorkloadReader.KEYS);
    return List.copyOf(keys);
  }

  /// Tasks that name the same exchange or barrier: how many, and where the first is.
  private record Meeting(int count, Position at) {
    Meeting with(Meeting other) {
      return new Meeting(count + other.count, at);
    }
  }
}
