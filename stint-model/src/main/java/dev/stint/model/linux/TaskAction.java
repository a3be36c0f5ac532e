package dev.stint.model.linux;

/// What a task is doing, or about to do.
enum TaskAction {
  /// Ask the program.
  STEP,
  COMPUTE,
  CARRY,
  /// Busy until something comes or the time is over, then BLOCK.
  POLL,
  YIELD,
  BLOCK,
  SLEEP,
  ACCESS,
  EXIT
}
