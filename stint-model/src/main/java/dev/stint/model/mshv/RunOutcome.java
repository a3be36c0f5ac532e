package dev.stint.model.mshv;

/// With what MSHV_RUN_VP returned to the VMM.
public enum RunOutcome {
  /// It has not returned yet.
  NONE,
  /// 0: the intercept message is the VMM's to handle.
  INTERCEPT,
  /// -EINTR: a Unix signal is pending.
  INTERRUPTED,
  /// The errno of a failed hypercall.
  FAILED
}
