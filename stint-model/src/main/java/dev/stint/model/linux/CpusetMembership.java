package dev.stint.model.linux;

import dev.stint.model.linux.cpuset.Cpuset;
import dev.stint.model.machine.CpuSet;

/// Where a task stands with the cpuset controller; kept by [Cpusets].
final class CpusetMembership {
  /// The cpuset it is in.
  Cpuset cpuset;

  /// The CPUs that this grants.
  CpuSet granted = CpuSet.EMPTY;

  /// Those asked for by sched_setaffinity, all when nobody did.
  CpuSet userMask;

  CpusetMembership(Cpuset cpuset, CpuSet userMask) {
    this.cpuset = cpuset;
    this.userMask = userMask;
  }
}
