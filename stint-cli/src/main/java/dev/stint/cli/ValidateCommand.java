package dev.stint.cli;

import dev.stint.model.stack.Scenario;
import dev.stint.scenario.Diagnostic;
import dev.stint.scenario.Quantities;
import dev.stint.scenario.Wording;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.ParseResult;

/// `validate`: runs a scenario for real and sets it beside the model.
final class ValidateCommand {
  private static final long DURATION_MIN_NS = 100_000_000L;
  private static final long DURATION_MAX_NS = 60_000_000_000L;

  private final Surroundings surroundings;

  ValidateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  ExitCode execute(ParseResult parsed) {
    Optional<String> kernel = Optional.ofNullable(parsed.matchedOptionValue("--kernel", null));
    if (kernel.isEmpty()) {
      throw Refusal.input("validate needs --kernel IMAGE. Write --kernel 6.18.");
    }
    ScenarioFinder.Found found =
        new ScenarioFinder(surroundings).find(parsed.matchedPositionalValue(0, ""));
    if (!parsed.hasMatchedOption("--quiet")) {
      found.warnings().stream().map(Diagnostic::render).forEach(surroundings::complain);
    }
    return new KernelValidation(surroundings, parsed)
        .execute(kernel.get(), lasting(found.scenario(), parsed));
  }

  private static Scenario lasting(Scenario scenario, ParseResult parsed) {
    Optional<String> text = Optional.ofNullable(parsed.matchedOptionValue("--duration", null));
    OptionalLong asked =
        text.isPresent()
            ? Quantities.durationNs(text.get())
            : OptionalLong.of(scenario.durationNs());
    boolean fits =
        asked.isPresent()
            && asked.getAsLong() >= DURATION_MIN_NS
            && asked.getAsLong() <= DURATION_MAX_NS;
    if (!fits) {
      throw Refusal.input(
          "a guest runs a scenario for 100ms to 60s, got "
              + text.map(Wording::quoted)
                  .orElseGet(() -> Quantities.duration(scenario.durationNs()))
              + ". Write --duration 10s.");
    }
    return scenario.withDuration(asked.getAsLong());
  }
}
