package dev.stint.scenario;

import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;

/// The expected figures of a scenario: the content of its `expected.yaml`.
///
/// @param list in the order written
public record Expectations(List<Expectation> list) {
  /// So that rounding in the last binary digit fails nobody.
  private static final double ROUNDING = 1e-9;

  /// Copies the list.
  public Expectations {
    list = List.copyOf(list);
  }

  /// What was made of a text.
  public sealed interface Result {
    /// The text is a list of expectations.
    record Loaded(Expectations expectations) implements Result {}

    /// The text is not.
    ///
    /// @param errors why, in order of their places, at least one
    record Refused(List<Diagnostic> errors) implements Result {
      /// Copies the list.
      public Refused {
        errors = List.copyOf(errors);
      }
    }
  }

  /// Reads a file.
  public static Result read(Path path) {
    Problems problems = new Problems(path.toString());
    return result(SourceText.read(path, problems), problems);
  }

  /// Reads a text.
  ///
  /// @param fileName for messages
  public static Result read(String text, String fileName) {
    Problems problems = new Problems(fileName);
    return result(SourceText.check(text, problems), problems);
  }

  private static Result result(Optional<String> text, Problems problems) {
    Optional<Tree> tree = text.flatMap(body -> TreeParser.parse(body, problems));
    List<Expectation> list =
        tree.map(root -> new ExpectationReader(problems).read(root)).orElse(List.of());
    return problems.hasErrors()
        ? new Result.Refused(problems.errors())
        : new Result.Loaded(new Expectations(list));
  }

  /// Holds a run against those expectations that are about its assembly; an expectation that no
  /// entity fits fails.
  public List<Outcome> check(RunResult run) {
    List<Outcome> outcomes = new ArrayList<>();
    for (Expectation expectation : list) {
      if (expectation.assembly().text().equals(run.assembly())) {
        check(expectation, run, outcomes);
      }
    }
    return outcomes;
  }

  private static void check(Expectation expectation, RunResult run, List<Outcome> outcomes) {
    Pattern pattern = pattern(expectation.path());
    Figure figure = Figure.named(expectation.figure()).orElseThrow();
    boolean found = false;
    for (EntityResult entity : run.entities()) {
      if (pattern.matcher(entity.path()).matches()) {
        found = true;
        OptionalDouble actual = figure.of(entity);
        outcomes.add(new Outcome(expectation, entity.path(), actual, within(expectation, actual)));
      }
    }
    if (!found) {
      outcomes.add(new Outcome(expectation, expectation.path(), OptionalDouble.empty(), false));
    }
  }

  private static boolean within(Expectation expectation, OptionalDouble actual) {
    if (actual.isEmpty()) {
      return false;
    }
    double rounding = ROUNDING * Math.max(1, Math.abs(expectation.value()));
    double difference = Math.abs(actual.getAsDouble() - expectation.value());
    return difference <= expectation.tolerance() + rounding;
  }

  private static Pattern pattern(String path) {
    StringBuilder regex = new StringBuilder();
    String[] parts = path.split("\\*", -1);
    for (int i = 0; i < parts.length; i++) {
      regex.append(i == 0 ? "" : "[^/]*").append(Pattern.quote(parts[i]));
    }
    return Pattern.compile(regex.toString());
  }
}
