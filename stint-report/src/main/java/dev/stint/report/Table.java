package dev.stint.report;

import java.util.ArrayList;
import java.util.List;

/// A table of text: names on the left, figures aligned on the right, never wider than asked.
///
/// When it would be too wide, a last column of text is broken into several lines; then the first
/// column gives way: long names lose their middle.
final class Table {
  private static final String GAP = "  ";
  private static final int NAME_LEAST = 12;
  private static final int TEXT_LEAST = 32;

  private final Style style;
  private final List<Column> columns;
  private final List<List<Cell>> rows = new ArrayList<>();
  private final List<String> over;

  /// One column.
  ///
  /// @param heading above it
  /// @param right whether its cells are aligned on the right
  record Column(String heading, boolean right) {}

  /// One cell.
  record Cell(String text, Style.Tone tone) {
    Cell(String text) {
      this(text, Style.Tone.PLAIN);
    }
  }

  /// `over` are headings above the headings, one for each column, the same one spanning its
  /// neighbours; empty for none.
  Table(Style style, List<String> over, List<Column> columns) {
    this.style = style;
    this.over = List.copyOf(over);
    this.columns = List.copyOf(columns);
  }

  void row(List<Cell> cells) {
    if (cells.size() != columns.size()) {
      throw new IllegalArgumentException(
          cells.size() + " cells for " + columns.size() + " columns");
    }
    rows.add(List.copyOf(cells));
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /// Writes the table, each line ended, at most `width` columns wide.
  void write(StringBuilder out, int width) {
    int[] widths = widths(width);
    if (!over.isEmpty()) {
      spans(out, widths);
    }
    List<Cell> headings = new ArrayList<>();
    columns.forEach(column -> headings.add(new Cell(column.heading(), Style.Tone.FAINT)));
    line(out, headings, widths);
    int total = GAP.length() * (columns.size() - 1);
    for (int w : widths) {
      total += w;
    }
    out.append(style.paint(style.rule(total), Style.Tone.FAINT)).append('\n');
    for (List<Cell> row : rows) {
      lines(out, row, widths);
    }
  }

  private boolean endsInText() {
    return columns.size() > 1 && !columns.getLast().right();
  }

  /// A row, with as many lines as its last cell needs.
  private void lines(StringBuilder out, List<Cell> row, int[] widths) {
    if (!endsInText()) {
      line(out, row, widths);
      return;
    }
    List<Cell> cells = new ArrayList<>(row);
    Cell last = cells.removeLast();
    for (String text : broken(last.text(), widths[widths.length - 1])) {
      cells.add(new Cell(text, last.tone()));
      line(out, cells, widths);
      cells.replaceAll(_ -> new Cell(""));
      cells.removeLast();
    }
  }

  /// Lines of at most `width`, if no word is longer; a parenthesis stays with the word before it.
  private static List<String> broken(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" (?![(%])", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  private int[] widths(int width) {
    int[] widths = new int[columns.size()];
    int total = GAP.length() * (columns.size() - 1);
    for (int i = 0; i < widths.length; i++) {
      widths[i] = columns.get(i).heading().length();
      for (List<Cell> row : rows) {
        String text = row.get(i).text();
        widths[i] = Math.max(widths[i], text.codePointCount(0, text.length()));
      }
      total += widths[i];
    }
    // A last column of text gives way, then the first column, then the widest of the others.
    int excess = total - width;
    if (excess > 0 && endsInText()) {
      int last = widths.length - 1;
      int broken = Math.max(0, Math.min(excess, widths[last] - TEXT_LEAST));
      widths[last] -= broken;
      excess -= broken;
    }
    int taken = Math.max(0, Math.min(excess, widths[0] - NAME_LEAST));
    widths[0] -= taken;
    excess -= taken;
    while (excess > 0) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        widest = widths[i] > widths[widest] ? i : widest;
      }
      if (widths[widest] <= 1) {
        break;
      }
      widths[widest]--;
      excess--;
    }
    return widths;
  }

  private void spans(StringBuilder out, int[] widths) {
    StringBuilder line = new StringBuilder();
    int from = 0;
    while (from < widths.length) {
      int to = from;
      int width = widths[from];
      while (to + 1 < widths.length && over.get(to + 1).equals(over.get(from))) {
        to++;
        width += GAP.length() + widths[to];
      }
      String text = style.shorten(over.get(from), width);
      line.append(from == 0 ? "" : GAP).append(" ".repeat(width - text.length())).append(text);
      from = to + 1;
    }
    out.append(style.paint(line.toString().stripTrailing(), Style.Tone.HEADING)).append('\n');
  }

  private void line(StringBuilder out, List<Cell> cells, int[] widths) {
    int pending = 0;
    for (int i = 0; i < widths.length; i++) {
      Cell cell = cells.get(i);
      String text = style.shorten(cell.text(), widths[i]);
      int padding = widths[i] - text.codePointCount(0, text.length());
      if (columns.get(i).right()) {
        pending += padding;
        padding = 0;
      }
      // Spaces wait for text to follow them, so that no line ends in any.
      if (!text.isEmpty()) {
        out.append(" ".repeat(pending)).append(style.paint(text, cell.tone()));
        pending = 0;
      }
      pending += padding + GAP.length();
    }
    out.append('\n');
  }
}
