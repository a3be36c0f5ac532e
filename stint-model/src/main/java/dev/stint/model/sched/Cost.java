package dev.stint.model.sched;

import dev.stint.model.time.Time;

/// How long something takes: a fixed time, or one that is at least `minNs`, with an exponentially
/// distributed rest.
///
/// @param minNs the shortest, 0 to [#MAX_NS]
/// @param meanNs the mean, at least `minNs`; equal to it for a fixed time
public record Cost(long minNs, long meanNs) {
  /// The longest mean: 50 ms. The product of two draws then fits a `long`.
  public static final long MAX_NS = 50_000_000L;

  /// No time at all.
  public static final Cost ZERO = new Cost(0, 0);

  /// Validates the range.
  public Cost {
    if (minNs < 0 || meanNs < minNs || meanNs > MAX_NS) {
      throw new IllegalArgumentException(
          "a cost is 0 to 50 ms, with a mean not below its least: " + minNs + ", " + meanNs);
    }
  }

  /// Always the same time.
  public static Cost fixed(long ns) {
    return new Cost(ns, ns);
  }

  /// Whether it is always the same time.
  public boolean isFixed() {
    return minNs == meanNs;
  }

  /// As a scenario has it: `1.5us`, or `{min: 1us, mean: 1.5us}`.
  public String text() {
    return isFixed()
        ? Time.format(minNs)
        : "{min: " + Time.format(minNs) + ", mean: " + Time.format(meanNs) + "}";
  }
}
