package dev.stint.bench;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.Quota;
import dev.stint.model.machine.Machine;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.workload.WorkloadSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The scenarios of the benchmarks.
final class Workloads {
  /// VPs of a VM.
  static final int VPS = 2;

  private static final long MS = 1_000_000;
  private static final long SLICE_NS = 3 * MS;
  private static final long PERIOD_NS = 100 * MS;
  private static final int HZ = 250;

  /// With a steal clock: without one, a guest charges the 10 ms that its VP stood to whoever ran,
  /// and the other task then runs as long; slices would be longer than those of the floor.
  private static final LinuxConfig LINUX = linux(HZ);

  private Workloads() {}

  private static LinuxConfig linux(int hz) {
    return new LinuxConfig(KernelVersion.V6_18, hz, OptionalLong.of(SLICE_NS), true);
  }

  /// VMs of two VPs and `tasks` tasks that never sleep, with nothing set.
  static Scenario hogs(int lps, int vms, int tasks) {
    List<PartitionSpec> partitions = new ArrayList<>();
    for (int vm = 0; vm < vms; vm++) {
      partitions.add(guest("vm" + vm, VPS, "", List.of(), busy(tasks, "")));
    }
    return scenario(Machine.flat(lps, 1), partitions);
  }

  /// On every LP a VM of one VP with one task that never sleeps: no tick and no end of a slice
  /// decides anything.
  static Scenario alone(int lps, int hz) {
    List<PartitionSpec> partitions = new ArrayList<>();
    for (int vm = 0; vm < lps; vm++) {
      partitions.add(guest("vm" + vm, 1, "", linux(hz), List.of(), busy(1, "")));
    }
    return scenario(Machine.flat(lps, 1), partitions);
  }

  /// As [#hogs], half of the tasks in a cgroup of weight 300 with a quota of 0.6 of a VP, in a
  /// cgroup with a quota that does not bind, and half in one of weight 100.
  static Scenario groups(int lps, int vms) {
    Quota binding = new Quota(60 * MS, PERIOD_NS, 0);
    Quota loose = new Quota(250 * MS, PERIOD_NS, 0);
    GroupSpec inner =
        new GroupSpec("inner", 100, Optional.of(binding), Optional.empty(), List.of());
    List<GroupSpec> groups =
        List.of(
            new GroupSpec("gold", 300, Optional.of(loose), Optional.empty(), List.of(inner)),
            new GroupSpec("bronze", 100, Optional.empty(), Optional.empty(), List.of()));
    List<PartitionSpec> partitions = new ArrayList<>();
    for (int vm = 0; vm < vms; vm++) {
      List<TaskSpec> tasks = new ArrayList<>(busy(2, "gold/inner"));
      tasks.addAll(busy(2, "bronze"));
      partitions.add(guest("vm" + vm, VPS, "", groups, tasks));
    }
    return scenario(Machine.flat(lps, 1), partitions);
  }

  /// One Linux on `lps` LPs with two tasks each that compute 2 to 5 ms and sleep for about as long,
  /// out of step.
  static Scenario bursts(int lps) {
    List<TaskSpec> tasks = burstTasks(0, 2 * lps);
    PartitionSpec root =
        new PartitionSpec(
            "root",
            PartitionKind.ROOT,
            lps,
            1,
            Controls.DEFAULT,
            Optional.empty(),
            "",
            List.of(),
            LINUX,
            List.of(),
            tasks,
            List.of());
    return scenario(Machine.flat(lps, 1), List.of(root));
  }

  /// VMs of two VPs and four such tasks, which together want 2 LPs a VM.
  static Scenario sleepers(int lps, int vms) {
    List<PartitionSpec> partitions = new ArrayList<>();
    for (int vm = 0; vm < vms; vm++) {
      partitions.add(guest("vm" + vm, VPS, "", List.of(), burstTasks(4 * vm, 4)));
    }
    return scenario(Machine.flat(lps, 1), partitions);
  }

  private static List<TaskSpec> burstTasks(int from, int count) {
    List<TaskSpec> tasks = new ArrayList<>();
    for (int i = from; i < from + count; i++) {
      long runNs = (2 + i % 4) * MS + i * 7_919L % MS;
      long restNs = (2 + i / 4 % 4) * MS + i * 104_729L % MS;
      tasks.add(
          task("burst" + i, "", new WorkloadSpec.Periodic(runNs, runNs + restNs, i * 611_953L)));
    }
    return tasks;
  }

  /// An L1VH with children in cgroups of weights 300 and 100 by turns, each with two tasks a VP,
  /// and a neighbour for every child that is a third as large: the VPs are twice the LPs.
  ///
  /// @param lps a multiple of 8
  static Scenario nested(int lps) {
    int l1vhVps = lps / 2;
    int childCount = lps / 8;
    int childVps = 4;
    List<GroupSpec> groups =
        List.of(
            new GroupSpec("gold", 300, Optional.empty(), Optional.empty(), List.of()),
            new GroupSpec("bronze", 100, Optional.empty(), Optional.empty(), List.of()));
    List<PartitionSpec> children = new ArrayList<>();
    for (int child = 0; child < childCount; child++) {
      String group = child % 2 == 0 ? "gold" : "bronze";
      children.add(guest("vm" + child, childVps, group, List.of(), busy(2 * childVps, "")));
    }
    List<TaskSpec> agent =
        List.of(task("agent", "", new WorkloadSpec.Periodic(2 * MS, 10 * MS, 0)));
    PartitionSpec l1vh = l1vh(l1vhVps, groups, agent, children);
    List<PartitionSpec> partitions = new ArrayList<>(List.of(l1vh));
    for (int i = 0; i < lps / 2; i++) {
      partitions.add(guest("neighbour" + i, VPS, "", List.of(), busy(2 * VPS, "")));
    }
    return scenario(Machine.flat(lps, 1), partitions);
  }

  /// One host of 1,024 LPs with 4,096 VPs and 16,384 tasks: an L1VH of 256 VPs with 64 children of
  /// 4 VPs, and 1,792 neighbours of 2; four tasks on each VP.
  static Scenario large() {
    int childVps = 4;
    List<PartitionSpec> children = new ArrayList<>();
    for (int child = 0; child < 64; child++) {
      children.add(guest("vm" + child, childVps, "", List.of(), busy(4 * childVps, "")));
    }
    int l1vhVps = PartitionSpec.VPS_MAX;
    List<PartitionSpec> partitions = new ArrayList<>();
    partitions.add(l1vh(l1vhVps, List.of(), busy(4 * l1vhVps, ""), children));
    for (int i = 0; i < 1792; i++) {
      partitions.add(guest("neighbour" + i, VPS, "", List.of(), busy(4 * VPS, "")));
    }
    return scenario(Machine.flat(1024, 1), partitions);
  }

  private static PartitionSpec l1vh(
      int vps, List<GroupSpec> groups, List<TaskSpec> tasks, List<PartitionSpec> children) {
    return new PartitionSpec(
        "l1vh",
        PartitionKind.L1VH,
        vps,
        1,
        Controls.DEFAULT,
        Optional.empty(),
        "",
        List.of(),
        LINUX,
        groups,
        tasks,
        children);
  }

  private static Scenario scenario(Machine machine, List<PartitionSpec> partitions) {
    return new Scenario(
        "bench",
        "",
        1,
        1_000 * MS,
        machine,
        HypervisorConfig.DEFAULT,
        partitions,
        List.of(Assembly.CORE));
  }

  private static PartitionSpec guest(
      String name, int vps, String group, List<GroupSpec> groups, List<TaskSpec> tasks) {
    return guest(name, vps, group, LINUX, groups, tasks);
  }

  private static PartitionSpec guest(
      String name,
      int vps,
      String group,
      LinuxConfig linux,
      List<GroupSpec> groups,
      List<TaskSpec> tasks) {
    return new PartitionSpec(
        name,
        PartitionKind.GUEST,
        vps,
        1,
        Controls.DEFAULT,
        Optional.empty(),
        group,
        List.of(),
        linux,
        groups,
        tasks,
        List.of());
  }

  private static List<TaskSpec> busy(int count, String group) {
    List<TaskSpec> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = (group.isEmpty() ? "" : group.replace('/', '-') + "-") + "busy" + i;
      tasks.add(task(name, group, new WorkloadSpec.Busy()));
    }
    return tasks;
  }

  private static TaskSpec task(String name, String group, WorkloadSpec workload) {
    return new TaskSpec(name, group, 0, OptionalLong.empty(), Optional.empty(), 0, workload);
  }
}
