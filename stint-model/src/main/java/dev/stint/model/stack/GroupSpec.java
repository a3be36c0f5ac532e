package dev.stint.model.stack;

import dev.stint.model.linux.Quota;
import dev.stint.model.machine.CpuSet;
import java.util.List;
import java.util.Optional;

/// A cgroup of one Linux.
///
/// @param name its directory name
/// @param weight `cpu.weight`: 1 to 10,000, default 100
/// @param quota `cpu.max` and `cpu.max.burst`, absent for none
/// @param cpus `cpuset.cpus`: CPUs of that Linux, absent for the parent's
/// @param groups the cgroups below it
public record GroupSpec(
    String name, int weight, Optional<Quota> quota, Optional<CpuSet> cpus, List<GroupSpec> groups) {
  /// Validates the weight and copies the list.
  public GroupSpec {
    if (weight < 1 || weight > 10_000) {
      throw new IllegalArgumentException("cpu.weight is 1 to 10000, got " + weight);
    }
    groups = List.copyOf(groups);
  }
}
