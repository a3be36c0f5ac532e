package dev.stint.report;

import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.WaitReason;
import dev.stint.report.Table.Cell;
import dev.stint.report.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Where the waiting time went, by layer, and who ran meanwhile.
final class WaitTables {
  private static final int TASKS_MOST = 16;
  private static final int OCCUPANT_LINES_MOST = 14;

  private final Layout layout;
  private final List<RunIndex> runs;
  private final Style style;

  WaitTables(Layout layout, List<RunIndex> runs, Style style) {
    this.layout = layout;
    this.runs = runs;
    this.style = style;
  }

  /// A line for each entity and assembly; a column for each reason that anybody waited for, and one
  /// for the time that was held in vain.
  Table byLayer(boolean all) {
    List<WaitReason> reasons = new ArrayList<>();
    for (WaitReason reason : WaitReason.values()) {
      if (runs.stream().anyMatch(run -> anyWait(run, reason, all))) {
        reasons.add(reason);
      }
    }
    List<Column> columns = new ArrayList<>(List.of(new Column("", false)));
    columns.add(new Column("under", false));
    reasons.forEach(reason -> columns.add(new Column(reason.text(), true)));
    boolean overhead = runs.stream().anyMatch(run -> anyOverhead(run, all));
    if (overhead) {
      columns.add(new Column("overhead", true));
    }
    Table table = new Table(style, List.of(), columns);
    for (Subject subject : subjects(all)) {
      String name = subject.name();
      for (RunIndex run : runs) {
        Optional<EntityResult> entity = run.entity(subject);
        if (entity.isEmpty() || (reasons.isEmpty() && !overhead)) {
          continue;
        }
        List<Cell> cells = new ArrayList<>(List.of(new Cell(name), new Cell(run.assembly())));
        for (WaitReason reason : reasons) {
          long ns = entity.get().waitNs().getOrDefault(reason, 0L);
          cells.add(duration(ns));
        }
        if (overhead) {
          cells.add(duration(entity.get().totalOverheadNs()));
        }
        table.row(cells);
        name = "";
      }
    }
    return table;
  }

  /// The occupants behind each entity's main wait.
  Table occupants(boolean all) {
    Table table =
        new Table(
            style,
            List.of(),
            List.of(
                new Column("waiting", false),
                new Column("under", false),
                new Column("for", false),
                new Column("", true),
                new Column("meanwhile ran", false)));
    int lines = 0;
    for (Subject subject : subjects(all)) {
      String name = subject.name();
      for (RunIndex run : runs) {
        Optional<EntityResult> entity = run.entity(subject);
        Optional<WaitReason> reason = entity.flatMap(run::mainWait).map(w -> w.getKey());
        if (reason.isEmpty() || (!all && lines >= OCCUPANT_LINES_MOST)) {
          continue;
        }
        long ns = entity.orElseThrow().waitNs().getOrDefault(reason.get(), 0L);
        table.row(
            List.of(
                new Cell(name),
                new Cell(run.assembly()),
                new Cell(reason.get().text()),
                new Cell(Numbers.duration(ns)),
                new Cell(Blame.occupants(run, entity.orElseThrow(), reason.get(), ns))));
        name = "";
        lines++;
      }
    }
    return table;
  }

  private static Cell duration(long ns) {
    return new Cell(Numbers.duration(ns), ns == 0 ? Style.Tone.FAINT : Style.Tone.PLAIN);
  }

  private boolean anyOverhead(RunIndex run, boolean all) {
    return subjects(all).stream()
        .anyMatch(s -> run.entity(s).filter(e -> e.totalOverheadNs() > 0).isPresent());
  }

  private boolean anyWait(RunIndex run, WaitReason reason, boolean all) {
    return subjects(all).stream()
        .anyMatch(
            s -> run.entity(s).filter(e -> e.waitNs().getOrDefault(reason, 0L) > 0).isPresent());
  }

  private List<Subject> subjects(boolean all) {
    List<Subject> subjects = new ArrayList<>(layout.familyGroups());
    subjects.addAll(all ? layout.familyPartitions() : layout.familyPartitionsInNoOwnGroup());
    subjects.addAll(layout.outside());
    subjects.addAll(layout.innerGroups());
    boolean alone = layout.outside().size() == 1 && layout.familyPartitions().isEmpty();
    if (all || ((alone || subjects.isEmpty()) && layout.tasks().size() <= TASKS_MOST)) {
      subjects.addAll(layout.tasks());
    }
    return subjects;
  }
}
