package dev.stint.model.linux;

/// Where ticks found the tasks of a cgroup and those below it (`struct cgroup_base_stat`; facts:
/// linux.md §7.2).
final class GroupTimes {
  private long userTickNs;
  private long niceTickNs;
  private long systemTickNs;
  private long departedNs;
  private final CputimeSplit split = new CputimeSplit();

  /// A task leaves the cgroup: what it ran here stays.
  void departed(Task task) {
    departedNs += task.execInGroupNs();
    task.membership.execAtJoinNs = task.entity.sumExecNs;
  }

  /// Run time, in the cgroup itself, of tasks that have left it.
  long departedNs() {
    return departedNs;
  }

  /// A tick found one of them running.
  void sampled(long ns, boolean inKernel, boolean nice) {
    if (inKernel) {
      systemTickNs += ns;
      return;
    }
    userTickNs += ns;
    niceTickNs += nice ? ns : 0;
  }

  /// Sampled time of tasks with a positive nice value: `nice_usec`, part of the user time and not
  /// rescaled.
  long niceNs() {
    return niceTickNs;
  }

  /// User and system time that add up to `execNs`.
  CputimeSplit.Times times(long execNs) {
    return split.adjust(userTickNs, systemTickNs, execNs);
  }
}
