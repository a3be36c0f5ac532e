package dev.stint.model.stack;

import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.Quota;
import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.machine.CpuSet;
import java.util.List;
import java.util.Optional;

/// A cgroup of one Linux.
///
/// @param name its directory name
/// @param weight `cpu.weight`, `cpu.weight.nice` or `cpu.idle`
/// @param quota `cpu.max` and `cpu.max.burst`, absent for none
/// @param cpus `cpuset.cpus`: CPUs of that Linux, absent for the parent's
/// @param exclusive `cpuset.cpus.exclusive`, empty for none
/// @param partition `cpuset.cpus.partition`
/// @param cpuExclusive `cpuset.cpu_exclusive` (cgroup v1)
/// @param groups the cgroups below it
public record GroupSpec(
    String name,
    GroupWeight weight,
    Optional<Quota> quota,
    Optional<CpuSet> cpus,
    CpuSet exclusive,
    PartitionType partition,
    boolean cpuExclusive,
    List<GroupSpec> groups) {
  /// One under cgroup v2.
  public GroupSpec(
      String name,
      GroupWeight weight,
      Optional<Quota> quota,
      Optional<CpuSet> cpus,
      CpuSet exclusive,
      PartitionType partition,
      List<GroupSpec> groups) {
    this(name, weight, quota, cpus, exclusive, partition, false, groups);
  }

  /// A member, without CPUs of its own to give away.
  public GroupSpec(
      String name,
      GroupWeight weight,
      Optional<Quota> quota,
      Optional<CpuSet> cpus,
      List<GroupSpec> groups) {
    this(name, weight, quota, cpus, CpuSet.EMPTY, PartitionType.MEMBER, groups);
  }

  /// One with this `cpu.weight`, 1 to 10,000.
  public GroupSpec(
      String name,
      int weight,
      Optional<Quota> quota,
      Optional<CpuSet> cpus,
      List<GroupSpec> groups) {
    this(name, new GroupWeight.OfWeight(weight), quota, cpus, groups);
  }

  /// Copies the list.
  public GroupSpec {
    groups = List.copyOf(groups);
  }
}
