package dev.stint.scenario;

import java.util.Collection;
import java.util.OptionalLong;

/// How scenario files write things, for other places where people write them: durations, and names
/// that may be misspelt.
public final class Wording {
  private Wording() {}

  /// Nanoseconds of `2.1ms`, `500us`, `10s`; empty if the text is no duration.
  public static OptionalLong durationNs(String text) {
    return Quantities.durationNs(text);
  }

  /// A duration that reads back to the same nanoseconds: `2.1ms`, `10s`.
  public static String duration(long ns) {
    return Quantities.duration(ns);
  }

  /// What to say of a name that is none of `known`: `Did you mean "core"?`, or what there is.
  public static String didYouMean(String text, Collection<String> known) {
    return Texts.didYouMean(text, known);
  }

  /// Text from outside in quotation marks, on one line, shortened.
  public static String quoted(String text) {
    return Texts.quoted(text);
  }
}
