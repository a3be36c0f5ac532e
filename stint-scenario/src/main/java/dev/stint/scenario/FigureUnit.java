package dev.stint.scenario;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a figure is measured in.
public enum FigureUnit {
  /// A fraction, 1.0 for the whole; written `0.5` or `50%`, differences in percentage points,
  /// `1pp`.
  FRACTION,
  /// Nanoseconds; written with a unit, `204ms`.
  DURATION,
  /// A number of events.
  COUNT;

  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}(?:\\.\\d{1,18})?");
  private static final Pattern PERCENT = Pattern.compile("(-?\\d{1,9}(?:\\.\\d{1,18})?) ?%");
  private static final Pattern POINTS = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,18})?) ?pp");
  private static final Pattern OF_VALUE =
      Pattern.compile("(\\d{1,9}(?:\\.\\d{1,18})?) ?% of value");

  /// The value that a text says in this unit; empty if it says none.
  OptionalDouble value(String text) {
    return switch (this) {
      case FRACTION -> {
        OptionalDouble percent = number(PERCENT, text, 0.01);
        yield percent.isPresent() ? percent : plain(text);
      }
      case DURATION -> {
        OptionalLong ns = Quantities.durationNs(text);
        yield ns.isPresent() ? OptionalDouble.of(ns.getAsLong()) : OptionalDouble.empty();
      }
      case COUNT -> plain(text);
    };
  }

  /// The greatest difference from `value` that a text allows; empty if it says none.
  OptionalDouble tolerance(String text, double value) {
    OptionalDouble relative = number(OF_VALUE, text, 0.01 * Math.abs(value));
    if (relative.isPresent()) {
      return relative;
    }
    return switch (this) {
      case FRACTION -> {
        OptionalDouble points = number(POINTS, text, 0.01);
        yield points.isPresent() ? points : positive(text);
      }
      case DURATION -> value(text);
      case COUNT -> positive(text);
    };
  }

  /// The value for people.
  String format(double value) {
    return switch (this) {
      case FRACTION -> String.format(Locale.ROOT, "%.2f%%", 100 * value);
      case DURATION -> dev.stint.model.time.Time.format(Math.round(value));
      case COUNT -> new BigDecimal(value, new MathContext(9)).stripTrailingZeros().toPlainString();
    };
  }

  private static OptionalDouble plain(String text) {
    return NUMBER.matcher(text).matches()
        ? OptionalDouble.of(Double.parseDouble(text))
        : OptionalDouble.empty();
  }

  private static OptionalDouble positive(String text) {
    return text.startsWith("-") ? OptionalDouble.empty() : plain(text);
  }

  private static OptionalDouble number(Pattern pattern, String text, double unit) {
    Matcher matcher = pattern.matcher(text);
    return matcher.matches()
        ? OptionalDouble.of(Double.parseDouble(matcher.group(1)) * unit)
        : OptionalDouble.empty();
  }
}
