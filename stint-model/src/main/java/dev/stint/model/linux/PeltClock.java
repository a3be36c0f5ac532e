package dev.stint.model.linux;

/// The clock that a queue's load averages age by: the CPU's task clock without the time that the
/// queue stood empty under a bandwidth limit (`cfs_rq_clock_pelt`; facts: linux.md §4). A group
/// whose tasks are all parked does not look less loaded when they return.
///
/// CPUs have one speed here, so the kernel's scaling by capacity and frequency is by 1.
final class PeltClock {
  private static final long RUNNING = -1;

  private long stoppedAtNs = RUNNING;
  private long stoppedNs;

  /// The reading when the CPU's task clock reads `clockTaskNs`.
  long readNs(long clockTaskNs) {
    return (stoppedAtNs == RUNNING ? clockTaskNs : stoppedAtNs) - stoppedNs;
  }

  /// The queue is throttled and its last entity has left.
  void stop(long clockTaskNs) {
    if (stoppedAtNs == RUNNING) {
      stoppedAtNs = clockTaskNs;
    }
  }

  /// The queue has its first entity again, or is no longer throttled.
  void start(long clockTaskNs) {
    if (stoppedAtNs != RUNNING) {
      stoppedNs += clockTaskNs - stoppedAtNs;
      stoppedAtNs = RUNNING;
    }
  }
}
