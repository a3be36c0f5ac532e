package dev.stint.checks.study;

import dev.stint.model.stack.Assembly;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Tables of the study, in Markdown.
final class StudyTable {
  private final StringBuilder text;

  StudyTable(StringBuilder text) {
    this.text = text;
  }

  /// A figure of every case under every assembly.
  record Column(String title, Cell cell) {}

  /// A figure of a scenario under an assembly, as text.
  @FunctionalInterface
  interface Cell {
    /// The text.
    String of(StudySeeds study, Assembly assembly);
  }

  /// One row a case; for every column a cell under each assembly.
  void write(List<StudySeeds> cases, List<Column> columns) {
    text.append("| scenario |");
    for (Column column : columns) {
      for (Assembly assembly : StudyCase.ASSEMBLIES) {
        text.append(' ').append(column.title()).append(' ').append(assembly.text()).append(" |");
      }
    }
    rule(1 + columns.size() * StudyCase.ASSEMBLIES.size());
    for (StudySeeds study : cases) {
      text.append("| ").append(study.name()).append(" |");
      for (Column column : columns) {
        for (Assembly assembly : StudyCase.ASSEMBLIES) {
          text.append(' ').append(column.cell().of(study, assembly)).append(" |");
        }
      }
      text.append('\n');
    }
    text.append('\n');
  }

  /// One row each of `rows`, with cells made by `cells`.
  <T> void write(List<String> titles, List<T> rows, Function<T, List<String>> cells) {
    text.append("| ").append(String.join(" | ", titles)).append(" |");
    rule(titles.size());
    for (T row : rows) {
      text.append("| ").append(String.join(" | ", cells.apply(row))).append(" |\n");
    }
    text.append('\n');
  }

  private void rule(int columns) {
    text.append("\n|").append("---|".repeat(columns)).append('\n');
  }

  static String percent(double value) {
    return String.format(Locale.ROOT, "%.1f", value * 100);
  }

  static String signedPercent(double value) {
    return String.format(Locale.ROOT, "%+.2f", value * 100);
  }

  static String cpus(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  static String rate(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  static String milliseconds(double ns) {
    return String.format(Locale.ROOT, "%.2f", ns / 1e6);
  }
}
