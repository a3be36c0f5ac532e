package dev.stint.cli;

import dev.stint.scenario.Wording;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// When to colour: the values of `--color`.
enum Colour {
  AUTO("auto"),
  ALWAYS("always"),
  NEVER("never");

  private final String text;

  Colour(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /// The value of a `--color`, if one is given.
  static Colour of(Optional<String> text) {
    String when = text.orElse(AUTO.text());
    List<String> known = Arrays.stream(values()).map(Colour::text).toList();
    return Arrays.stream(values())
        .filter(colour -> colour.text().equals(when))
        .findFirst()
        .orElseThrow(() ->
            Refusal.input(
                "--color "
                    + Wording.quoted(when)
                    + " is none of auto, always, never. "
                    + Wording.didYouMean(when, known)));
  }

  /// Whether to colour here. `auto` asks for a terminal and honours NO_COLOR (no-color.org).
  boolean on(Surroundings surroundings) {
    return switch (this) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO ->
          surroundings.outIsTerminal()
              && surroundings.variable("NO_COLOR").isEmpty()
              && !surroundings.variable("TERM").equals("dumb");
    };
  }
}
