package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Scenario;
import dev.stint.report.SensitivityPlan;
import dev.stint.scenario.Wording;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How thoroughly `compare --sensitivity` tries the assumed parameters.
enum SensitivityHow {
  /// Each alone, and some combinations.
  SAMPLED("sampled"),
  /// All combinations.
  FULL("full");

  /// The option as it may stand alone, and what it then means.
  static final String OPTION = "--sensitivity";

  private final String text;

  SensitivityHow(String text) {
    this.text = text;
  }

  /// The arguments with a value for an option that stands alone: its value never is the next word.
  static String[] completed(String... args) {
    return Arrays.stream(args)
        .map(arg -> arg.equals(OPTION) ? OPTION + "=" + SAMPLED.text : arg)
        .toArray(String[]::new);
  }

  static List<String> texts() {
    return Arrays.stream(values()).map(how -> how.text).toList();
  }

  static Optional<SensitivityHow> of(Optional<String> text) {
    return text.map(word ->
        Arrays.stream(values())
            .filter(how -> how.text.equals(word))
            .findFirst()
            .orElseThrow(() ->
                Refusal.input(
                    OPTION
                        + "="
                        + word
                        + " is neither sampled nor full. "
                        + Wording.didYouMean(word, texts()))));
  }

  SensitivityPlan plan(Scenario scenario, List<Assembly> assemblies) {
    return switch (this) {
      case SAMPLED -> SensitivityPlan.sampled(scenario, assemblies);
      case FULL -> SensitivityPlan.full(scenario, assemblies);
    };
  }
}
