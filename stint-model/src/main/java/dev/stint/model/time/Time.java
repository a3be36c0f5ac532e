package dev.stint.model.time;

import java.util.Locale;

/// Simulated time: `long` nanoseconds since the start of the run, and durations in the same unit.
///
/// The range is about 292 years either way, so sums of durations in one run cannot overflow.
public final class Time {
  /// Nanoseconds in a microsecond.
  public static final long US = 1_000L;

  /// Nanoseconds in a millisecond.
  public static final long MS = 1_000_000L;

  /// Nanoseconds in a second.
  public static final long SECOND = 1_000_000_000L;

  /// Later than every event of any run: an armed timer never has this expiry.
  public static final long NEVER = Long.MAX_VALUE;

  private Time() {}

  /// A duration for people: the largest unit that leaves at least one digit before the point, at
  /// most three after it (`1.5ms`, `204ms`, `10s`, `0ns`).
  public static String format(long ns) {
    long magnitude = Math.abs(ns);
    if (magnitude < US) {
      return ns + "ns";
    }
    if (magnitude < MS) {
      return trimmed(ns, US) + "us";
    }
    if (magnitude < SECOND) {
      return trimmed(ns, MS) + "ms";
    }
    return trimmed(ns, SECOND) + "s";
  }

  private static String trimmed(long ns, long unitNs) {
    String text = String.format(Locale.ROOT, "%.3f", (double) ns / unitNs);
    int end = text.length();
    while (text.charAt(end - 1) == '0') {
      end--;
    }
    return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
  }
}
