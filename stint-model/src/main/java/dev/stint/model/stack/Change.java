package dev.stint.model.stack;

import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.Quota;
import dev.stint.model.linux.SchedulingPolicy;
import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.machine.CpuSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What a tool does inside a partition's Linux while the run goes on: it writes a file of a cgroup,
/// or calls the kernel for a task.
///
/// Groups are named by path, the root group by the empty one; tasks by name.
public sealed interface Change {
  /// Writes `cpu.weight`, `cpu.weight.nice` or 1 to `cpu.idle`.
  record Weight(String group, GroupWeight weight) implements Change {}

  /// Writes 0 to `cpu.idle`.
  record ClearIdle(String group) implements Change {}

  /// Writes `cpu.max` and `cpu.max.burst`; an empty quota lifts the limit.
  record Limit(String group, Optional<Quota> quota) implements Change {}

  /// Writes `cpuset.cpus`.
  record Cpus(String group, CpuSet cpus) implements Change {}

  /// Writes `cpuset.cpus.exclusive`.
  record Exclusive(String group, CpuSet cpus) implements Change {}

  /// Writes `cpuset.cpus.partition`.
  record Partition(String group, PartitionType type) implements Change {}

  /// Writes `cpuset.cpu_exclusive`.
  record CpuExclusive(String group, boolean exclusive) implements Change {}

  /// Moves a task to a group (`cgroup.procs`).
  record Move(String task, String group) implements Change {}

  /// Asks for CPUs (sched_setaffinity).
  record Affinity(String task, CpuSet cpus) implements Change {}

  /// Changes attributes (sched_setattr); absent ones stay.
  record Attributes(
      String task, Optional<SchedulingPolicy> policy, OptionalInt nice, OptionalLong sliceNs)
      implements Change {}
}
