package dev.stint.model.mshv;

/// What a thread in MSHV_RUN_VP does after one step of the driver.
public enum RunAction {
  /// It goes on with the next step.
  GOES_ON,
  /// It is inside HVCALL_DISPATCH_VP until that returns.
  DISPATCHES,
  /// It sleeps in the wait queue until it is woken or a Unix signal comes.
  SLEEPS,
  /// It is back in the VMM.
  RETURNS
}
