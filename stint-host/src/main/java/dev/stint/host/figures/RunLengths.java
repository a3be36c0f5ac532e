package dev.stint.host.figures;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Lengths of a task's runs: counts by nearest number of ticks, and the median.
///
/// @param counts number of runs by length in ticks, rounded to nearest
/// @param medianNs the median length
public record RunLengths(Map<Long, Long> counts, long medianNs) {
  /// The tick of every golden kernel (HZ=250).
  public static final long TICK_NS = 4_000_000L;

  /// Of lengths in nanoseconds.
  public static RunLengths of(List<Long> lengthsNs) {
    Map<Long, Long> counts = new TreeMap<>();
    for (long length : lengthsNs) {
      counts.merge((length + TICK_NS / 2) / TICK_NS, 1L, Long::sum);
    }
    List<Long> sorted = new ArrayList<>(lengthsNs);
    sorted.sort(null);
    return new RunLengths(counts, sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2));
  }

  /// Number of runs.
  public long count() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /// The distance of two histograms: the sum over all lengths of the difference of their parts of
  /// all runs, 0 to 2.
  public double distance(RunLengths other) {
    Map<Long, Double> difference = new TreeMap<>();
    add(difference, counts, 1);
    add(difference, other.counts, -1);
    return difference.values().stream().mapToDouble(Math::abs).sum();
  }

  private static void add(Map<Long, Double> into, Map<Long, Long> counts, int sign) {
    double total = counts.values().stream().mapToLong(Long::longValue).sum();
    counts.forEach((ticks, count) -> into.merge(ticks, sign * count / total, Double::sum));
  }

  /// The histogram as text, such as `1:62% 3:38%`; lengths below 1 % are left out.
  public String text() {
    long total = counts.values().stream().mapToLong(Long::longValue).sum();
    List<String> parts = new ArrayList<>();
    counts.forEach((ticks, count) -> {
      if (count * 100 >= total) {
        parts.add(ticks + ":" + Math.round(100.0 * count / total) + "%");
      }
    });
    return String.join(" ", parts);
  }
}
