package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Scenario;
import dev.stint.scenario.ScenarioReader;
import dev.stint.scenario.Wording;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.ParseResult;

/// The options of `run` and `compare`, checked.
///
/// @param under empty for what the scenario says
record SimulationOptions(
    String scenario,
    List<Assembly> under,
    OptionalLong seed,
    OptionalLong durationNs,
    Optional<String> json,
    Optional<String> report,
    Optional<String> trace,
    Optional<String> traceLayer,
    Optional<String> observe,
    Optional<String> out,
    Optional<String> timeline,
    boolean force,
    boolean counters,
    Optional<SensitivityHow> sensitivity,
    Optional<Integer> replications,
    boolean expect,
    boolean all,
    boolean audit,
    int threads,
    boolean progress,
    boolean quiet,
    Colour colour,
    boolean debug) {
  private static final int THREADS_MAX = 1024;

  static SimulationOptions of(ParseResult parsed, int processors) {
    return new SimulationOptions(
        parsed.matchedPositionalValue(0, ""),
        under(text(parsed, "--under")),
        seed(text(parsed, "--seed")),
        duration(text(parsed, "--duration")),
        text(parsed, "--json"),
        text(parsed, "--report"),
        text(parsed, "--trace"),
        text(parsed, "--trace-layer"),
        text(parsed, "--observe"),
        text(parsed, "--out"),
        text(parsed, TimelineOutput.OPTION),
        parsed.hasMatchedOption("--force"),
        parsed.hasMatchedOption("--counters"),
        SensitivityHow.of(text(parsed, "--sensitivity")),
        ReplicationSweep.count(text(parsed, ReplicationSweep.OPTION)),
        parsed.hasMatchedOption("--expect"),
        parsed.hasMatchedOption("--all"),
        parsed.hasMatchedOption("--audit"),
        threads(text(parsed, "--threads"), processors),
        parsed.hasMatchedOption("--progress"),
        parsed.hasMatchedOption("--quiet"),
        Colour.of(text(parsed, "--color")),
        parsed.hasMatchedOption("--debug"));
  }

  private static Optional<String> text(ParseResult parsed, String option) {
    return Optional.ofNullable(parsed.matchedOptionValue(option, null));
  }

  static List<Assembly> under(Optional<String> list) {
    List<Assembly> assemblies = new ArrayList<>();
    for (String name : list.map(text -> text.split(",", -1)).orElse(new String[0])) {
      Assembly assembly = assembly(name.strip());
      if (assemblies.contains(assembly)) {
        throw Refusal.input("--under names " + assembly.text() + " twice.");
      }
      assemblies.add(assembly);
    }
    return List.copyOf(assemblies);
  }

  private static Assembly assembly(String name) {
    List<String> known = Arrays.stream(Assembly.values()).map(Assembly::text).toList();
    return Arrays.stream(Assembly.values())
        .filter(assembly -> assembly.text().equals(name))
        .findFirst()
        .orElseThrow(() ->
            Refusal.input(
                "--under: there is no assembly "
                    + Wording.quoted(name)
                    + ". "
                    + Wording.didYouMean(name, known)));
  }

  private static OptionalLong seed(Optional<String> text) {
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text.get()));
    } catch (NumberFormatException _) {
      throw Refusal.input(
          "--seed "
              + Wording.quoted(text.get())
              + " is no whole number of 64 bits. Write for example 7.");
    }
  }

  private static OptionalLong duration(Optional<String> text) {
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    OptionalLong ns = Wording.durationNs(text.get());
    if (ns.isEmpty()) {
      throw Refusal.input(
          "--duration "
              + Wording.quoted(text.get())
              + " is no duration: a number and ns, us, ms or s. Write for example 10s.");
    }
    if (ns.getAsLong() < ScenarioReader.DURATION_MIN_NS
        || ns.getAsLong() > ScenarioReader.DURATION_MAX_NS) {
      throw Refusal.input(
          "--duration "
              + text.get()
              + " is not between "
              + Wording.duration(ScenarioReader.DURATION_MIN_NS)
              + " and "
              + Wording.duration(ScenarioReader.DURATION_MAX_NS)
              + ".");
    }
    return ns;
  }

  private static int threads(Optional<String> text, int processors) {
    if (text.isEmpty()) {
      return Math.max(1, processors);
    }
    try {
      int threads = Integer.parseInt(text.get());
      if (threads >= 1 && threads <= THREADS_MAX) {
        return threads;
      }
    } catch (NumberFormatException _) {
      // Refused below.
    }
    throw Refusal.input(
        "--threads " + Wording.quoted(text.get()) + " is no number from 1 to " + THREADS_MAX + ".");
  }

  /// Whether the standard output is for JSON alone.
  boolean jsonToOutput() {
    return json.isPresent() && json.get().equals("-");
  }

  /// Whether the standard output is for the guests' files alone.
  boolean observeToOutput() {
    return observe.isPresent() && observe.get().equals("-");
  }

  /// The scenario with what these options change.
  Scenario applyTo(Scenario scenario) {
    return scenario
        .withSeed(seed.orElse(scenario.seed()))
        .withDuration(durationNs.orElse(scenario.durationNs()));
  }
}
