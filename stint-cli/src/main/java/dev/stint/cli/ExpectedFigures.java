package dev.stint.cli;

import dev.stint.model.stats.RunResult;
import dev.stint.scenario.Diagnostic;
import dev.stint.scenario.Expectations;
import dev.stint.scenario.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The figures that `expected.yaml` beside a scenario promises.
final class ExpectedFigures {
  private final Path file;
  private final Expectations expectations;

  private ExpectedFigures(Path file, Expectations expectations) {
    this.file = file;
    this.expectations = expectations;
  }

  /// How the promises were kept, a line for each.
  record Answer(List<String> met, List<String> missed, String summary) {}

  /// Those beside a scenario file, read.
  static ExpectedFigures beside(String argument, Optional<Path> scenario) {
    Optional<Path> file = scenario.map(path -> path.resolveSibling("expected.yaml"));
    if (file.isEmpty() || !Files.exists(file.get())) {
      throw Refusal.input(
          "--expect: there is no expected.yaml beside " + argument + ". Leave --expect out.");
    }
    return switch (Expectations.read(file.get())) {
      case Expectations.Result.Loaded(Expectations expectations) ->
          new ExpectedFigures(file.get(), expectations);
      case Expectations.Result.Refused(List<Diagnostic> errors) ->
          throw new Refusal(ExitCode.BAD_INPUT, errors.stream().map(Diagnostic::render).toList());
    };
  }

  Answer check(List<RunResult> runs) {
    List<String> met = new ArrayList<>();
    List<String> missed = new ArrayList<>();
    for (RunResult run : runs) {
      for (Outcome outcome : expectations.check(run)) {
        (outcome.pass() ? met : missed).add(outcome.render());
      }
    }
    int total = met.size() + missed.size();
    if (total == 0) {
      String under = String.join(", ", runs.stream().map(RunResult::assembly).toList());
      throw Refusal.input(file + " expects nothing under " + under + ".");
    }
    String summary = "Expected figures: " + met.size() + " of " + total + " met.";
    return new Answer(met, missed, summary);
  }
}
