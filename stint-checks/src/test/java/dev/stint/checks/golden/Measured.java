package dev.stint.checks.golden;

import java.util.Map;
import java.util.Optional;

/// Figures of one run, of a kernel or of the model.
///
/// @param tasks by name, in the scenario's order
/// @param groups by name
public record Measured(Map<String, OfTask> tasks, Map<String, OfGroup> groups) {
  /// The figures of this task.
  public OfTask task(String name) {
    return Named.in(tasks, name);
  }

  /// The figures of this group.
  public OfGroup group(String name) {
    return Named.in(groups, name);
  }

  /// Figures of a task.
  ///
  /// @param sharePercent CPU time in the window, in % of one CPU
  /// @param runs lengths of its runs; empty where unknown
  /// @param preemptedPerSecond involuntary switches
  /// @param sleptPerSecond voluntary switches
  /// @param jobs what a periodic load recorded of itself
  public record OfTask(
      double sharePercent,
      Optional<RunLengths> runs,
      double preemptedPerSecond,
      double sleptPerSecond,
      Optional<Jobs> jobs) {}

  /// What a periodic load recorded of itself.
  ///
  /// @param jobCount jobs done
  /// @param missCount jobs that ended after the next release
  /// @param skipCount releases that passed meanwhile
  /// @param startNs release to first instruction
  /// @param responseNs release to completion
  public record Jobs(
      double jobCount, double missCount, double skipCount, Spread startNs, Spread responseNs) {
    /// Misses of 1,000 jobs.
    public double missesPerThousand() {
      return jobCount == 0 ? 0 : 1_000 * missCount / jobCount;
    }
  }

  /// Two percentiles of something, each with the least and most of several runs.
  public record Spread(Range p50, Range p99) {}

  /// A figure and what it was over several runs.
  ///
  /// @param median the figure
  /// @param least of all runs
  /// @param most of all runs
  public record Range(double median, double least, double most) {
    /// A figure of a single run.
    public static Range of(double value) {
      return new Range(value, value, value);
    }
  }

  /// Counters of `cpu.stat`.
  public record OfGroup(double periods, double throttled, double throttledNs, double bursts) {}
}
