package dev.stint.model.hypervisor;

/// The legal pairs of state and event with which a dispatch returns (facts: hyperv.md §2.1), and
/// the two illegal ones that a driver must survive (U-EVT).
public enum DispatchReturn {
  /// The normal first dispatch: the VP is born suspended.
  BLOCKED_SUSPEND(DispatchState.BLOCKED, DispatchEvent.SUSPEND),
  /// The guest halted.
  BLOCKED_INTERNAL(DispatchState.BLOCKED, DispatchEvent.INTERNAL),
  /// The VMM must act.
  READY_INTERCEPT(DispatchState.READY, DispatchEvent.INTERCEPT),
  /// The parent's VP is wanted for something else.
  READY_PREEMPTED(DispatchState.READY, DispatchEvent.PREEMPTED),
  /// The parent cancelled.
  READY_CANCELLED(DispatchState.READY, DispatchEvent.CANCELLED),
  /// The hypervisor's scheduler asked.
  READY_SCHEDULER(DispatchState.READY, DispatchEvent.SCHEDULER),
  /// The guest spins.
  READY_LONG_SPIN_WAIT(DispatchState.READY, DispatchEvent.LONG_SPIN_WAIT),
  /// A time slice that was not 0 is over.
  READY_TIME_SLICE_END(DispatchState.READY, DispatchEvent.TIME_SLICE_END),
  /// A fault: ready without a reason. The driver dispatches again.
  READY_INVALID(DispatchState.READY, DispatchEvent.INVALID),
  /// A fault: no state. The driver dispatches again.
  INVALID_INVALID(DispatchState.INVALID, DispatchEvent.INVALID);

  private final DispatchState state;
  private final DispatchEvent event;

  DispatchReturn(DispatchState state, DispatchEvent event) {
    this.state = state;
    this.event = event;
  }

  /// What the VP is.
  public DispatchState state() {
    return state;
  }

  /// Why it came back.
  public DispatchEvent event() {
    return event;
  }

  /// Whether the interface allows it.
  public boolean legal() {
    return event != DispatchEvent.INVALID;
  }
}
