package dev.stint.host.figures;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// Figures of one run, of a kernel or of the model.
///
/// @param tasks by name, in the scenario's order
/// @param groups by name
public record Measured(Map<String, OfTask> tasks, Map<String, OfGroup> groups) {
  /// The figures of this task.
  public OfTask task(String name) {
    return in(tasks, name);
  }

  /// The figures of this group.
  public OfGroup group(String name) {
    return in(groups, name);
  }

  private static <T> T in(Map<String, T> map, String name) {
    return Optional.ofNullable(map.get(name))
        .orElseThrow(() -> new IllegalArgumentException("no \"" + name + "\" in " + map.keySet()));
  }

  /// CPU time of these tasks together, in % of one CPU.
  public double sumPercent(Collection<String> names) {
    return names.stream().mapToDouble(name -> task(name).sharePercent()).sum();
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

  /// Counters of `cpu.stat`.
  public record OfGroup(double periods, double throttled, double throttledNs, double bursts) {}
}
