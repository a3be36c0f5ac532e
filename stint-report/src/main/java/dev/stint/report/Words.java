package dev.stint.report;

import java.util.List;
import java.util.Locale;

/// Lists and sentences in English.
public final class Words {
  private Words() {}

  /// `a`, `a and b`, `a, b and c`.
  public static String and(List<String> items) {
    if (items.size() < 2) {
      return String.join("", items);
    }
    return String.join(", ", items.subList(0, items.size() - 1)) + " and " + items.getLast();
  }

  /// As [#and], with at most `most` items and the number of those left out.
  public static String and(List<String> items, int most) {
    if (items.size() <= most) {
      return and(items);
    }
    return String.join(", ", items.subList(0, most))
        + " and "
        + Numbers.count(items.size() - most, "other");
  }

  /// With a capital first letter.
  public static String sentence(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
