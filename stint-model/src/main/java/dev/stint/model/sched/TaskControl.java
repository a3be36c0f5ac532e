package dev.stint.model.sched;

import dev.stint.model.trace.Metric;

/// The actions of a [Program]: exactly one of the first group per step; and, at any time, signals
/// and samples.
public interface TaskControl {
  /// Longer than any run: a computation that never ends.
  long FOREVER = Long.MAX_VALUE;

  /// The task's entity id.
  int id();

  /// Computes for `workNs` of processor time (at least 1, or [#FOREVER]), then steps again.
  /// [#release] ends it early.
  void compute(long workNs);

  /// Sleeps on a timer of the current CPU until `wakeNs`, then steps again. A time not after now
  /// steps again at once, without blocking.
  void sleepUntil(long wakeNs);

  /// Blocks until [#signal]. A signal that came since the last [#block] returned is not lost: the
  /// task then steps again at once.
  void block();

  /// Keeps the CPU busy in the kernel for up to `pollNs` (at least 1) and then blocks as [#block]
  /// does: sooner if another task is queued on the CPU or the CPU is to reschedule. [#signal] ends
  /// either.
  void pollThenBlock(long pollNs);

  /// Lets others of its runqueue run first (sched_yield), then steps again when picked.
  void yieldProcessor();

  /// As [#yieldProcessor], and favours another task of the same Linux in the next pick of that
  /// task's CPU (KVM's directed yield).
  void yieldTo(TaskControl target);

  /// Supplies the time of this task to a VP from now (DISPATCH_VP), until [#surrender].
  void carry(Processor vp);

  /// Does something that the VMM must handle: the whole VP stops until it has, then the task steps
  /// again.
  void intercept(Intercept cause);

  /// Ends the task.
  void exit();

  /// Wakes the task from [#block]; called by another task running on some processor (`waker` is its
  /// entity id), or by a device: an interrupt addressed to the CPU where the task ran last (`waker`
  /// is `Entities.NONE`).
  default void signal(long nowNs, int waker) {
    signal(nowNs, waker, false);
  }

  /// As [#signal(long, int)]; `sync` when the waker says that it is about to sleep (WF_SYNC), as a
  /// writer to a pipe does.
  void signal(long nowNs, int waker, boolean sync);

  /// Ends the task's current [#compute] now: at once if it is running, else when it next runs. No
  /// effect when it is not computing.
  void release(long nowNs);

  /// Ends [#carry]: the program steps again as soon as the task runs on a backed CPU. No effect
  /// when it carries nothing.
  void surrender(long nowNs);

  /// Tells the layer below this task's CPU that it has spun for long, waiting for another (the
  /// guest's HvNotifyLongSpinWait); called in a step.
  void notifyLongSpin(long nowNs);

  /// Whether the task holds a backed processor at this instant.
  boolean progressing();

  /// Total processor time that the task truly got so far, in nanoseconds, up to now.
  long progressNs(long nowNs);

  /// Reads the task's CPU clock (CLOCK_THREAD_CPUTIME_ID); called in a step. The kernel charges the
  /// task up to now to answer, as at a tick, and may so find its slice or quota spent: a load that
  /// spins until its CPU clock says so gives way at the end of its slice, not at the next tick.
  ///
  /// @return the CPU time charged so far, in nanoseconds
  long cpuClockNs(long nowNs);

  /// Reports a figure of the workload.
  void sample(long nowNs, Metric metric, long value);
}
