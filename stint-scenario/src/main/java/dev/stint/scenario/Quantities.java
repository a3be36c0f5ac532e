package dev.stint.scenario;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.machine.CpuSet;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Quantities as people write them, and back: durations, percentages of an LP, CPU lists.
public final class Quantities {
  /// The greatest CPU number that a list may name.
  static final int CPU_MAX = 4095;

  private static final Pattern DURATION =
      Pattern.compile("(\\d{1,19}(?:\\.\\d{1,9})?) ?(ns|us|µs|μs|ms|s)");
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,4}(?:\\.\\d{1,18})?) ?%");
  private static final Pattern CPU_RANGE = Pattern.compile("(\\d{1,9})(?:-(\\d{1,9}))?");
  private static final int CPU_TEXT_MAX = 16_384;
  private static final BigDecimal LONG_MAX = BigDecimal.valueOf(Long.MAX_VALUE);

  private Quantities() {}

  /// Nanoseconds of `2.1ms`, `500us`, `10s`: a number and a unit; empty if it is not that, is finer
  /// than a nanosecond, or does not fit.
  public static OptionalLong durationNs(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    BigDecimal ns = new BigDecimal(matcher.group(1)).multiply(unitNs(matcher.group(2)));
    boolean whole = ns.stripTrailingZeros().scale() <= 0;
    return whole && ns.compareTo(LONG_MAX) <= 0
        ? OptionalLong.of(ns.longValueExact())
        : OptionalLong.empty();
  }

  private static BigDecimal unitNs(String unit) {
    return switch (unit) {
      case "ns" -> BigDecimal.ONE;
      case "ms" -> BigDecimal.valueOf(1_000_000);
      case "s" -> BigDecimal.valueOf(1_000_000_000);
      default -> BigDecimal.valueOf(1_000);
    };
  }

  /// An exact duration: the largest unit that needs at most three digits after the point.
  public static String duration(long ns) {
    if (ns % 1_000_000 == 0 && ns >= 1_000_000_000) {
      return decimal(ns, 9) + "s";
    }
    if ((ns % 1_000 == 0 && ns >= 1_000_000) || ns == 0) {
      return decimal(ns, 6) + "ms";
    }
    return ns >= 1_000 ? decimal(ns, 3) + "us" : ns + "ns";
  }

  private static String decimal(long value, int scale) {
    return value == 0 ? "0" : BigDecimal.valueOf(value, scale).stripTrailingZeros().toPlainString();
  }

  /// A percentage of one LP in the hypervisor's raw units, 0x10000 for a whole LP, rounded to
  /// nearest; empty if it is not a percentage.
  static OptionalInt percentRaw(String text) {
    Matcher matcher = PERCENT.matcher(text);
    if (!matcher.matches()) {
      return OptionalInt.empty();
    }
    BigDecimal raw =
        new BigDecimal(matcher.group(1))
            .multiply(BigDecimal.valueOf(Controls.ONE_LP))
            .movePointLeft(2);
    return OptionalInt.of(raw.setScale(0, RoundingMode.HALF_UP).intValueExact());
  }

  /// The shortest percentage that reads back to the same raw units.
  static String percent(int raw) {
    BigDecimal exact =
        BigDecimal.valueOf(raw).movePointRight(2).divide(BigDecimal.valueOf(Controls.ONE_LP));
    for (int digits = 0; digits < exact.scale(); digits++) {
      String text = exact.setScale(digits, RoundingMode.HALF_UP).toPlainString() + "%";
      if (percentRaw(text).orElseThrow() == raw) {
        return text;
      }
    }
    return exact.toPlainString() + "%";
  }

  /// A list in the kernel's format, `0-3,8`; empty if it is not one or names a CPU above
  /// [#CPU_MAX].
  public static Optional<CpuSet> cpus(String text) {
    if (text.length() > CPU_TEXT_MAX) {
      return Optional.empty();
    }
    CpuSet set = CpuSet.EMPTY;
    for (String part : text.split(",", -1)) {
      Matcher matcher = CPU_RANGE.matcher(part.strip());
      if (!matcher.matches()) {
        return Optional.empty();
      }
      int from = Integer.parseInt(matcher.group(1));
      int to = matcher.group(2) == null ? from : Integer.parseInt(matcher.group(2));
      if (to < from || to > CPU_MAX) {
        return Optional.empty();
      }
      set = set.or(CpuSet.range(from, to + 1));
    }
    return Optional.of(set);
  }
}
