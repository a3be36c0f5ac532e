package dev.stint.host.live;

import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.workload.WorkloadSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What of a scenario is run: one Linux, its cgroups and tasks.
///
/// @param scenario all of it
/// @param partition its only partition
/// @param groups by path, parents first
/// @param cpus of this machine
record LivePlan(
    Scenario scenario, PartitionSpec partition, Map<String, GroupSpec> groups, CpuSet cpus) {
  /// Checks that a scenario can be run on a real machine.
  static LivePlan of(Scenario scenario, HostMachine host) throws CannotRunLive {
    if (scenario.partitions().size() != 1
        || scenario.partitions().getFirst().kind() != PartitionKind.ROOT
        || !scenario.partitions().getFirst().children().isEmpty()) {
      throw CannotRunLive.scenario(
          "only a scenario of one partition of kind root, a bare Linux, can be run here");
    }
    PartitionSpec partition = scenario.partitions().getFirst();
    if (partition.changesAnything()) {
      throw CannotRunLive.scenario("changes during the run are not made here");
    }
    Map<String, GroupSpec> groups = new LinkedHashMap<>();
    for (GroupSpec group : partition.groups()) {
      add(groups, "", group);
    }
    CpuSet cpus = CpuSet.range(0, host.machine().lpCount());
    LivePlan plan = new LivePlan(scenario, partition, groups, cpus);
    if (plan.tasks().isEmpty()) {
      throw CannotRunLive.scenario("there is no task to run");
    }
    for (TaskSpec task : plan.tasks()) {
      plan.check(task);
    }
    return plan;
  }

  private static void add(Map<String, GroupSpec> groups, String parent, GroupSpec group)
      throws CannotRunLive {
    String path = parent.isEmpty() ? group.name() : parent + "/" + group.name();
    boolean plain =
        group.partition() == PartitionType.MEMBER
            && group.exclusive().isEmpty()
            && !group.cpuExclusive();
    if (!plain) {
      throw CannotRunLive.scenario("the cpuset partition of " + path + " is not made here");
    }
    groups.put(path, group);
    for (GroupSpec child : group.groups()) {
      add(groups, path, child);
    }
  }

  private void check(TaskSpec task) throws CannotRunLive {
    if (!cpus.containsAll(task.affinity().orElse(cpus))) {
      throw CannotRunLive.scenario(
          "task " + task.name() + " asks for CPUs " + task.affinity().get() + "; here are " + cpus);
    }
    boolean can =
        switch (task.workload()) {
          case WorkloadSpec.Busy _,
              WorkloadSpec.Periodic _,
              WorkloadSpec.OnOff _,
              WorkloadSpec.PingPong _ ->
              true;
          case WorkloadSpec.Batch _,
              WorkloadSpec.Requests _,
              WorkloadSpec.Barrier _,
              WorkloadSpec.Io _,
              WorkloadSpec.Replay _ ->
              false;
        };
    if (!can) {
      throw CannotRunLive.scenario(
          "task "
              + task.name()
              + " does what is not run here: only busy, periodic, on-off and"
              + " ping-pong are");
    }
  }

  List<TaskSpec> tasks() {
    return partition.tasks();
  }

  /// The groups from the top to a task's own.
  private List<GroupSpec> chain(TaskSpec task) {
    return groups.entrySet().stream()
        .filter(entry -> inside(task, entry.getKey()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /// Whether a task is in a group or below it.
  boolean inside(TaskSpec task, String path) {
    return task.group().equals(path) || task.group().startsWith(path + "/");
  }

  /// The CPUs that a task can use.
  CpuSet cpusOf(TaskSpec task) {
    CpuSet allowed = cpus;
    for (GroupSpec group : chain(task)) {
      allowed = allowed.and(group.cpus().orElse(allowed));
    }
    return allowed.and(task.affinity().orElse(allowed));
  }

  /// The CPUs that any task can use.
  CpuSet used() {
    CpuSet used = CpuSet.EMPTY;
    for (TaskSpec task : tasks()) {
      used = used.or(cpusOf(task));
    }
    return used;
  }

  boolean onlyHogs() {
    return tasks().stream().allMatch(task -> task.workload() instanceof WorkloadSpec.Busy);
  }

  boolean unequalNice() {
    return tasks().stream().mapToInt(TaskSpec::nice).distinct().count() > 1;
  }

  boolean pingPong() {
    return tasks().stream().anyMatch(task -> task.workload() instanceof WorkloadSpec.PingPong);
  }

  boolean limited() {
    return groups.values().stream().anyMatch(group -> group.quota().isPresent());
  }

  boolean oneCpu() {
    return used().count() == 1;
  }

  /// Whether hogs leave no CPU idle that a task can use, so that whatever runs besides takes from
  /// them.
  boolean saturated() {
    CpuSet pinned = CpuSet.EMPTY;
    int free = 0;
    for (TaskSpec task : tasks()) {
      boolean limited = chain(task).stream().anyMatch(group -> group.quota().isPresent());
      if (task.workload() instanceof WorkloadSpec.Busy && !limited) {
        CpuSet allowed = cpusOf(task);
        if (allowed.count() == 1) {
          pinned = pinned.or(allowed);
        } else {
          free++;
        }
      }
    }
    return used().minus(pinned).count() <= free;
  }
}
