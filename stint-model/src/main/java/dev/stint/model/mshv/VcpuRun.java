package dev.stint.model.mshv;

import dev.stint.model.hypervisor.DispatchFlags;
import dev.stint.model.hypervisor.DispatchReturn;
import dev.stint.model.time.Invariant;

/// MSHV_RUN_VP where the parent's Linux schedules the VP: root and integrated alike
/// (`mshv_run_vp_with_root_scheduler`; facts: hyperv.md §2.3).
///
/// ```
///   USER ── ioctl ──▶ PRE ── HVCALL_DISPATCH_VP ──▶ DISP ── READY+INTERCEPT ──▶ RET ──▶ USER
///     │                ▲ ▲                           │ │ └── READY+other, INVALID ──▶ PRE
///     │ was blocked    │ └────── kicked, counter 0 ──┤ └── BLOCKED+SUSPEND ──▶ WAIT_S ─┐
///     └──▶ WAIT_B ─────┘         or injected vectors └──── BLOCKED+other ────▶ WAIT_B   │
///            │ Unix signal: RET(-EINTR), flags unchanged ◀──────────────────────────────┘
/// ```
///
/// Pure: [#step] takes exactly one atomic step, and everything else in the machine may happen
/// between two. The same object serves the simulator, which takes steps until the thread sleeps,
/// dispatches or returns, and the exhaustive search, which interleaves them.
public final class VcpuRun {
  /// The states of facts: hyperv.md §2.3.
  public enum State {
    /// In the VMM.
    USER,
    /// Between dispatches.
    PRE,
    /// Inside the hypercall.
    DISP,
    /// In the blocked wait.
    WAIT_B,
    /// In the wait after the first dispatch.
    WAIT_S,
    /// Leaving the ioctl.
    RET
  }

  /// The next atomic step.
  public enum Point {
    /// In the VMM: no step until [#enter].
    USER(State.USER),
    /// Reads `root_sched_blocked`.
    ENTRY(State.PRE),
    /// Looks for pending guest-mode work.
    PRE(State.PRE),
    /// Gathers the flags and makes the hypercall.
    CALL(State.PRE),
    /// Inside the hypercall: no step until [#returned] or [#refused].
    DISPATCH(State.DISP),
    /// `root_sched_blocked := 1`.
    MARK_BLOCKED(State.WAIT_B),
    /// Writes EXPLICIT_SUSPEND := 0.
    CLEAR_SUSPEND(State.WAIT_S),
    /// Joins the wait queue.
    ENQUEUE(State.WAIT_B),
    /// Reads `kicked_by_hv`.
    READ_KICKED(State.WAIT_B),
    /// Reads the blocked counter in SELF.
    READ_SELF(State.WAIT_B),
    /// Reads the blocked counter in PARENT.
    READ_PARENT(State.WAIT_B),
    /// Reads the injected vectors.
    READ_VECTORS(State.WAIT_B),
    /// The condition is false: leaves for a Unix signal, goes round if woken, or sleeps.
    CHECK(State.WAIT_B),
    /// Asleep in the queue.
    ASLEEP(State.WAIT_B),
    /// `root_sched_blocked := 0`.
    UNMARK(State.WAIT_B),
    /// `kicked_by_hv := 0`.
    CLEAR_KICKED(State.WAIT_B),
    /// READY with INTERCEPT: back to the VMM, or around if the kernel resolves it.
    RETURN(State.RET);

    private final State state;

    Point(State state) {
      this.state = state;
    }
  }

  private final VpRun vp;
  private Point point = Point.USER;
  private boolean afterSuspend;
  private RunOutcome outcome = RunOutcome.NONE;
  private boolean lateSuspend;
  private int flags;

  /// The ioctl for the VP with this run state.
  public VcpuRun(VpRun vp) {
    this.vp = vp;
  }

  /// Where the thread is, by the names of the facts.
  public State state() {
    return afterSuspend && point.state == State.WAIT_B ? State.WAIT_S : point.state;
  }

  /// The next atomic step.
  public Point point() {
    return point;
  }

  /// What the last ioctl returned.
  public RunOutcome outcome() {
    return outcome;
  }

  /// Whether the driver has warned that a VP was suspended explicitly after it had been signalled.
  public boolean warned() {
    return lateSuspend;
  }

  /// The VMM calls the ioctl.
  public void enter() {
    Invariant.check(point == Point.USER, "one MSHV_RUN_VP at a time");
    vp.lock();
    point = Point.ENTRY;
    afterSuspend = false;
    outcome = RunOutcome.NONE;
  }

  /// The flags of the dispatch in progress.
  public int flags() {
    return flags;
  }

  private int gatherFlags(RunHost host) {
    return (vp.interceptSuspend ? DispatchFlags.CLEAR_INTERCEPT_SUSPEND : 0)
        | (host.vectorsPending() ? DispatchFlags.SCAN_INTERRUPT_INJECTION : 0);
  }

  /// Whether the thread has a step to take by itself.
  public boolean canStep() {
    return switch (point) {
      case USER, DISPATCH -> false;
      case ASLEEP -> vp.woken;
      default -> true;
    };
  }

  /// Takes one step. After [RunAction#DISPATCHES] the caller makes the hypercall with [#flags] and
  /// time slice 0, and says how it ended: [#returned] or [#refused].
  public RunAction step(RunHost host) {
    return switch (point) {
      case USER, DISPATCH -> throw new IllegalStateException("no step at " + point);
      case ENTRY -> to(vp.rootSchedBlocked ? Point.ENQUEUE : Point.PRE);
      case PRE -> host.unixSignalPending() ? leave(RunOutcome.INTERRUPTED) : to(Point.CALL);
      case CALL -> {
        flags = gatherFlags(host);
        vp.rootSchedDispatched = true;
        point = Point.DISPATCH;
        yield RunAction.DISPATCHES;
      }
      case MARK_BLOCKED -> {
        vp.rootSchedBlocked = true;
        yield to(Point.ENQUEUE);
      }
      case CLEAR_SUSPEND -> {
        afterSuspend = true;
        yield host.writeExplicitSuspend(false) ? to(Point.ENQUEUE) : leave(RunOutcome.FAILED);
      }
      case ENQUEUE, READ_KICKED, READ_SELF, READ_PARENT, READ_VECTORS, CHECK, ASLEEP ->
          stepWait(host);
      case UNMARK -> {
        vp.rootSchedBlocked = false;
        yield to(Point.CLEAR_KICKED);
      }
      case CLEAR_KICKED -> {
        vp.kickedByHv = false;
        afterSuspend = false;
        yield to(Point.PRE);
      }
      case RETURN ->
          host.resolvesInterceptInKernel() ? to(Point.ENTRY) : leave(RunOutcome.INTERCEPT);
    };
  }

  /*
   * The wait: (kicked_by_hv = 1 and the counter is 0 in SELF and PARENT) or injected vectors. The
   * thread is in the queue before it reads, so a wake-up between reading and sleeping is seen.
   */
  private RunAction stepWait(RunHost host) {
    return switch (point) {
      case ENQUEUE -> {
        vp.queued = true;
        vp.woken = false;
        yield to(Point.READ_KICKED);
      }
      case READ_KICKED -> to(vp.kickedByHv ? Point.READ_SELF : Point.READ_VECTORS);
      case READ_SELF -> to(host.threadBlockedSelf() ? Point.READ_VECTORS : Point.READ_PARENT);
      case READ_PARENT -> host.threadBlockedParent() ? to(Point.READ_VECTORS) : wakes();
      case READ_VECTORS -> host.vectorsPending() ? wakes() : to(Point.CHECK);
      case CHECK -> {
        if (host.unixSignalPending()) {
          dequeue();
          yield leave(RunOutcome.INTERRUPTED);
        }
        if (vp.woken) {
          yield to(Point.ENQUEUE);
        }
        point = Point.ASLEEP;
        yield RunAction.SLEEPS;
      }
      case ASLEEP -> to(Point.ENQUEUE);
      default -> throw new IllegalStateException("not waiting at " + point);
    };
  }

  private RunAction wakes() {
    dequeue();
    return to(Point.UNMARK);
  }

  private void dequeue() {
    vp.queued = false;
    vp.woken = false;
  }

  /// A Unix signal wakes the thread from its sleep; no effect elsewhere, where the thread looks for
  /// signals itself.
  public void unixSignal() {
    vp.woken |= point == Point.ASLEEP;
  }

  /// The hypercall has succeeded. Only now the intercept counts as handled.
  public void returned(DispatchReturn with) {
    Invariant.check(point == Point.DISPATCH, "only a dispatch returns");
    vp.rootSchedDispatched = false;
    flags = 0;
    vp.interceptSuspend = false;
    switch (with) {
      case BLOCKED_SUSPEND -> {
        lateSuspend |= vp.signaledCount() != 0;
        point = Point.CLEAR_SUSPEND;
      }
      case BLOCKED_INTERNAL -> point = Point.MARK_BLOCKED;
      case READY_INTERCEPT -> {
        vp.interceptSuspend = true;
        point = Point.RETURN;
      }
      case READY_PREEMPTED,
          READY_CANCELLED,
          READY_SCHEDULER,
          READY_LONG_SPIN_WAIT,
          READY_TIME_SLICE_END,
          READY_INVALID,
          INVALID_INVALID ->
          point = Point.PRE;
    }
  }

  /// The hypercall has failed.
  public void refused() {
    Invariant.check(point == Point.DISPATCH, "only a dispatch fails");
    vp.rootSchedDispatched = false;
    flags = 0;
    leave(RunOutcome.FAILED);
  }

  private RunAction to(Point next) {
    point = next;
    return RunAction.GOES_ON;
  }

  private RunAction leave(RunOutcome with) {
    vp.unlock();
    point = Point.USER;
    afterSuspend = false;
    outcome = with;
    return RunAction.RETURNS;
  }

  /// The state, in the low 11 bits.
  public int encode() {
    return point.ordinal()
        | ((flags & DispatchFlags.CLEAR_INTERCEPT_SUSPEND) != 0 ? 1 << 9 : 0)
        | ((flags & DispatchFlags.SCAN_INTERRUPT_INJECTION) != 0 ? 1 << 10 : 0)
        | (outcome.ordinal() << 5)
        | (afterSuspend ? 1 << 7 : 0)
        | (lateSuspend ? 1 << 8 : 0);
  }

  /// Takes the state that [#encode] gave.
  public void decode(int bits) {
    point = Point.values()[bits & 31];
    outcome = RunOutcome.values()[(bits >> 5) & 3];
    vp.decodeLock(point != Point.USER);
    afterSuspend = (bits & (1 << 7)) != 0;
    lateSuspend = (bits & (1 << 8)) != 0;
    flags =
        ((bits & (1 << 9)) != 0 ? DispatchFlags.CLEAR_INTERCEPT_SUSPEND : 0)
            | ((bits & (1 << 10)) != 0 ? DispatchFlags.SCAN_INTERRUPT_INJECTION : 0);
  }

  @Override
  public String toString() {
    return state() + "." + point + " " + vp;
  }
}
