package dev.stint.report;

import java.util.Locale;

/// Figures as people read them.
public final class Numbers {
  private static final long[] UNIT_NS = {1_000_000_000L, 1_000_000L, 1_000L, 1L};
  private static final String[] UNITS = {"s", "ms", "us", "ns"};

  private Numbers() {}

  /// Processors, to a hundredth: `2.40`.
  static String cpus(double share) {
    return String.format(Locale.ROOT, "%.2f", share);
  }

  /// A duration to three significant digits: `13.8 s`, `9.91 ms`, `412 us`, `0`.
  public static String duration(long ns) {
    if (ns == 0) {
      return "0";
    }
    long magnitude = Math.abs(ns);
    int unit = 0;
    // 999.5 and more would print as 1000.
    while (unit < UNITS.length - 1 && magnitude < UNIT_NS[unit] - UNIT_NS[unit] / 2000) {
      unit++;
    }
    double value = (double) ns / UNIT_NS[unit];
    double size = Math.abs(value);
    int decimals = unit == UNITS.length - 1 || size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + decimals + "f %s", value, UNITS[unit]);
  }

  /// A signed relative error: `-57 %`, `-0.3 %`, `+0 %`; without a sign if it rounds to nothing.
  static String error(double relative) {
    double percent = relative * 100;
    if (Math.abs(percent) < 0.05) {
      return "0 %";
    }
    return String.format(Locale.ROOT, Math.abs(percent) < 9.95 ? "%+.1f %%" : "%+.0f %%", percent);
  }

  /// The size of a relative error: `57 %`, `0.3 %`.
  static String percent(double fraction) {
    double percent = fraction * 100;
    if (Math.abs(percent) < 0.05) {
      return "0 %";
    }
    return String.format(Locale.ROOT, Math.abs(percent) < 9.95 ? "%.1f %%" : "%.0f %%", percent);
  }

  /// A part of a whole, in whole percent: `61 %`.
  public static String part(long part, long whole) {
    return String.format(Locale.ROOT, "%.0f %%", whole == 0 ? 0.0 : 100.0 * part / whole);
  }

  /// `1 VP`, `2 VPs`.
  public static String count(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }
}
