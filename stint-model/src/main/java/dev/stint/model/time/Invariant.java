package dev.stint.model.time;

import java.util.Locale;

/// A condition that holds whatever the input: when one breaks, the model itself is wrong and the
/// run stops.
///
/// Bad input is never an invariant: it is refused before a run begins.
public final class Invariant {
  private Invariant() {}

  /// Stops the run unless `condition` holds; `rule` says what had to be true.
  public static void check(boolean condition, String rule) {
    if (!condition) {
      throw new BrokenInvariant(rule);
    }
  }

  /// As [#check(boolean, String)], with the offending value in the message.
  public static void check(boolean condition, String rule, long value) {
    if (!condition) {
      throw new BrokenInvariant(String.format(Locale.ROOT, "%s (was %d)", rule, value));
    }
  }

  /// As [#check(boolean, String)], with both offending values in the message.
  public static void check(boolean condition, String rule, long value, long bound) {
    if (!condition) {
      throw new BrokenInvariant(
          String.format(Locale.ROOT, "%s (was %d, bound %d)", rule, value, bound));
    }
  }
}
