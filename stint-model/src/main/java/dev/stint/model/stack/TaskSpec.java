package dev.stint.model.stack;

import dev.stint.model.linux.SchedulingAttributes;
import dev.stint.model.linux.SchedulingPolicy;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.workload.WorkloadSpec;
import java.util.Optional;
import java.util.OptionalLong;

/// A task of one Linux.
///
/// @param name unique in its partition
/// @param group path of its cgroup, `gold` or `gold/inner`; empty for the root cgroup
/// @param policy SCHED_NORMAL, SCHED_BATCH or SCHED_IDLE
/// @param nice -20 to 19
/// @param sliceNs custom slice (sched_setattr), 0.1 to 100 ms; absent for the base slice
/// @param affinity the CPUs that it asked for (sched_setaffinity); absent for all
/// @param session its session, for autogroups; empty for one of its own
/// @param startNs when it becomes ready first
/// @param workload what it does
public record TaskSpec(
    String name,
    String group,
    SchedulingPolicy policy,
    int nice,
    OptionalLong sliceNs,
    Optional<CpuSet> affinity,
    String session,
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

  /// A SCHED_NORMAL task with a session of its own.
  public TaskSpec(
      String name,
      String group,
      int nice,
      OptionalLong sliceNs,
      Optional<CpuSet> affinity,
      long startNs,
      WorkloadSpec workload) {
    this(name, group, SchedulingPolicy.NORMAL, nice, sliceNs, affinity, "", startNs, workload);
  }

  /// What it asks of its Linux's fair class.
  public SchedulingAttributes attributes() {
    return new SchedulingAttributes(policy, nice, sliceNs);
  }

  /// The session it belongs to, by name.
  public String ownSession() {
    return session.isEmpty() ? name : session;
  }

  /// This task under another name.
  public TaskSpec named(String newName) {
    return new TaskSpec(
        newName, group, policy, nice, sliceNs, affinity, session, startNs, workload);
  }
}
