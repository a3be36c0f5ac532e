package dev.stint.model.linux;

/// In what state a CPU balances (`enum cpu_idle_type`).
enum IdleKind {
  /// It has work.
  BUSY,
  /// It has been idle for a while.
  IDLE,
  /// It is about to idle.
  NEWLY_IDLE
}
