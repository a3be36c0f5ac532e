package dev.stint.model.stack;

import dev.stint.model.machine.CpuSet;
import dev.stint.model.workload.WorkloadSpec;
import java.util.Optional;
import java.util.OptionalLong;

/// A task of one Linux.
///
/// @param name unique in its partition
/// @param group path of its cgroup, `gold` or `gold/inner`; empty for the root cgroup
/// @param nice -20 to 19
/// @param sliceNs custom slice (sched_setattr), 0.1 to 100 ms; absent for the base slice
/// @param affinity the CPUs that it asked for (sched_setaffinity); absent for all
/// @param startNs when it becomes ready first
/// @param workload what it does
public record TaskSpec(
    String name,
    String group,
    int nice,
    OptionalLong sliceNs,
    Optional<CpuSet> affinity,
    long startNs,
    WorkloadSpec workload) {
  /// Validates nice and slice.
  public TaskSpec {
    if (nice < -20 || nice > 19) {
      throw new IllegalArgumentException("nice is -20 to 19, got " + nice);
    }
    if (sliceNs.isPresent()
        && (sliceNs.getAsLong() < 100_000 || sliceNs.getAsLong() > 100_000_000)) {
      throw new IllegalArgumentException("a custom slice is 0.1 ms to 100 ms");
    }
  }
}
