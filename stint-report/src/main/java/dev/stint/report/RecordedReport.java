package dev.stint.report;

import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.Percentiles;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.Theft;
import dev.stint.model.trace.EntityKind;
import dev.stint.report.Table.Cell;
import dev.stint.report.Table.Column;
import java.util.Comparator;
import java.util.List;

/// What was recorded of a real machine, for a terminal: its CPUs and tasks, who ran while others
/// waited, and what the recording does not tell. At most 100 columns wide.
public final class RecordedReport {
  private static final int TASKS_MOST = 24;
  private static final int CELLS_MOST = 10;

  private final RunResult run;
  private final Style style;
  private final boolean all;
  private final StringBuilder out = new StringBuilder();

  private RecordedReport(RunResult run, Style style, boolean all) {
    this.run = run;
    this.style = style;
    this.all = all;
  }

  /// The tables of a recorded run.
  ///
  /// @param name of the recording
  /// @param facts a sentence about it
  /// @param all whether to show every task and every cell of the theft matrix
  public static String text(String name, String facts, RunResult run, Style style, boolean all) {
    return new RecordedReport(run, style, all).text(name, facts);
  }

  private String text(String name, String facts) {
    out.append(style.paint(style.shorten(name, TerminalReport.WIDTH), Style.Tone.HEADING))
        .append('\n');
    Paragraph.write(out, "", facts, TerminalReport.WIDTH);
    cpus();
    tasks();
    theft();
    if (!run.notes().isEmpty()) {
      out.append(style.heading("What is wrong with it"));
      run.notes().forEach(note -> Paragraph.write(out, "- ", note, TerminalReport.WIDTH));
    }
    return out.toString();
  }

  private void cpus() {
    Table table =
        new Table(
            style,
            List.of(),
            List.of(
                new Column("", false),
                new Column("busy", true),
                new Column("idle", true),
                new Column("unknown", true),
                new Column("busy", true),
                new Column("switches", true)));
    for (EntityResult cpu : run.entities()) {
      if (cpu.kind() == EntityKind.LP && (all || cpu.unknownNs() < run.durationNs())) {
        table.row(
            List.of(
                new Cell(cpu.path()),
                new Cell(Numbers.duration(cpu.runNs())),
                new Cell(Numbers.duration(cpu.blockedNs())),
                unknown(cpu),
                new Cell(Numbers.percent((double) cpu.runNs() / run.durationNs())),
                new Cell(Long.toString(cpu.switches()))));
      }
    }
    out.append(style.heading("CPUs"));
    table.write(out, TerminalReport.WIDTH);
  }

  private static Cell unknown(EntityResult entity) {
    return new Cell(entity.unknownNs() == 0 ? "-" : Numbers.duration(entity.unknownNs()));
  }

  private void tasks() {
    List<EntityResult> tasks =
        run.entities().stream()
            .filter(entity -> entity.kind() == EntityKind.TASK)
            .filter(entity -> all || entity.runNs() + entity.totalWaitNs() > 0)
            .sorted(
                Comparator.comparingLong(EntityResult::runNs)
                    .reversed()
                    .thenComparing(EntityResult::path))
            .toList();
    Table table =
        new Table(
            style,
            List.of("", "", "", "", "wake-up", "wake-up", "wake-up", "", "", ""),
            List.of(
                new Column("", false),
                new Column("ran", true),
                new Column("CPUs", true),
                new Column("waited", true),
                new Column("p50", true),
                new Column("p99", true),
                new Column("max", true),
                new Column("switches", true),
                new Column("moves", true),
                new Column("unknown", true)));
    tasks.stream().limit(all ? tasks.size() : TASKS_MOST).forEach(task -> row(table, task));
    out.append(style.heading("Tasks"));
    table.write(out, TerminalReport.WIDTH);
    if (!all && tasks.size() > TASKS_MOST) {
      out.append("... and ")
          .append(Numbers.count(tasks.size() - TASKS_MOST, "task"))
          .append(" that ran less (--all)\n");
    }
  }

  private void row(Table table, EntityResult task) {
    Percentiles wakes = task.wakeLatency();
    boolean woke = wakes.count() > 0;
    table.row(
        List.of(
            new Cell(name(task.path())),
            new Cell(Numbers.duration(task.runNs())),
            new Cell(Numbers.cpus(task.share())),
            new Cell(Numbers.duration(task.totalWaitNs())),
            new Cell(woke ? Numbers.duration(wakes.p50Ns()) : "-"),
            new Cell(LatencyTables.tellsP99(wakes) ? Numbers.duration(wakes.p99Ns()) : "-"),
            new Cell(woke ? Numbers.duration(wakes.maxNs()) : "-"),
            new Cell(Long.toString(task.switches())),
            new Cell(Long.toString(task.migrations())),
            unknown(task)));
  }

  private static String name(String path) {
    int task = path.indexOf("task:");
    return task < 0 ? path : path.substring(task + "task:".length());
  }

  private void theft() {
    List<Theft> cells =
        run.theft().stream()
            .sorted(
                Comparator.comparingLong(Theft::ns)
                    .reversed()
                    .thenComparing(Theft::victim)
                    .thenComparing(Theft::occupant))
            .toList();
    if (cells.isEmpty()) {
      return;
    }
    Table table =
        new Table(
            style,
            List.of(),
            List.of(
                new Column("waiting", false),
                new Column("time", true),
                new Column("meanwhile its CPU ran", false)));
    cells.stream()
        .limit(all ? cells.size() : CELLS_MOST)
        .forEach(cell ->
            table.row(
                List.of(
                    new Cell(name(cell.victim())),
                    new Cell(Numbers.duration(cell.ns())),
                    new Cell(name(cell.occupant())))));
    out.append(style.heading("Who ran meanwhile"));
    table.write(out, TerminalReport.WIDTH);
  }
}
