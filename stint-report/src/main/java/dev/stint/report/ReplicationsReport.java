package dev.stint.report;

import dev.stint.model.stack.Scenario;
import dev.stint.report.Replications.Figure;
import dev.stint.report.Table.Cell;
import dev.stint.report.Table.Column;
import java.util.List;
import java.util.Locale;

/// [Replications] for a terminal, at most 100 columns wide.
public final class ReplicationsReport {
  private static final int ROWS_MOST = 24;

  private ReplicationsReport() {}

  /// The text.
  ///
  /// @param scenario that was replicated
  /// @param all whether to list every figure
  public static String text(
      Replications replications, Scenario scenario, Style style, boolean all) {
    Layout layout = new Layout(scenario);
    Table table =
        new Table(
            style,
            List.of(),
            List.of(
                new Column("", false),
                new Column("under", false),
                new Column("figure", false),
                new Column("mean", true),
                new Column("+- 95 %", true),
                new Column("least", true),
                new Column("most", true)));
    int left = 0;
    int rows = 0;
    for (Figure figure : replications.figures()) {
      if (!all && rows == ROWS_MOST) {
        left++;
        continue;
      }
      rows++;
      Interval interval = figure.interval();
      String half =
          interval.halfWidth95().isPresent()
              ? value(figure, interval.halfWidth95().getAsDouble())
              : "-";
      table.row(
          List.of(
              new Cell(layout.name(figure.entity())),
              new Cell(figure.assembly()),
              new Cell(words(figure.name())),
              new Cell(value(figure, interval.mean())),
              new Cell(half),
              new Cell(value(figure, interval.least())),
              new Cell(value(figure, interval.most()))));
    }
    StringBuilder out = new StringBuilder();
    List<Long> seeds = replications.seeds();
    out.append(
        style.heading(
            seeds.size() + " replications, seeds " + seeds.getFirst() + " to " + seeds.getLast()));
    table.write(out, TerminalReport.WIDTH);
    if (left > 0) {
      out.append("and ").append(Numbers.count(left, "figure")).append(" more (--all lists them)\n");
    }
    return out.toString();
  }

  private static String words(String name) {
    return switch (name) {
      case "got_cpus" -> "CPUs";
      case "wake_p99_ns" -> "wake p99";
      default -> name.replace(".p99_ns", " p99");
    };
  }

  private static String value(Figure figure, double value) {
    return figure.name().endsWith("_ns")
        ? Numbers.duration(Math.round(value))
        : String.format(Locale.ROOT, "%.3f", value);
  }
}
