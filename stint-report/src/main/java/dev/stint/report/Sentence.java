package dev.stint.report;

import java.util.List;

/// A paragraph of a verdict.
///
/// @param text for people
/// @param claims what it asserts, numbers apart; empty for one that asserts nothing about the
///   schedulers, such as the list of assumptions
public record Sentence(String text, List<Claim> claims) {
  /// Copies the list.
  public Sentence {
    claims = List.copyOf(claims);
  }

  /// The text up to its first list, reason or parenthesis.
  String opening() {
    int end = text.length();
    for (String stop : List.of(": ", "; ", " (")) {
      int at = text.indexOf(stop);
      end = at > 0 ? Math.min(end, at) : end;
    }
    String opening = text.substring(0, end);
    return opening.endsWith(".") ? opening : opening + ".";
  }
}
