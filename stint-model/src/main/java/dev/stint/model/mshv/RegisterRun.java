package dev.stint.model.mshv;

import dev.stint.model.time.Invariant;

/// MSHV_RUN_VP where the hypervisor schedules the VP: classic, core, and an L1VH without the
/// integrated scheduler (`mshv_run_vp_with_hyp_scheduler`; facts: hyperv.md §3).
///
/// ```
///   USER ─▶ INTERCEPT_SUSPEND := 0 ─▶ EXPLICIT_SUSPEND := 0 ─▶ asleep ── kicked ──▶ USER, message
///                                                                │ Unix signal
///                                 EXPLICIT_SUSPEND := 1 ◀────────┘
///                                 read INTERCEPT_SUSPEND ── 0 ──▶ USER, -EINTR
///                                          └── 1 ──▶ waits for the message ──▶ USER, message
/// ```
///
/// The order of the two writes matters: the other way round the second could erase the suspension
/// of an intercept that has just happened. Pure, one atomic step at a time, as [VcpuRun].
public final class RegisterRun {
  /// The next atomic step.
  public enum Point {
    /// In the VMM: no step until [#enter].
    USER,
    /// INTERCEPT_SUSPEND := 0.
    CLEAR_INTERCEPT,
    /// EXPLICIT_SUSPEND := 0: from now the VP may run.
    CLEAR_EXPLICIT,
    /// Joins the wait queue.
    ENQUEUE,
    /// Reads `kicked_by_hv`.
    READ_KICKED,
    /// Not kicked: leaves the wait for a Unix signal, goes round if woken, or sleeps.
    CHECK,
    /// Asleep, interruptibly.
    ASLEEP,
    /// EXPLICIT_SUSPEND := 1, because of a Unix signal.
    SUSPEND,
    /// Reads INTERCEPT_SUSPEND.
    READ_INTERCEPT,
    /// Joins the wait queue, uninterruptibly: a message is on its way.
    ENQUEUE_FINAL,
    /// Reads `kicked_by_hv`.
    READ_KICKED_FINAL,
    /// Asleep, uninterruptibly.
    ASLEEP_FINAL,
    /// `kicked_by_hv := 0`; the message is in the intercept page.
    CLEAR_KICKED
  }

  private final VpRun vp;
  private Point point = Point.USER;
  private RunOutcome outcome = RunOutcome.NONE;

  /// The ioctl for the VP with this run state.
  public RegisterRun(VpRun vp) {
    this.vp = vp;
  }

  /// The next atomic step.
  public Point point() {
    return point;
  }

  /// What the last ioctl returned.
  public RunOutcome outcome() {
    return outcome;
  }

  /// The VMM calls the ioctl.
  public void enter() {
    Invariant.check(point == Point.USER, "one MSHV_RUN_VP at a time");
    vp.lock();
    point = Point.CLEAR_INTERCEPT;
    outcome = RunOutcome.NONE;
  }

  /// Whether the thread has a step to take by itself.
  public boolean canStep() {
    return switch (point) {
      case USER -> false;
      case ASLEEP, ASLEEP_FINAL -> vp.woken;
      default -> true;
    };
  }

  /// Takes one step.
  public RunAction step(RunHost host) {
    return switch (point) {
      case USER -> throw new IllegalStateException("no step at " + point);
      case CLEAR_INTERCEPT ->
          host.writeInterceptSuspend(false) ? to(Point.CLEAR_EXPLICIT) : leave(RunOutcome.FAILED);
      case CLEAR_EXPLICIT ->
          host.writeExplicitSuspend(false) ? to(Point.ENQUEUE) : leave(RunOutcome.FAILED);
      case ENQUEUE -> enqueue(Point.READ_KICKED);
      case READ_KICKED -> vp.kickedByHv ? kicked() : to(Point.CHECK);
      case CHECK -> {
        if (host.unixSignalPending()) {
          dequeue();
          yield to(Point.SUSPEND);
        }
        yield vp.woken ? to(Point.ENQUEUE) : sleep(Point.ASLEEP);
      }
      case ASLEEP -> to(Point.ENQUEUE);
      case SUSPEND ->
          host.writeExplicitSuspend(true) ? to(Point.READ_INTERCEPT) : leave(RunOutcome.FAILED);
      case READ_INTERCEPT ->
          host.readInterceptSuspend() ? to(Point.ENQUEUE_FINAL) : leave(RunOutcome.INTERRUPTED);
      case ENQUEUE_FINAL -> enqueue(Point.READ_KICKED_FINAL);
      case READ_KICKED_FINAL -> {
        if (vp.kickedByHv) {
          yield kicked();
        }
        yield vp.woken ? to(Point.ENQUEUE_FINAL) : sleep(Point.ASLEEP_FINAL);
      }
      case ASLEEP_FINAL -> to(Point.ENQUEUE_FINAL);
      case CLEAR_KICKED -> {
        vp.kickedByHv = false;
        yield leave(RunOutcome.INTERCEPT);
      }
    };
  }

  /// A Unix signal wakes the thread from its interruptible sleep.
  public void unixSignal() {
    vp.woken |= point == Point.ASLEEP;
  }

  private RunAction enqueue(Point next) {
    vp.queued = true;
    vp.woken = false;
    return to(next);
  }

  private RunAction kicked() {
    dequeue();
    return to(Point.CLEAR_KICKED);
  }

  private void dequeue() {
    vp.queued = false;
    vp.woken = false;
  }

  private RunAction to(Point next) {
    point = next;
    return RunAction.GOES_ON;
  }

  private RunAction sleep(Point at) {
    point = at;
    return RunAction.SLEEPS;
  }

  private RunAction leave(RunOutcome with) {
    vp.unlock();
    point = Point.USER;
    outcome = with;
    return RunAction.RETURNS;
  }

  /// The state, in the low 6 bits.
  public int encode() {
    return point.ordinal() | (outcome.ordinal() << 4);
  }

  /// Takes the state that [#encode] gave.
  public void decode(int bits) {
    point = Point.values()[bits & 15];
    outcome = RunOutcome.values()[(bits >> 4) & 3];
    vp.decodeLock(point != Point.USER);
  }

  @Override
  public String toString() {
    return point + " " + vp;
  }
}
