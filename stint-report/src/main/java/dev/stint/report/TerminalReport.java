package dev.stint.report;

import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.RunResult;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Tables and sentences for a terminal, at most 100 columns wide. The same results always give the
/// same text.
public final class TerminalReport {
  /// The widest line.
  static final int WIDTH = 100;

  private final Results results;
  private final Style style;
  private final boolean all;
  private final StringBuilder out = new StringBuilder();

  private TerminalReport(Results results, Style style, boolean all) {
    this.results = results;
    this.style = style;
    this.all = all;
  }

  /// What `compare` prints: shares against what was asked, where the waiting went, who ran
  /// meanwhile, latencies, and the verdict.
  ///
  /// @param all whether to show every entity
  public static String compare(Results results, Style style, boolean all) {
    TerminalReport report = new TerminalReport(results, style, all);
    report.head();
    report.comparison();
    return report.out.toString();
  }

  /// What `run` prints: entities, where the waiting went, who ran meanwhile, and the verdict.
  ///
  /// @param all whether to show every entity
  public static String run(Results results, Style style, boolean all) {
    TerminalReport report = new TerminalReport(results, style, all);
    report.head();
    report.single();
    return report.out.toString();
  }

  private void head() {
    Scenario scenario = results.scenario();
    String assemblies =
        results.runs().stream().map(RunResult::assembly).collect(Collectors.joining(", "));
    String facts =
        String.format(
            Locale.ROOT,
            "%s simulated on %s under %s, seed %d, digest %s",
            Numbers.duration(scenario.durationNs()),
            Numbers.count(scenario.machine().lpCount(), "LP"),
            assemblies,
            scenario.seed(),
            results.digest());
    out.append(style.paint(scenario.name(), Style.Tone.HEADING)).append('\n');
    if (!scenario.description().isBlank()) {
      Paragraph.write(out, "", scenario.description().replaceAll("\\s+", " ").strip(), WIDTH);
    }
    Paragraph.write(out, "", facts, WIDTH);
  }

  private void comparison() {
    Layout layout = new Layout(results.scenario());
    List<RunIndex> runs = index(layout);
    ShareTables shares = new ShareTables(layout, runs, style);
    for (ShareTables.Section section : shares.sections(all)) {
      table(section.title(), section.table());
    }
    WaitTables waits = new WaitTables(layout, runs, style);
    table("Where the waiting time went", waits.byLayer(all));
    table("Who ran meanwhile", waits.occupants(all));
    LatencyTables latencies = new LatencyTables(layout, runs, style);
    table("Wake-up latency, p99", latencies.wakeUps(all));
    table("Workloads, p50 / p99", latencies.workloads(all));
    closing();
  }

  private void single() {
    Layout layout = new Layout(results.scenario());
    List<RunIndex> runs = index(layout);
    for (RunIndex run : runs) {
      EntityTable entities = new EntityTable(layout, run, style);
      table("Who ran", entities.table(all));
    }
    WaitTables waits = new WaitTables(layout, runs, style);
    table("Where the waiting time went", waits.byLayer(all));
    table("Who ran meanwhile", waits.occupants(all));
    LatencyTables latencies = new LatencyTables(layout, runs, style);
    table("Workloads, p50 / p99", latencies.workloads(all));
    closing();
  }

  private List<RunIndex> index(Layout layout) {
    return results.runs().stream().map(run -> new RunIndex(run, layout)).toList();
  }

  private void table(String title, Table table) {
    if (!table.isEmpty()) {
      heading(title);
      table.write(out, WIDTH);
    }
  }

  private void heading(String title) {
    out.append('\n')
        .append(style.paint(style.shorten(title, WIDTH), Style.Tone.HEADING))
        .append('\n');
  }

  private void closing() {
    for (RunResult run : results.runs()) {
      for (String note : run.notes()) {
        Paragraph.write(out, "note (" + run.assembly() + "): ", note, WIDTH);
      }
    }
    heading("Verdict");
    for (String sentence : Verdict.of(results).sentences()) {
      Paragraph.write(out, "- ", sentence, WIDTH);
    }
  }
}
