package dev.stint.report;

/// How text looks on the terminal at hand.
///
/// @param colour whether to use ANSI colours
/// @param unicode whether the terminal can show more than ASCII
public record Style(boolean colour, boolean unicode) {
  /// ASCII without colour: right everywhere.
  public static final Style PLAIN = new Style(false, false);

  /// What a piece of text means to the reader.
  public enum Tone {
    /// As it is.
    PLAIN(""),
    /// A title.
    HEADING("\033[1m"),
    /// What can be skipped.
    FAINT("\033[2m"),
    /// As asked.
    GOOD("\033[32m"),
    /// Not as asked.
    BAD("\033[31m");

    private final String start;

    Tone(String start) {
      this.start = start;
    }
  }

  /// `text` in the colour of its tone, where there is colour.
  public String paint(String text, Tone tone) {
    return colour && tone != Tone.PLAIN && !text.isEmpty() ? tone.start + text + "\033[0m" : text;
  }

  /// A title above a table, with an empty line before it.
  String heading(String title) {
    return "\n" + paint(title, Tone.HEADING) + "\n";
  }

  String rule(int width) {
    return (unicode ? "─" : "-").repeat(width);
  }

  /// `text` in at most `width` columns: without its middle, if it is longer.
  String shorten(String text, int width) {
    int length = text.codePointCount(0, text.length());
    if (length <= width) {
      return text;
    }
    String gap = unicode ? "…" : "..";
    int kept = Math.max(0, width - gap.length());
    int head = kept / 2;
    int[] points = text.codePoints().toArray();
    int tail = kept - head;
    return new String(points, 0, head) + gap + new String(points, length - tail, tail);
  }
}
