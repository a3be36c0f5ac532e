package dev.stint.report;

import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.Percentiles;
import dev.stint.model.trace.Metric;
import dev.stint.report.Table.Cell;
import dev.stint.report.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How long waking took, and what the workloads say of themselves, beside each other for each
/// assembly.
final class LatencyTables {
  private static final int TASKS_MOST = 16;
  private static final long P99_COUNT_LEAST = 100;

  private final Layout layout;
  private final List<RunIndex> runs;
  private final Style style;

  LatencyTables(Layout layout, List<RunIndex> runs, Style style) {
    this.layout = layout;
    this.runs = runs;
    this.style = style;
  }

  /// From ready to running: partitions, and with `all` tasks too.
  Table wakeUps(boolean all) {
    Table table = new Table(style, List.of(), columns());
    List<Subject> subjects = new ArrayList<>(layout.familyPartitions());
    subjects.addAll(layout.outside());
    if (all) {
      subjects.addAll(layout.tasks());
    }
    for (Subject subject : subjects) {
      List<Cell> cells = new ArrayList<>(List.of(new Cell(subject.name())));
      boolean any = false;
      for (RunIndex run : runs) {
        Percentiles latency =
            run.entity(subject).map(EntityResult::wakeLatency).orElse(Percentiles.EMPTY);
        any |= latency.count() > 0;
        cells.add(new Cell(p99(latency)));
      }
      if (any) {
        table.row(cells);
      }
    }
    return table;
  }

  /// Responses, misses, completions, round trips and phases of the tasks.
  Table workloads(boolean all) {
    Table table = new Table(style, List.of(), columns());
    int lines = 0;
    for (Subject task : layout.tasks()) {
      for (Metric metric : Metric.values()) {
        if (shown(metric, all) && anyValue(task, metric) && (all || lines < TASKS_MOST)) {
          table.row(row(task, metric));
          lines++;
        }
      }
    }
    return table;
  }

  private List<Column> columns() {
    List<Column> columns = new ArrayList<>(List.of(new Column("", false)));
    runs.forEach(run -> columns.add(new Column(run.assembly(), true)));
    return columns;
  }

  private List<Cell> row(Subject task, Metric metric) {
    List<Cell> cells = new ArrayList<>();
    cells.add(new Cell(task.name() + " " + noun(metric)));
    for (RunIndex run : runs) {
      Percentiles values = values(run, task, metric);
      if (metric == Metric.MISS) {
        cells.add(
            new Cell(
                run.entity(task).isPresent() ? Long.toString(values.count()) : "-",
                values.count() > 0 ? Style.Tone.BAD : Style.Tone.PLAIN));
      } else {
        cells.add(
            new Cell(
                values.count() == 0
                    ? "-"
                    : Numbers.duration(values.p50Ns()) + " / " + p99(values)));
      }
    }
    return cells;
  }

  /// Whether there are values enough for the 99th percentile to be one: of fewer it is but the
  /// longest.
  static boolean tellsP99(Percentiles values) {
    return values.count() >= P99_COUNT_LEAST;
  }

  /// The longest, marked as such, where there are too few values for a percentile.
  static String p99(Percentiles values) {
    return values.count() == 0
        ? "-"
        : tellsP99(values)
            ? Numbers.duration(values.p99Ns())
            : "max " + Numbers.duration(values.maxNs());
  }

  private static boolean shown(Metric metric, boolean all) {
    return switch (metric) {
      case RESPONSE, MISS, COMPLETION, ROUND_TRIP, PHASE -> true;
      case START_LATENCY, OFFERED, SPIN, HALT_POLL_SUCCESS, HALT_POLL_FAIL -> all;
    };
  }

  private static String noun(Metric metric) {
    return switch (metric) {
      case START_LATENCY -> "start latency";
      case RESPONSE -> "response";
      case MISS -> "deadlines missed";
      case OFFERED -> "work offered";
      case COMPLETION -> "completion";
      case ROUND_TRIP -> "round trip";
      case PHASE -> "barrier phase";
      case SPIN -> "spinning";
      case HALT_POLL_SUCCESS -> "halt poll, woken";
      case HALT_POLL_FAIL -> "halt poll, in vain";
    };
  }

  private boolean anyValue(Subject task, Metric metric) {
    return runs.stream().anyMatch(run -> values(run, task, metric).count() > 0);
  }

  private static Percentiles values(RunIndex run, Subject task, Metric metric) {
    Optional<EntityResult> entity = run.entity(task);
    return entity
        .map(e -> e.metrics().getOrDefault(metric.jsonName(), Percentiles.EMPTY))
        .orElse(Percentiles.EMPTY);
  }
}
