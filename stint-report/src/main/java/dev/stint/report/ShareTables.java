package dev.stint.report;

import dev.stint.model.stats.EntityResult;
import dev.stint.report.Table.Cell;
import dev.stint.report.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Processors asked for and got, one line for each entity, beside each other for each assembly.
final class ShareTables {
  private static final int TASKS_MOST = 16;
  private static final double LEAST_ASKED = 1e-3;

  private final Layout layout;
  private final List<RunIndex> runs;
  private final Style style;

  /// A table with its title.
  record Section(String title, Table table) {}

  ShareTables(Layout layout, List<RunIndex> runs, Style style) {
    this.layout = layout;
    this.runs = runs;
    this.style = style;
  }

  /// The family, the partitions outside it, the cgroups of guests, and tasks if they are few.
  List<Section> sections(boolean all) {
    List<Section> sections = new ArrayList<>();
    if (layout.hasFamily()) {
      List<Subject> family = new ArrayList<>(layout.familyGroups());
      family.addAll(all ? layout.familyPartitions() : layout.familyPartitionsInNoOwnGroup());
      add(sections, layout.familyName() + ": CPUs", family);
      add(sections, "Outside the " + layout.parentNoun() + ": CPUs", layout.outside());
    } else {
      add(sections, "Partitions: CPUs", layout.outside());
    }
    add(sections, "Cgroups of guests: CPUs", layout.innerGroups());
    if (all || layout.tasks().size() <= TASKS_MOST) {
      add(sections, "Tasks: CPUs", layout.tasks());
    }
    return sections;
  }

  private void add(List<Section> sections, String title, List<Subject> subjects) {
    Table table = table(subjects);
    if (!table.isEmpty()) {
      sections.add(new Section(title, table));
    }
  }

  private Table table(List<Subject> subjects) {
    boolean asked = runs.stream().anyMatch(run -> anyAsked(run, subjects));
    boolean askedOnce = asked && subjects.stream().allMatch(this::askedTheSame);
    List<String> over = new ArrayList<>(List.of(""));
    List<Column> columns = new ArrayList<>(List.of(new Column("", false)));
    if (askedOnce) {
      over.add("");
      columns.add(new Column("asked", true));
    }
    for (RunIndex run : runs) {
      if (asked && !askedOnce) {
        over.add(run.assembly());
        columns.add(new Column("asked", true));
      }
      over.add(run.assembly());
      columns.add(new Column("got", true));
      if (asked) {
        over.add(run.assembly());
        columns.add(new Column("error", true));
      }
    }
    Table table = new Table(style, over, columns);
    for (Subject subject : subjects) {
      row(table, subject, asked, askedOnce);
    }
    return table;
  }

  private void row(Table table, Subject subject, boolean asked, boolean askedOnce) {
    if (runs.stream().allMatch(run -> run.entity(subject).isEmpty())) {
      return;
    }
    List<Cell> cells = new ArrayList<>();
    cells.add(new Cell("  ".repeat(subject.depth()) + subject.name()));
    if (askedOnce) {
      cells.add(askedCell(runs.getFirst().entity(subject)));
    }
    for (RunIndex run : runs) {
      Optional<EntityResult> entity = run.entity(subject);
      if (asked && !askedOnce) {
        cells.add(askedCell(entity));
      }
      cells.add(new Cell(entity.map(e -> Numbers.cpus(e.share())).orElse("-")));
      if (asked) {
        cells.add(entity.map(ShareTables::errorCell).orElse(new Cell("-")));
      }
    }
    table.row(cells);
  }

  private static Cell askedCell(Optional<EntityResult> entity) {
    boolean known = entity.isPresent() && entity.get().entitledShare().isPresent();
    return new Cell(known ? Numbers.cpus(entity.orElseThrow().entitledShare().getAsDouble()) : "-");
  }

  private static Cell errorCell(EntityResult entity) {
    double asked = entity.entitledShare().orElse(0);
    if (asked < LEAST_ASKED) {
      return new Cell("-");
    }
    double error = entity.share() / asked - 1;
    boolean off = Math.abs(error) > Judged.TOLERANCE;
    return new Cell(Numbers.error(error), off ? Style.Tone.BAD : Style.Tone.GOOD);
  }

  private static boolean anyAsked(RunIndex run, List<Subject> subjects) {
    return subjects.stream()
        .anyMatch(s -> run.entity(s).filter(e -> e.entitledShare().isPresent()).isPresent());
  }

  private boolean askedTheSame(Subject subject) {
    return runs.stream().map(run -> askedCell(run.entity(subject)).text()).distinct().count() <= 1;
  }
}
