package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Scenario;
import dev.stint.scenario.Diagnostic;
import dev.stint.scenario.Quantities;
import dev.stint.scenario.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.ParseResult;

/// `validate`: runs a scenario for real and sets it beside the model.
final class ValidateCommand {
  private static final long DURATION_MIN_NS = 100_000_000L;
  private static final long DURATION_MAX_NS = 60_000_000_000L;

  private static final List<String> KERNEL_ONLY =
      List.of("--fresh", "--twice", "--first-difference", "--trace");
  private static final List<String> UNDER_ONLY = List.of("--qemu");
  private static final List<String> NOT_KERNEL = List.of("--repetitions", "--no-boost");

  private final Surroundings surroundings;

  ValidateCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  ExitCode execute(ParseResult parsed) {
    Optional<String> kernel = Optional.ofNullable(parsed.matchedOptionValue("--kernel", null));
    Optional<String> under = Optional.ofNullable(parsed.matchedOptionValue("--under", null));
    if (under.isPresent() && kernel.isPresent()) {
      throw Refusal.input("--under and --kernel do not go together. Leave one out.");
    }
    belongs(parsed, "--kernel", kernel.isPresent(), KERNEL_ONLY);
    belongs(parsed, "--under", under.isPresent(), UNDER_ONLY);
    for (String option : kernel.isPresent() ? NOT_KERNEL : List.<String>of()) {
      if (parsed.hasMatchedOption(option)) {
        throw Refusal.input(option + " is of runs on this machine's kernel. Leave out --kernel.");
      }
    }
    under.ifPresent(ValidateCommand::checkAssemblies);
    List<String> names = names(parsed);
    if (kernel.isPresent() && names.size() > 1) {
      throw Refusal.input("--kernel runs one scenario at a time. Name one.");
    }
    List<Scenario> scenarios = new ArrayList<>();
    for (String name : names) {
      ScenarioFinder.Found found = new ScenarioFinder(surroundings).find(name);
      if (!parsed.hasMatchedOption("--quiet")) {
        found.warnings().stream().map(Diagnostic::render).forEach(surroundings::complain);
      }
      scenarios.add(lasting(found.scenario(), parsed));
    }
    if (under.isPresent()) {
      return new StandInValidate(surroundings, parsed)
          .execute(scenarios, SimulationOptions.under(under), LiveValidate.repetitions(parsed));
    }
    return kernel.isPresent()
        ? new KernelValidation(surroundings, parsed).execute(kernel.get(), scenarios.getFirst())
        : new LiveValidate(surroundings, parsed).execute(scenarios);
  }

  /// Refuses options of a form that was not asked for.
  private static void belongs(
      ParseResult parsed, String form, boolean asked, List<String> options) {
    for (String option : options) {
      if (!asked && parsed.hasMatchedOption(option)) {
        throw Refusal.input(option + " goes with " + form + " only.");
      }
    }
  }

  private static void checkAssemblies(String list) {
    List<String> known = List.of(Assembly.CORE.text(), Assembly.INTEGRATED.text());
    for (String name : list.split(",", -1)) {
      if (!known.contains(name.strip())) {
        throw Refusal.input(
            "--under "
                + Wording.quoted(name.strip())
                + ": validate runs "
                + String.join(" and ", known)
                + ".");
      }
    }
  }

  private List<String> names(ParseResult parsed) {
    List<String> names = parsed.matchedPositionalValue(0, List.of());
    if (!parsed.hasMatchedOption("--all")) {
      if (names.isEmpty()) {
        throw Refusal.input("validate needs a scenario. Write for example live/nice-0-and-5.");
      }
      return names;
    }
    if (!names.isEmpty() || parsed.hasMatchedOption("--kernel")) {
      throw Refusal.input("--all is every scenario in scenarios/live, on this machine's kernel.");
    }
    return new ScenarioFinder(surroundings)
        .names().stream().filter(name -> name.startsWith("live/")).toList();
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
          "a kernel runs a scenario for 100ms to 60s, got "
              + text.map(Wording::quoted)
                  .orElseGet(() -> Quantities.duration(scenario.durationNs()))
              + ". Write --duration 10s.");
    }
    return scenario.withDuration(asked.getAsLong());
  }
}
