package dev.stint.model.mshv;

import dev.stint.model.time.Invariant;

/// What the mshv driver keeps per VP (`struct mshv_vp`, member `run`; facts: hyperv.md §2.2),
/// shared by the thread in MSHV_RUN_VP, the message interrupt, and the teardown.
public final class VpRun {
  boolean interceptSuspend;
  boolean rootSchedBlocked;
  boolean rootSchedDispatched;
  boolean kickedByHv;
  private long signaledCount;

  /* The wait queue: somebody is in it, and was woken since. */
  boolean queued;
  boolean woken;

  /* vp_mutex: a thread is in MSHV_RUN_VP. */
  private boolean locked;

  /// A VP that was never run.
  public VpRun() {}

  /// A scheduler message named this VP: the three steps of the interrupt, in their order.
  public void signalled() {
    countSignal();
    kick();
    wakeQueue();
  }

  /// An intercept message named this VP: its thread is kicked, and no signal is counted.
  public void intercepted() {
    kick();
    wakeQueue();
  }

  /// `vp_signaled_count += 1`.
  public void countSignal() {
    signaledCount++;
  }

  /// `kicked_by_hv := 1`.
  public void kick() {
    kickedByHv = true;
  }

  /// Wakes `vp_suspend_queue`.
  public void wakeQueue() {
    woken |= queued;
  }

  /// `vp_signaled_count`: the signals that the driver has seen for this VP.
  public long signaledCount() {
    return signaledCount;
  }

  /// `kicked_by_hv`.
  public boolean kickedByHv() {
    return kickedByHv;
  }

  /// Whether the last dispatch returned with an intercept (`intercept_suspend`).
  public boolean interceptSuspend() {
    return interceptSuspend;
  }

  /// Whether the thread must wait before it dispatches (`root_sched_blocked`).
  public boolean rootSchedBlocked() {
    return rootSchedBlocked;
  }

  /// Whether a thread is inside HVCALL_DISPATCH_VP (`root_sched_dispatched`).
  public boolean rootSchedDispatched() {
    return rootSchedDispatched;
  }

  /// Whether a thread is in MSHV_RUN_VP (`vp_mutex` is held): another waits, unless it is killed.
  public boolean locked() {
    return locked;
  }

  /* A thread enters the ioctl; one at a time. */
  void lock() {
    Invariant.check(!locked, "one MSHV_RUN_VP at a time");
    locked = true;
  }

  /* It leaves. */
  void unlock() {
    locked = false;
  }

  /* An ioctl takes a state in which it holds the mutex, or not. */
  void decodeLock(boolean held) {
    locked |= held;
  }

  /// Whether whoever waits in the queue has been woken.
  public boolean woken() {
    return woken;
  }

  /// The state but for the count, in the low 6 bits.
  public int encode() {
    return (interceptSuspend ? 1 : 0)
        | (rootSchedBlocked ? 2 : 0)
        | (rootSchedDispatched ? 4 : 0)
        | (kickedByHv ? 8 : 0)
        | (queued ? 16 : 0)
        | (woken ? 32 : 0);
  }

  /// Takes the state that [#encode] gave, with `vp_mutex` free until an ioctl takes its own state.
  ///
  /// @param signals the value of [#signaledCount]
  public void decode(int bits, long signals) {
    interceptSuspend = (bits & 1) != 0;
    rootSchedBlocked = (bits & 2) != 0;
    rootSchedDispatched = (bits & 4) != 0;
    kickedByHv = (bits & 8) != 0;
    queued = (bits & 16) != 0;
    woken = (bits & 32) != 0;
    signaledCount = signals;
    locked = false;
  }

  @Override
  public String toString() {
    return (kickedByHv ? "kicked " : "")
        + (rootSchedBlocked ? "blocked " : "")
        + (interceptSuspend ? "intercept " : "")
        + "signals "
        + signaledCount;
  }
}
