package dev.stint.model.hypervisor;

import dev.stint.model.time.Invariant;

/// How far one VP is allowed to run, as its hypervisor keeps it: the suspend registers, whether its
/// guest has something to run, and what its parent was told (facts: hyperv.md §2.4 to §2.6, §3).
///
/// ```
///              cleared                    dispatch               guest halts
///   EXPLICIT ──────────▶ RUNNABLE ──────────────────▶ RUNNING ───────────────▶ BLOCKED
///                          ▲   ▲      dispatch ends      │                        │
///                          │   └─────────────────────────┤ intercept              │ interrupt:
///                          │                             ▼                        │ counter := 0,
///                          │◀── cleared / flag 0x01 ── INTERCEPT                  │ then signal
///                          └──────────────────────────────────────────────────────┘
///   DISPATCH_SUSPEND := 1 ──▶ DISPATCH, for ever
/// ```
///
/// Pure: no time, no simulation. Each method is one atomic step of the hypervisor; those that the
/// hypervisor takes in several (waking a parent's thread, sending an intercept message) say what is
/// due next, and others may act in between.
///
/// A VP is either *dispatched* (root, integrated: it runs inside its parent's HVCALL_DISPATCH_VP)
/// or not (classic, core: the hypervisor starts and stops it).
public final class VpExecution {
  /// What the VP is doing (facts: hyperv.md §2.4).
  public enum State {
    /// EXPLICIT_SUSPEND is set: it is so from its creation.
    EXPLICIT_SUSPENDED,
    /// Its guest has something to run; nobody runs it.
    RUNNABLE,
    /// It runs, or would if what is below it had an LP.
    RUNNING,
    /// Its guest has nothing to run.
    BLOCKED,
    /// Its guest needs the VMM.
    INTERCEPT_SUSPENDED,
    /// Its parent tears it down: it never runs again.
    DISPATCH_SUSPENDED
  }

  /// A step that the hypervisor owes.
  public enum Due {
    /// Nothing.
    NOTHING,
    /// Set RootDispatchThreadBlocked to 0 in the statistics pages. It comes before the signal.
    CLEAR_THREAD_BLOCKED,
    /// Put a signal for this VP into a message for the parent.
    SEND_SIGNAL,
    /// Put the intercept message into the parent's slot.
    SEND_INTERCEPT
  }

  private final boolean dispatched;
  private boolean explicitSuspend = true;
  private boolean interceptSuspend;
  private boolean dispatchSuspend;
  private boolean work;
  private boolean running;
  private boolean threadBlocked;
  private boolean clearDue;
  private boolean signalDue;
  private boolean signalInSlot;
  private boolean interceptDue;
  private boolean injectedVectors;
  private long signalCount;
  private DispatchReturn lastReturn = DispatchReturn.BLOCKED_SUSPEND;

  /// A VP that is just created: explicitly suspended, with nothing to run.
  ///
  /// @param dispatched whether its parent dispatches it
  public VpExecution(boolean dispatched) {
    this.dispatched = dispatched;
  }

  /// What it is doing.
  public State state() {
    if (dispatchSuspend) {
      return State.DISPATCH_SUSPENDED;
    }
    if (explicitSuspend) {
      return State.EXPLICIT_SUSPENDED;
    }
    if (interceptSuspend) {
      return State.INTERCEPT_SUSPENDED;
    }
    if (running) {
      return State.RUNNING;
    }
    return work ? State.RUNNABLE : State.BLOCKED;
  }

  /// Whether its parent dispatches it.
  public boolean dispatched() {
    return dispatched;
  }

  /// Whether any register keeps it from running.
  public boolean suspended() {
    return explicitSuspend || interceptSuspend || dispatchSuspend;
  }

  /// Whether its guest has something to run.
  public boolean hasWork() {
    return work;
  }

  // --- Registers ---

  /// Register EXPLICIT_SUSPEND (0x0).
  public boolean explicitSuspend() {
    return explicitSuspend;
  }

  /// Register INTERCEPT_SUSPEND (0x1).
  public boolean interceptSuspend() {
    return interceptSuspend;
  }

  /// Register DISPATCH_SUSPEND (0x3).
  public boolean dispatchSuspend() {
    return dispatchSuspend;
  }

  /// Register VP_ROOT_SIGNAL_COUNT (0x00090014): the signals sent for this VP so far.
  public long rootSignalCount() {
    return signalCount;
  }

  /// Writes EXPLICIT_SUSPEND. Set, the VP has stopped when the write returns; cleared, it runs on
  /// if nothing else keeps it, and its parent's thread is told if it was told to wait.
  public void writeExplicitSuspend(boolean value) {
    explicitSuspend = value;
    if (value) {
      running = false;
    } else {
      wakeThread();
    }
  }

  /// Writes INTERCEPT_SUSPEND.
  public void writeInterceptSuspend(boolean value) {
    interceptSuspend = value;
    if (value) {
      running = false;
    }
  }

  /// Sets DISPATCH_SUSPEND: from now on no signal is sent and the count of signals is frozen.
  public void writeDispatchSuspend() {
    dispatchSuspend = true;
    running = false;
    clearDue = false;
    signalDue = false;
  }

  // --- The guest ---

  /// A guest interrupt, timer or completion: its guest has something to run.
  public void interrupt() {
    work = true;
    if (!explicitSuspend) {
      wakeThread();
    }
  }

  private void wakeThread() {
    if (dispatched && work && threadBlocked && !dispatchSuspend) {
      clearDue = true;
    }
  }

  /// The running guest halts: a dispatch returns BLOCKED.
  public void halt() {
    work = false;
    if (running) {
      running = false;
      if (dispatched) {
        threadBlocked = true;
        lastReturn = DispatchReturn.BLOCKED_INTERNAL;
      }
    }
  }

  /// The running guest needs its VMM: a dispatch returns READY with INTERCEPT; where the hypervisor
  /// schedules, a message to the parent is due. Never for an explicitly suspended VP.
  public void intercept() {
    Invariant.check(running && !suspended(), "only a running VP is intercepted");
    interceptSuspend = true;
    running = false;
    if (dispatched) {
      lastReturn = DispatchReturn.READY_INTERCEPT;
    } else {
      interceptDue = true;
    }
  }

  // --- Where the hypervisor schedules ---

  /// The hypervisor gives the VP an LP; it runs unless it has nothing to run by now.
  public void start() {
    Invariant.check(!dispatched, "only its parent's dispatch runs a dispatched VP");
    running = state() == State.RUNNABLE || running;
  }

  /// The hypervisor takes the LP away.
  public void stop() {
    running = false;
  }

  // --- Dispatch ---

  /// HVCALL_DISPATCH_VP begins. When it is accepted either the VP runs from now ([#running]) or the
  /// dispatch is over already ([#lastReturn]).
  ///
  /// @param flags of [DispatchFlags]
  /// @return false when the VP is not in a state to be dispatched (HV_STATUS_INVALID_VP_STATE): the
  ///   hypervisor schedules it, it runs already, or its dispatch is suspended
  public boolean dispatch(int flags) {
    if (!dispatched || dispatchSuspend || running) {
      return false;
    }
    if ((flags & DispatchFlags.CLEAR_INTERCEPT_SUSPEND) != 0) {
      interceptSuspend = false;
    }
    if ((flags & DispatchFlags.SCAN_INTERRUPT_INJECTION) != 0 && injectedVectors) {
      injectedVectors = false;
      work = true;
    }
    if (explicitSuspend) {
      threadBlocked = true;
      lastReturn = DispatchReturn.BLOCKED_SUSPEND;
    } else if (interceptSuspend) {
      lastReturn = DispatchReturn.READY_INTERCEPT;
    } else if (!work) {
      threadBlocked = true;
      lastReturn = DispatchReturn.BLOCKED_INTERNAL;
    } else {
      running = true;
      threadBlocked = false;
      clearDue = false;
    }
    return true;
  }

  /// Whether the VP runs: inside a dispatch, or started.
  public boolean running() {
    return running;
  }

  /// The dispatch in progress ends although the guest could go on.
  public void endDispatch(DispatchReturn why) {
    Invariant.check(running && why.state() != DispatchState.BLOCKED, "a running VP stays ready");
    running = false;
    lastReturn = why;
  }

  /// With what the latest dispatch returned.
  public DispatchReturn lastReturn() {
    return lastReturn;
  }

  /// RootDispatchThreadBlocked (statistics of SELF and PARENT alike): the VP's last dispatch told
  /// the parent's thread to wait, and nothing happened since that would let it run.
  public boolean threadBlocked() {
    return threadBlocked;
  }

  // --- Telling the parent ---

  /// What the hypervisor must do next for the parent to know: the blocked counter is cleared before
  /// the signal, or a thread that reads it between the two would sleep for ever. One signal at a
  /// time is in a message; another waits for [#signalTaken].
  public Due due() {
    if (interceptDue) {
      return Due.SEND_INTERCEPT;
    }
    if (clearDue) {
      return Due.CLEAR_THREAD_BLOCKED;
    }
    return signalDue && !signalInSlot ? Due.SEND_SIGNAL : Due.NOTHING;
  }

  /// Does [Due#CLEAR_THREAD_BLOCKED].
  public void clearThreadBlocked() {
    threadBlocked = false;
    clearDue = false;
    signalDue = !dispatchSuspend;
  }

  /// Does [Due#SEND_SIGNAL]: the caller delivers a scheduler message that names this VP.
  public void sendSignal() {
    Invariant.check(!signalInSlot && !dispatchSuspend, "one signal at a time, none at the end");
    signalDue = false;
    signalInSlot = true;
    signalCount++;
  }

  /// Does [Due#SEND_INTERCEPT]: the caller delivers HVMSG_OPAQUE_INTERCEPT.
  public void sendIntercept() {
    interceptDue = false;
  }

  /// Whether a message with a signal for this VP waits for the parent.
  public boolean signalInSlot() {
    return signalInSlot;
  }

  /// The parent has emptied the slot of the message that held the signal.
  public void signalTaken() {
    signalInSlot = false;
  }

  /// The parent puts an interrupt vector into the register page (irqfd); the next dispatch with
  /// [DispatchFlags#SCAN_INTERRUPT_INJECTION] takes it.
  public void injectVector() {
    injectedVectors = true;
  }

  /// Whether the register page holds vectors (`interrupt_vectors`).
  public boolean injectedVectors() {
    return injectedVectors;
  }

  // --- For exhaustive search ---

  /// The state but for the count of signals, in the low 16 bits.
  public int encode() {
    int bits = lastReturn.ordinal();
    boolean[] flags = {
      explicitSuspend,
      interceptSuspend,
      dispatchSuspend,
      work,
      running,
      threadBlocked,
      clearDue,
      signalDue,
      signalInSlot,
      interceptDue,
      injectedVectors
    };
    for (boolean flag : flags) {
      bits = (bits << 1) | (flag ? 1 : 0);
    }
    return bits;
  }

  /// Takes the state that [#encode] gave, with `signals` sent so far.
  public void decode(int bits, long signals) {
    injectedVectors = (bits & 1) != 0;
    interceptDue = (bits & (1 << 1)) != 0;
    signalInSlot = (bits & (1 << 2)) != 0;
    signalDue = (bits & (1 << 3)) != 0;
    clearDue = (bits & (1 << 4)) != 0;
    threadBlocked = (bits & (1 << 5)) != 0;
    running = (bits & (1 << 6)) != 0;
    work = (bits & (1 << 7)) != 0;
    dispatchSuspend = (bits & (1 << 8)) != 0;
    interceptSuspend = (bits & (1 << 9)) != 0;
    explicitSuspend = (bits & (1 << 10)) != 0;
    lastReturn = DispatchReturn.values()[bits >> 11];
    signalCount = signals;
  }

  @Override
  public String toString() {
    return state()
        + (work ? " work" : "")
        + (threadBlocked ? " thread-blocked" : "")
        + (due() == Due.NOTHING ? "" : " due " + due())
        + (signalInSlot ? " signal-in-slot" : "");
  }
}
