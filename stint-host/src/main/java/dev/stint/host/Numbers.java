package dev.stint.host;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/// Numbers as the kernel prints them. What is not one is absent: unknown, never 0.
public final class Numbers {
  private static final int DIGITS = 18;

  private Numbers() {}

  /// A decimal number of at most 18 digits, blanks around it ignored.
  public static OptionalLong parse(String text) {
    String digits = text.strip();
    int from = digits.startsWith("-") ? 1 : 0;
    if (digits.length() == from || digits.length() > from + DIGITS) {
      return OptionalLong.empty();
    }
    for (int i = from; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return OptionalLong.empty();
      }
    }
    return OptionalLong.of(Long.parseLong(digits));
  }

  /// A number that counts or measures something: one below 0 is not one.
  public static OptionalLong count(String text) {
    OptionalLong number = parse(text);
    return number.isPresent() && number.getAsLong() < 0 ? OptionalLong.empty() : number;
  }

  /// A count times a unit; absent where the product does not fit.
  public static OptionalLong scaled(OptionalLong count, long unit) {
    return count.isEmpty() || count.getAsLong() > Long.MAX_VALUE / unit
        ? OptionalLong.empty()
        : OptionalLong.of(count.getAsLong() * unit);
  }

  /// The counts of a flat-keyed file, `name number` a line. Other lines, and names that occur
  /// again, are left out.
  public static Map<String, Long> keyed(String text) {
    Map<String, Long> counts = new LinkedHashMap<>();
    text.lines()
        .forEach(line -> {
          int blank = line.indexOf(' ');
          if (blank > 0) {
            count(line.substring(blank + 1))
                .ifPresent(count -> counts.putIfAbsent(line.substring(0, blank), count));
          }
        });
    return counts;
  }

  /// A count of [#keyed].
  public static OptionalLong of(Map<String, Long> counts, String name) {
    Long count = counts.get(name);
    return count == null ? OptionalLong.empty() : OptionalLong.of(count);
  }
}
