package dev.stint.cli;

import dev.stint.model.stats.RunResult;
import dev.stint.report.Results;

/// What a run directory says about itself.
final class RunDirectoryReadme {
  private RunDirectoryReadme() {}

  static String text(Results results, boolean tables) {
    StringBuilder text = new StringBuilder();
    text.append("Runs of the scenario ")
        .append(results.scenario().name())
        .append(", seed ")
        .append(results.scenario().seed())
        .append(", by stint ")
        .append(results.version())
        .append(".\n\n");
    line(text, "scenario.yaml", "the scenario as it was run, options included");
    line(text, "result.json", "all figures and the verdict, as of stint --json");
    for (RunResult run : results.runs()) {
      line(text, run.assembly() + ".events", "every event under " + run.assembly());
    }
    if (tables) {
      line(text, "tables/events.parquet", "every event, one a row");
      line(text, "tables/spans.parquet", "what everybody did when, and because of whom");
      line(text, "tables/ledger.parquet", "the account of every entity");
      line(text, "tables/theft.parquet", "who waited how long because of whom");
    }
    line(text, "manifest.json", "sizes and SHA-256 of the files above; written last");
    text.append("\nAgain: stint ")
        .append(results.runs().size() == 1 ? "run" : "compare")
        .append(" scenario.yaml --under ")
        .append(String.join(",", results.runs().stream().map(RunResult::assembly).toList()))
        .append("\nThe formats: docs/run-directory.md and docs/event-file.md of Stint.\n");
    return text.toString();
  }

  private static void line(StringBuilder text, String name, String what) {
    text.append(name).append(" ".repeat(Math.max(1, 24 - name.length()))).append(what).append('\n');
  }
}
