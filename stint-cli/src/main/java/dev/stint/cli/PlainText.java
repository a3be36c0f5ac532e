package dev.stint.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// Lines and tables for a terminal or a file.
final class PlainText {
  private static final String GAP = "  ";

  private final StringBuilder text = new StringBuilder();

  /// A line.
  PlainText line(String format, Object... values) {
    text.append(format(format, values)).append('\n');
    return this;
  }

  /// Rows of as many cells each, set in columns.
  PlainText table(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length())).append(GAP);
      }
      line("%s", line.toString().stripTrailing());
    }
    return this;
  }

  /// Writes all of it.
  void writeTo(OutputStream out) {
    try {
      out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return text.toString();
  }

  /// Numbers as they are written everywhere.
  static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
