package dev.stint.checks.fidelity;

import dev.stint.checks.golden.FreedRun;
import dev.stint.checks.golden.GoldenFiles;
import dev.stint.checks.golden.GoldenFiles.Guest;
import dev.stint.host.figures.Figures;
import dev.stint.host.figures.Measured;
import dev.stint.host.figures.Measured.OfGroup;
import dev.stint.host.figures.MeasuredComparison;
import dev.stint.host.figures.MeasuredComparison.Tolerances;
import dev.stint.host.figures.Row;
import dev.stint.host.figures.Row.Verdict;
import dev.stint.scenario.recording.GoldenScenario;
import dev.stint.scenario.recording.GoldenScenario.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Free runs that begin in the state that a replay of the recording has reached when the case's
/// window opens, beside those that begin with the model's own start.
///
/// @param folder of the guests
/// @param cases one a recording
public record FreedSection(String folder, List<Case> cases) implements Section {
  /// How many instants a case that misses something is let go at, and how far apart.
  private static final int INSTANTS = 5;

  private static final long APART_NS = 100_000_000;

  /// Copies the list.
  public FreedSection {
    cases = List.copyOf(cases);
  }

  /// One recording.
  ///
  /// @param outcome of letting go when the window opens
  /// @param figures of that
  /// @param later figures of letting go later, if something was missed
  /// @param plain figures of the free run from the model's own start
  record Case(
      String name,
      FreedRun.Outcome outcome,
      List<Row> figures,
      List<List<Row>> later,
      List<Row> plain) {
    /// At how many of the instants this figure is within tolerance; empty if there is but one.
    Optional<String> passed(Row figure) {
      if (later.isEmpty()) {
        return Optional.empty();
      }
      long passed = later.stream().filter(rows -> !misses(rows, figure)).count();
      return Optional.of(passed + (misses(figures, figure) ? 0 : 1) + " of " + (later.size() + 1));
    }
  }

  /// Lets the tasks of every recording of a folder go.
  ///
  /// @param golden the `golden` directory
  /// @param runs by case
  /// @param plain the figures of the folder's free runs
  public static FreedSection of(
      Path golden,
      String folder,
      Tolerances tolerances,
      Map<String, FreedRun> runs,
      List<Row> plain)
      throws IOException {
    GoldenFiles files = new GoldenFiles(golden);
    List<Case> cases = new ArrayList<>();
    for (Map.Entry<String, FreedRun> entry : runs.entrySet()) {
      String name = entry.getKey();
      Guest guest = files.guest(folder, name);
      FreedRun run = entry.getValue();
      long fromNs = run.windowNs();
      long toNs = fromNs + guest.windowNs();
      FreedRun.Outcome outcome = run.run(fromNs, toNs);
      List<Row> figures = figures(name, run.scenario(), guest, outcome, tolerances);
      List<List<Row>> later = new ArrayList<>();
      boolean missed = figures.stream().anyMatch(row -> row.verdict() == Verdict.MISS);
      for (int i = 1; missed && i < INSTANTS; i++) {
        FreedRun.Outcome again = run.run(fromNs + i * APART_NS, toNs);
        later.add(figures(name, run.scenario(), guest, again, tolerances));
      }
      List<Row> own = plain.stream().filter(row -> row.name().equals(name)).toList();
      cases.add(new Case(name, outcome, figures, later, own));
    }
    return new FreedSection(folder, cases);
  }

  private static List<Row> figures(
      String name,
      GoldenScenario scenario,
      Guest guest,
      FreedRun.Outcome outcome,
      Tolerances tolerances) {
    Figures figures = new Figures(name);
    Measured kernel = new Measured(outcome.kernel().tasks(), guest.measured().groups());
    MeasuredComparison comparison =
        new MeasuredComparison(figures, kernel, sinceGo(outcome.model()), tolerances);
    comparison.shares();
    comparison.runLengths((_, figure) -> figure.runs().orElseThrow());
    scenario
        .groups()
        .forEach((group, limits) -> {
          if (limits.quotaUs() > 0) {
            comparison.limited(
                group,
                kernel.tasks().keySet(),
                GuestSection.START_UP_PERIODS,
                limits.burstUs() > 0,
                scenario.onlyHogs());
          }
        });
    scenario.tasks().stream().filter(Task::periodic).map(Task::name).forEach(comparison::jobs);
    return figures.rows();
  }

  /// As the kernel's counter, the replay's holds the periods of the tasks' start-up.
  private static Measured sinceGo(Measured model) {
    Map<String, OfGroup> groups = new LinkedHashMap<>();
    model
        .groups()
        .forEach((name, counters) ->
            groups.put(
                name,
                new OfGroup(
                    counters.periods() - GuestSection.START_UP_PERIODS,
                    counters.throttled(),
                    counters.throttledNs(),
                    counters.bursts())));
    return new Measured(model.tasks(), groups);
  }

  /// A figure of several tasks is that of the worst, not always the same one.
  private static boolean same(Row one, Row other) {
    return one.figure()
        .replaceFirst(" of \\S+", "")
        .equals(other.figure().replaceFirst(" of \\S+", ""));
  }

  private static boolean misses(List<Row> rows, Row figure) {
    return rows.stream().anyMatch(row -> same(row, figure) && row.verdict() == Verdict.MISS);
  }

  private static long passed(List<Row> rows) {
    return rows.stream().filter(row -> row.verdict() == Verdict.PASS).count();
  }

  private static long checked(List<Row> rows) {
    return rows.stream().filter(row -> row.verdict() != Verdict.REPORTED).count();
  }

  @Override
  public String title() {
    return "Free run from the replayed state of " + folder;
  }

  @Override
  public long passedCount() {
    return cases.stream().mapToLong(each -> passed(each.figures())).sum();
  }

  @Override
  public long checkedCount() {
    return cases.stream().mapToLong(each -> checked(each.figures())).sum();
  }

  @Override
  public String markdown() {
    StringBuilder text = new StringBuilder();
    text.append(
        """
        | case | switches | the same | for | within tolerance | from the model's start |
        |---|---|---|---|---|---|
        """);
    for (Case each : cases) {
      FreedRun.Outcome outcome = each.outcome();
      text.append(
          Figures.format(
              "| %s | %d | %s | %s | %d of %d | %d of %d |\n",
              each.name(),
              outcome.switches(),
              outcome.same() == outcome.switches() ? "all" : String.valueOf(outcome.same()),
              Figures.format("%.3f s", outcome.sameNs() / 1e9),
              passed(each.figures()),
              checked(each.figures()),
              passed(each.plain()),
              checked(each.plain())));
    }
    text.append(
        """

        Every figure that misses in either free run:

        | case | figure | kernel | model | error | tolerance | | from the model's start | instants |
        |---|---|---|---|---|---|---|---|---|
        """);
    cases.forEach(each -> each.figures().forEach(row -> append(text, each, row)));
    return text.toString();
  }

  private static void append(StringBuilder text, Case of, Row row) {
    if (row.verdict() != Verdict.MISS && !misses(of.plain(), row)) {
      return;
    }
    String before =
        of.plain().stream()
            .filter(other -> same(row, other))
            .map(other -> other.error() + (other.verdict() == Verdict.MISS ? " **MISS**" : ""))
            .findFirst()
            .orElse("-");
    text.append(row.markdown().stripTrailing())
        .append(" ")
        .append(before)
        .append(" | ")
        .append(of.passed(row).orElse("-"))
        .append(" |\n");
  }
}
