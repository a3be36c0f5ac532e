package dev.stint.host.live;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// What tasks and groups did in one run, of the kernel or of the model.
///
/// @param tasks by name
/// @param groups with a limit, by path
record Observed(Map<String, OfTask> tasks, Map<String, OfGroup> groups) {
  /// @param cpuPercent CPU time, in percent of one CPU
  /// @param switchesPerSecond times it left a CPU; absent if unknown
  /// @param jobs of a periodic task
  record OfTask(double cpuPercent, OptionalDouble switchesPerSecond, Optional<OfJobs> jobs) {}

  /// Percentiles of a periodic task's jobs.
  ///
  /// @param startP50Ns from release to the first instruction
  /// @param responseP50Ns from release to the end
  record OfJobs(
      long count,
      long startP50Ns,
      long startP99Ns,
      long responseP50Ns,
      long responseP99Ns,
      long misses) {}

  /// @param periods in which the limit was in force
  /// @param throttledPeriods those in which it stopped the group
  record OfGroup(long periods, long throttledPeriods) {}

  /// CPU time of all tasks, in percent of one CPU.
  double cpuPercent() {
    return tasks.values().stream().mapToDouble(OfTask::cpuPercent).sum();
  }
}
