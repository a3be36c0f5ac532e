package dev.stint.model.linux;

import dev.stint.model.linux.cpuset.Cpuset;
import dev.stint.model.machine.CpuSet;

/// Where a task stands with its cgroups; the cpuset's part is kept by [Cpusets].
final class CgroupMembership {
  /// The cpuset it is in.
  Cpuset cpuset;

  /// The CPUs that this grants.
  CpuSet granted = CpuSet.EMPTY;

  /// Those asked for by sched_setaffinity, all when nobody did.
  CpuSet userMask;

  /// Its session, for autogroups.
  final String session;

  /// Its run time when it joined its cgroup.
  long execAtJoinNs;

  CgroupMembership(String session, Cpuset cpuset, CpuSet userMask) {
    this.session = session;
    this.cpuset = cpuset;
    this.userMask = userMask;
  }
}
