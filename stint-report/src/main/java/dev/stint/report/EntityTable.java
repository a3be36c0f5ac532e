package dev.stint.report;

import dev.stint.model.stats.EntityResult;
import dev.stint.model.trace.EntityKind;
import dev.stint.report.Table.Cell;
import dev.stint.report.Table.Column;
import java.util.List;

/// The entities of one run: partitions, cgroups and tasks; with `all` also LPs, VPs and vCPU
/// threads.
final class EntityTable {
  private static final int TASKS_MOST = 24;

  private final Layout layout;
  private final RunIndex run;
  private final Style style;

  EntityTable(Layout layout, RunIndex run, Style style) {
    this.layout = layout;
    this.run = run;
    this.style = style;
  }

  Table table(boolean all) {
    Table table =
        new Table(
            style,
            List.of(),
            List.of(
                new Column("", false),
                new Column("asked", true),
                new Column("CPUs", true),
                new Column("ran", true),
                new Column("waited", true),
                new Column("blocked", true),
                new Column("wake p99", true),
                new Column("switches", true),
                new Column("moves", true),
                new Column("throttled", true)));
    int tasks = 0;
    for (EntityResult entity : run.run().entities()) {
      boolean shown =
          switch (entity.kind()) {
            case PARTITION, GROUP -> true;
            case TASK -> all || tasks++ < TASKS_MOST;
            case LP, VP, THREAD -> all;
            case RULE -> false;
          };
      if (shown) {
        row(table, entity);
      }
    }
    return table;
  }

  private void row(Table table, EntityResult entity) {
    boolean processor = entity.kind() == EntityKind.LP;
    String asked =
        entity.entitledShare().isPresent()
            ? Numbers.cpus(entity.entitledShare().getAsDouble())
            : "-";
    table.row(
        List.of(
            new Cell(layout.name(entity.path())),
            new Cell(asked),
            new Cell(Numbers.cpus(entity.share())),
            new Cell(Numbers.duration(entity.runNs())),
            new Cell(processor ? "-" : Numbers.duration(entity.totalWaitNs())),
            new Cell(Numbers.duration(entity.blockedNs())),
            new Cell(LatencyTables.p99(entity.wakeLatency())),
            new Cell(Long.toString(entity.switches())),
            new Cell(processor ? "-" : Long.toString(entity.migrations())),
            new Cell(
                entity.periods() == 0 ? "-" : entity.throttledPeriods() + "/" + entity.periods())));
  }
}
