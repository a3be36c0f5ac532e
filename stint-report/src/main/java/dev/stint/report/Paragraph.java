package dev.stint.report;

/// Running text, broken into lines.
public final class Paragraph {
  private Paragraph() {}

  /// Writes `text` in lines of at most `width` columns; the first begins with `first`, the others
  /// with as many spaces. Numbers stay with their units.
  public static void write(StringBuilder out, String first, String text, int width) {
    String indent = " ".repeat(first.length());
    StringBuilder line = new StringBuilder(first);
    boolean empty = true;
    for (String word :
        text.replaceAll("(?<=\\d) (?=%|s\\b|ms\\b|us\\b|ns\\b)", "\u00a0").split(" ")) {
      String shown = word.replace('\u00a0', ' ');
      int length =
          line.codePointCount(0, line.length()) + 1 + shown.codePointCount(0, shown.length());
      if (!empty && length > width) {
        out.append(line).append('\n');
        line.setLength(0);
        line.append(indent);
        empty = true;
      }
      line.append(empty ? "" : " ").append(shown);
      empty = false;
    }
    out.append(line).append('\n');
  }
}
