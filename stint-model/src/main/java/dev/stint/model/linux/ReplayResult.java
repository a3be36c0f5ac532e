package dev.stint.model.linux;

import java.util.List;

/// What a [DecisionReplay] found.
///
/// @param picks switches at which the model's choice was compared with the kernel's
/// @param equalPicks those where it was the same task (or idle)
/// @param cpuChoices wake-ups and forks whose CPU was compared; 0 on one CPU
/// @param equalCpuChoices those where it was the same CPU
/// @param pulls attempts to balance that moved tasks to the CPU that made them; 0 on one CPU
/// @param equalPulls those where the model takes the same tasks, for some number of attempts that
///   failed before
/// @param preemptionChecks wake-ups at which the recording shows whether the running task was asked
///   to give way
/// @param equalPreemptionChecks those where the model asked likewise
/// @param kept reschedules that the model asked for and that would have switched, where the
///   recording shows no switch
/// @param forced times that the model's queue had to be corrected to hold the kernel's next task
/// @param contested process ids of the tasks between which the model and the kernel chose
///   otherwise, of those that are older than the recording, in order of their first time
/// @param disagreements the first ones, in order of time
public record ReplayResult(
    long picks,
    long equalPicks,
    long cpuChoices,
    long equalCpuChoices,
    long pulls,
    long equalPulls,
    long preemptionChecks,
    long equalPreemptionChecks,
    long kept,
    long forced,
    List<Integer> contested,
    List<Disagreement> disagreements) {

  /// What was decided otherwise.
  public enum Kind {
    /// Which task runs next, at a switch.
    PICK,
    /// Which CPU a task is woken or started on.
    CPU,
    /// Which tasks a CPU pulls from another.
    PULL,
    /// The model would have switched; the kernel kept its task.
    KEPT
  }

  /// One decision that differs.
  ///
  /// @param timeNs when, on the recording's clock
  /// @param cpu where
  /// @param kind what was decided
  /// @param previous who ran before
  /// @param kernel what the kernel chose
  /// @param model what the model chose
  /// @param changedNs by how much virtual runtimes had to change to give the kernel's choice: some
  ///   microseconds are a tie within the recording's resolution
  /// @param state the model's queues at that moment, before the choice took effect
  public record Disagreement(
      long timeNs,
      int cpu,
      Kind kind,
      String previous,
      String kernel,
      String model,
      long changedNs,
      String state) {}

  /// All decisions compared: picks and CPU choices.
  public long decisions() {
    return picks + cpuChoices;
  }

  /// Those that were equal.
  public long equal() {
    return equalPicks + equalCpuChoices;
  }
}
