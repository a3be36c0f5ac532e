package dev.stint.model.workload;

/// One spell of work of a recorded task.
///
/// @param atNs when it woke, from the start of the recording
/// @param runNs the processor time until it slept again;
///   [dev.stint.model.sched.TaskControl#FOREVER] of a task that never slept
public record ReplayedJob(long atNs, long runNs) {
  /// Checks the bounds.
  public ReplayedJob {
    if (atNs < 0 || runNs <= 0) {
      throw new IllegalArgumentException("a job starts at 0 or later and runs for longer than 0");
    }
  }
}
