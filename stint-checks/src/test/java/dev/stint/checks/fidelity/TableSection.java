package dev.stint.checks.fidelity;

import dev.stint.host.figures.Row;
import dev.stint.host.figures.Row.Verdict;
import java.util.List;

/// A section with one row a figure.
///
/// @param title its heading
/// @param introduction what is compared, in Markdown
/// @param rows its figures
public record TableSection(String title, String introduction, List<Row> rows) implements Section {
  /// Copies the list.
  public TableSection {
    rows = List.copyOf(rows);
  }

  @Override
  public long passedCount() {
    return rows.stream().filter(row -> row.verdict() == Verdict.PASS).count();
  }

  @Override
  public long checkedCount() {
    return rows.stream().filter(row -> row.verdict() != Verdict.REPORTED).count();
  }

  @Override
  public String markdown() {
    StringBuilder text = new StringBuilder(introduction);
    text.append("\n| case | figure | kernel | model | error | tolerance | |\n");
    text.append("|---|---|---|---|---|---|---|\n");
    rows.forEach(row -> text.append(row.markdown()));
    return text.toString();
  }
}
