package dev.stint.model.stack;

import dev.stint.model.hypervisor.Partition;
import dev.stint.model.linux.LinuxKernel;
import dev.stint.model.linux.TaskGroup;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.sched.TaskControl;
import java.util.LinkedHashMap;
import java.util.Map;

/// A partition as it was built: its description, its VPs, its Linux, and where its parts ended up.
///
/// A root partition that stands in for an L1VH has more CPUs than the L1VH; `firstLps` then says
/// which of them are the L1VH's.
final class Guest {
  final PartitionSpec spec;
  final Partition partition;
  final LinuxKernel kernel;

  /// The group that stands for the Linux's root cgroup: another one when the Linux is shared with
  /// neighbours.
  final TaskGroup top;

  final Map<String, TaskGroup> groups = new LinkedHashMap<>();
  final Map<String, TaskControl> tasks = new LinkedHashMap<>();
  private final int[] cpuOf;

  Guest(PartitionSpec spec, Partition partition, LinuxKernel kernel, TaskGroup top, int[] cpuOf) {
    this.spec = spec;
    this.partition = partition;
    this.kernel = kernel;
    this.top = top;
    this.cpuOf = cpuOf;
  }

  /// The group of a path in the scenario; empty for the root cgroup.
  TaskGroup group(String path) {
    if (path.isEmpty()) {
      return top;
    }
    TaskGroup group = groups.get(path);
    if (group == null) {
      throw new CannotAssemble(spec.name() + " has no cgroup \"" + path + "\"");
    }
    return group;
  }

  /// Whether tasks of its root cgroup compete in groups of their sessions.
  boolean autogroups() {
    return spec.linux().autogroup() && top == kernel.rootGroup();
  }

  /// The task of this name in the scenario.
  TaskControl task(String name) {
    TaskControl task = tasks.get(name);
    if (task == null) {
      throw new IllegalStateException(spec.name() + " has no task " + name);
    }
    return task;
  }

  /// The scenario's CPU numbers as this kernel's.
  CpuSet cpus(CpuSet scenarioCpus) {
    CpuSet mapped = CpuSet.EMPTY;
    for (int cpu : scenarioCpus.toArray()) {
      if (cpu < cpuOf.length) {
        mapped = mapped.or(CpuSet.of(cpuOf[cpu]));
      }
    }
    return mapped;
  }
}
