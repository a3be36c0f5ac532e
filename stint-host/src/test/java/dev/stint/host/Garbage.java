package dev.stint.host;

import java.util.SplittableRandom;

/// Spoils the text of a file as a hostile or broken kernel might show it.
public final class Garbage {
  private static final String[] PIECES = {
    "", "-1", "18446744073709551616", "9223372036854775807", "\n", " ", "\0", "nan", "%s", ":", ")"
  };

  private final SplittableRandom random;

  /// @param random draws what is spoiled
  public Garbage(SplittableRandom random) {
    this.random = random;
  }

  /// A text that one to four changes made of another: cut short, doubled, bytes changed, fields
  /// replaced.
  public String of(String text) {
    StringBuilder spoiled = new StringBuilder(text);
    for (int i = random.nextInt(4); i >= 0; i--) {
      spoil(spoiled);
    }
    return spoiled.toString();
  }

  private void spoil(StringBuilder text) {
    int at = random.nextInt(text.length() + 1);
    switch (random.nextInt(5)) {
      case 0 -> text.setLength(at);
      case 1 -> text.insert(at, text.toString());
      case 2 -> text.insert(at, (char) random.nextInt(256));
      case 3 -> text.insert(at, PIECES[random.nextInt(PIECES.length)]);
      default -> {
        int end = Math.max(at, text.indexOf(" ", at));
        text.replace(at, end, PIECES[random.nextInt(PIECES.length)]);
      }
    }
  }
}
