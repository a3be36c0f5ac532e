package dev.stint.model.sim;

/// The order of timers that expire at the same instant. Scheduling decisions come after all of
/// them, as deferred work ([Simulation#defer]).
///
/// Inside one CPU this is the kernel's order for one timer interrupt: expired high-resolution
/// timers (wake-ups, bandwidth periods) before the tick (facts: `hrtimer_interrupt` runs in order
/// of expiry, the tick is one of them, and `schedule()` follows at interrupt exit).
public final class TimerRank {
  /// A computation of a task is complete.
  public static final int WORK = 0;

  /// A device or an arrival process of a workload.
  public static final int DEVICE = 8;

  /// A sleeping task's timer.
  public static final int SLEEP = 16;

  /// A bandwidth period or slack timer.
  public static final int BANDWIDTH = 24;

  /// The scheduler tick of a CPU.
  public static final int TICK = 32;

  /// What the tick left for after it: load balancing.
  public static final int SOFTIRQ = 36;

  /// The hypervisor's time slice, window and balance timers.
  public static final int HYPERVISOR = 40;

  /// Observers: progress, sampling.
  public static final int OBSERVER = 120;

  private TimerRank() {}
}
