package dev.stint.checks.study;

import java.util.List;
import java.util.function.DoubleFunction;

/// A figure over several seeds.
///
/// @param median the middle one
/// @param least the smallest
/// @param greatest the largest
record Interval(double median, double least, double greatest) {
  static Interval of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return new Interval(sorted.get(sorted.size() / 2), sorted.getFirst(), sorted.getLast());
  }

  /// The median, and the smallest and the largest where they read differently.
  String text(DoubleFunction<String> format, String unit) {
    String low = format.apply(least);
    String high = format.apply(greatest);
    String range = low.equals(high) ? "" : " (" + low + " to " + high + ")";
    return format.apply(median) + range + unit;
  }
}
