package dev.stint.cli;

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
