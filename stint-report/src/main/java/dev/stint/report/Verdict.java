package dev.stint.report;

import java.util.List;

/// What the runs of a scenario say, in sentences: who got what against what was asked, which layer
/// took the difference and who ran meanwhile, and what the integrated scheduler changes.
///
/// Every number is taken from the runs; the assumed parameters behind them are named. The same runs
/// always give the same words.
///
/// @param said the main findings, one paragraph each
/// @param findings all of them, with their numbers
public record Verdict(List<Sentence> said, List<Finding> findings) {
  /// Copies the lists.
  public Verdict {
    said = List.copyOf(said);
    findings = List.copyOf(findings);
  }

  /// The verdict on some results.
  public static Verdict of(Results results) {
    Layout layout = new Layout(results.scenario());
    List<RunIndex> runs = results.runs().stream().map(run -> new RunIndex(run, layout)).toList();
    VerdictWriter writer = new VerdictWriter();
    new ShareVerdict(layout, runs).write(writer);
    new ChangeVerdict(results.scenario(), layout, runs).write(writer);
    new SettingVerdict(layout, runs).write(writer);
    new RecordVerdict(runs).write(writer);
    return writer.verdict();
  }

  /// The findings about one assembly alone.
  public List<Finding> about(String assembly) {
    return findings.stream()
        .filter(finding -> finding.assembly().filter(assembly::equals).isPresent())
        .toList();
  }

  /// The paragraphs as text.
  public List<String> sentences() {
    return said.stream().map(Sentence::text).toList();
  }

  /// Whether the findings make all of these claims.
  boolean holds(List<Claim> claims) {
    return findings.stream().map(Claim::of).toList().containsAll(claims);
  }

  /// All sentences as one text.
  public String text() {
    return String.join(" ", sentences());
  }
}
