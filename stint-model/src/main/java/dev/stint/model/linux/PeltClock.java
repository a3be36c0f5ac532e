package dev.stint.model.linux;

/// The clock that a queue's load averages age by: the CPU's task clock without the time that the
/// queue stood empty under a bandwidth limit (`cfs_rq_clock_pelt`; facts: linux.md §4). A group
/// whose tasks are all parked does not look less loaded when they return.
///
/// CPUs have one speed here, so the kernel's scaling by capacity and frequency is by 1.
final class PeltClock {
  private static final long RUNNING = -1;

  /// Of every queue that no limit has stopped yet.
  static final PeltClock NEVER_STOPPED = new PeltClock();

  private long stoppedAtNs = RUNNING;
  private long stoppedNs;

  /// The reading when the CPU's task clock reads `clockTaskNs`.
  long readNs(long clockTaskNs) {
    return (stoppedAtNs == RUNNING ? clockTaskNs : stoppedAtNs) - stoppedNs;
  }

  private PeltClock() {}

  /// The queue is throttled and its last entity has left: returns the queue's clock from now on.
  PeltClock stop(long clockTaskNs) {
    PeltClock own = this == NEVER_STOPPED ? new PeltClock() : this;
    if (own.stoppedAtNs == RUNNING) {
      own.stoppedAtNs = clockTaskNs;
    }
    return own;
  }

  /// The queue has its first entity again, or is no longer throttled.
  void start(long clockTaskNs) {
    if (stoppedAtNs != RUNNING) {
      stoppedNs += clockTaskNs - stoppedAtNs;
      stoppedAtNs = RUNNING;
    }
  }
}
