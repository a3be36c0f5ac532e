package dev.stint.host.standin;

import dev.stint.host.live.CannotRunLive;
import dev.stint.host.live.HostMachine;
import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.Rotation;
import dev.stint.model.linux.SchedulingPolicy;
import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.workload.WorkloadSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What of a scenario is stood in for: one L1VH with its cgroups, tasks of its own and child VMs,
/// on CPUs that stand for the machine's LPs. All VPs always have work: whether a VP halts cannot be
/// seen from outside in time.
///
/// @param scenario all of it
/// @param l1vh its only partition
/// @param groups the L1VH's cgroups by path, parents first
/// @param cpus that stand for the LPs
record StandInPlan(
    Scenario scenario, PartitionSpec l1vh, Map<String, GroupSpec> groups, CpuSet cpus) {
  private static final int LPS_MAX = 8;
  private static final int VPS_MAX = 32;

  /// Checks that a scenario can be stood in for.
  static StandInPlan of(Scenario scenario, HostMachine host) throws CannotRunLive {
    boolean one =
        scenario.partitions().size() == 1
            && scenario.partitions().getFirst().kind() == PartitionKind.L1VH;
    must(one, "only a scenario of one L1VH, without neighbours, can be stood in for");
    PartitionSpec l1vh = scenario.partitions().getFirst();
    int lps = scenario.machine().lpCount();
    must(
        lps <= LPS_MAX && lps <= host.machine().lpCount(),
        "it has " + lps + " LPs; here are " + host.machine().lpCount() + " CPUs");
    must(
        l1vh.vps() == lps && l1vh.lps().isEmpty(),
        "the L1VH has to have a VP for every LP of the machine");
    must(
        scenario.machine().threadsPerCore() == 1
            && scenario.hypervisor().rotation() == Rotation.ROUND_ROBIN
            && !scenario.changesSettings()
            && scenario.cpuGroups().isEmpty(),
        "only round-robin over LPs without SMT, without CPU groups and changes, is stood in for");
    Map<String, GroupSpec> groups = new LinkedHashMap<>();
    for (GroupSpec group : l1vh.groups()) {
      add(groups, "", group);
    }
    StandInPlan plan = new StandInPlan(scenario, l1vh, groups, CpuSet.range(0, lps));
    plan.check();
    return plan;
  }

  private static void add(Map<String, GroupSpec> groups, String parent, GroupSpec group)
      throws CannotRunLive {
    String path = parent.isEmpty() ? group.name() : parent + "/" + group.name();
    must(
        group.partition() == PartitionType.MEMBER && group.exclusive().isEmpty(),
        "the cpuset partition of " + path + " is not made here");
    groups.put(path, group);
    for (GroupSpec child : group.groups()) {
      add(groups, path, child);
    }
  }

  private void check() throws CannotRunLive {
    int vps = l1vh.vps();
    must(!l1vh.children().isEmpty(), "the L1VH has no child VM");
    must(
        l1vh.tasks().isEmpty() || l1vh.tasks().size() >= l1vh.vps(),
        "an L1VH with tasks needs one for each of its VPs");
    checkTasks(l1vh);
    for (TaskSpec task : l1vh.tasks()) {
      must(!task.group().isEmpty(), "task " + task.name() + " is in no cgroup");
    }
    for (PartitionSpec child : l1vh.children()) {
      vps += child.vps();
      checkTasks(child);
      must(!child.group().isEmpty(), child.name() + " is in no cgroup of the L1VH");
      must(
          child.controls().equals(l1vh.controls())
              && child.controls().cap() == Controls.ONE_LP
              && child.controls().reserve() == 0,
          "VPs of different weight, or with caps or reserves, are not stood in for");
      must(
          child.threadsPerCore() == 1
              && child.tasks().size() >= child.vps()
              && child.groups().stream().allMatch(group -> group.quota().isEmpty()),
          child.name() + " does not keep each of its VPs busy");
    }
    must(vps <= VPS_MAX, "there are more than " + VPS_MAX + " VPs");
  }

  private static void checkTasks(PartitionSpec partition) throws CannotRunLive {
    for (TaskSpec task : partition.tasks()) {
      must(
          task.workload() instanceof WorkloadSpec.Busy
              && task.startNs() == 0
              && task.policy() == SchedulingPolicy.NORMAL,
          "task " + task.name() + " is not always busy: only VPs that are can be stood in for");
    }
  }

  private static void must(boolean condition, String otherwise) throws CannotRunLive {
    if (!condition) {
      throw CannotRunLive.scenario(otherwise);
    }
  }

  /// The VPs that the hypervisor schedules and that have work, the L1VH's first.
  List<String> vps() {
    List<String> vps = new ArrayList<>();
    for (int vp = 0; vp < (l1vh.tasks().isEmpty() ? 0 : l1vh.vps()); vp++) {
      vps.add(vp(l1vh, vp));
    }
    for (PartitionSpec child : l1vh.children()) {
      for (int vp = 0; vp < child.vps(); vp++) {
        vps.add(vp(child, vp));
      }
    }
    return vps;
  }

  static String vp(PartitionSpec partition, int vp) {
    return partition.name() + "-vp" + vp;
  }

  /// The L1VH's VP that a task of its own is on under the core scheduler: the one it asked for, or
  /// one after another.
  int vpOf(int task) {
    return l1vh.tasks()
        .get(task)
        .affinity()
        .filter(cpus -> cpus.count() == 1)
        .map(cpus -> cpus.toArray()[0])
        .orElse(task % l1vh.vps());
  }

  /// The L1VH's cgroups below its root: those that the figures are of.
  List<String> families() {
    return l1vh.groups().stream().map(GroupSpec::name).toList();
  }

  /// The cgroup below the root that a path is in.
  static String family(String path) {
    int slash = path.indexOf('/');
    return slash < 0 ? path : path.substring(0, slash);
  }
}
