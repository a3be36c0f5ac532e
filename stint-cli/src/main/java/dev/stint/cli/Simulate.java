package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CannotAssemble;
import dev.stint.model.stack.CounterReader;
import dev.stint.model.stack.GuestReader;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.RunResult;
import dev.stint.model.time.Time;
import dev.stint.report.CounterReport;
import dev.stint.report.JsonReport;
import dev.stint.report.JsonReport.Extras;
import dev.stint.report.Replications;
import dev.stint.report.ReplicationsReport;
import dev.stint.report.Results;
import dev.stint.report.Sensitivity;
import dev.stint.report.SensitivityPlan;
import dev.stint.report.SensitivityReport;
import dev.stint.report.Style;
import dev.stint.report.TerminalReport;
import dev.stint.report.html.Commands;
import dev.stint.scenario.Diagnostic;
import dev.stint.scenario.Wording;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.ParseResult;

/// `run` and `compare`: a scenario in, figures out.
final class Simulate {
  private final Surroundings surroundings;
  private final Simulator simulator;
  private final Shape shape;

  /// Which of the two.
  enum Shape {
    RUN,
    COMPARE
  }

  Simulate(Surroundings surroundings, Simulator simulator, Shape shape) {
    this.surroundings = surroundings;
    this.simulator = simulator;
    this.shape = shape;
  }

  ExitCode execute(ParseResult parsed) {
    SimulationOptions options = SimulationOptions.of(parsed, surroundings.processors());
    checkUnder(options);
    checkTargets(options);
    ScenarioFinder.Found found = new ScenarioFinder(surroundings).find(options.scenario());
    Optional<AtomicFile> json =
        options.jsonToOutput()
            ? Optional.empty()
            : options
                .json()
                .map(file -> new AtomicFile("--json", surroundings.directory().resolve(file)));
    Optional<GuestTree> guests = guests(options);
    Optional<CounterReport> counters =
        options.counters() ? Optional.of(new CounterReport()) : Optional.empty();
    Optional<ExpectedFigures> expected =
        options.expect()
            ? Optional.of(ExpectedFigures.beside(options.scenario(), found.file()))
            : Optional.empty();
    if (!options.quiet()) {
      found.warnings().stream().map(Diagnostic::render).forEach(surroundings::complain);
    }
    Scenario scenario = options.applyTo(found.scenario());
    List<Assembly> assemblies = assemblies(options, scenario);
    Optional<Told> told;
    try (RunOutputs outputs = outputs(scenario, assemblies, options)) {
      told = simulate(scenario, assemblies, guests, counters, outputs, options);
      told.ifPresent(answer -> outputs.finish(answer.results()));
    }
    if (told.isEmpty()) {
      return ExitCode.INTERNAL;
    }
    Results results = told.get().results();
    Extras extras = told.get().extras();
    json.ifPresent(file -> file.write(out -> JsonReport.write(results, extras, out)));
    if (!options.observeToOutput()) {
      options
          .observe()
          .ifPresent(name ->
              guests.orElseThrow().write(surroundings.directory().resolve(name), options.force()));
    }
    if (options.jsonToOutput()) {
      JsonReport.write(results, extras, surroundings.out());
    } else if (options.observeToOutput()) {
      surroundings.print(guests.orElseThrow().text());
    } else if (!options.quiet()) {
      surroundings.print(text(results, options));
      counters.ifPresent(report -> surroundings.print(report.text(results, style(options))));
      print(extras, results, options);
    }
    return expected.map(figures -> check(figures, results, options)).orElse(ExitCode.DONE);
  }

  private void print(Extras extras, Results results, SimulationOptions options) {
    Style style = style(options);
    extras
        .replications()
        .ifPresent(answer ->
            surroundings.print(
                ReplicationsReport.text(answer, results.scenario(), style, options.all())));
    extras
        .sensitivity()
        .ifPresent(
            answer -> surroundings.print(SensitivityReport.text(answer, style, options.all())));
  }

  private Optional<GuestTree> guests(SimulationOptions options) {
    if (options.observe().isEmpty()) {
      return Optional.empty();
    }
    if (options.observeToOutput() && options.jsonToOutput()) {
      throw Refusal.input("--observe - and --json - cannot share the standard output.");
    }
    if (!options.observeToOutput()) {
      GuestTree.check(surroundings.directory().resolve(options.observe().get()), options.force());
    }
    return Optional.of(new GuestTree());
  }

  private void checkTargets(SimulationOptions options) {
    new Targets(surroundings.directory())
        .reads(options.scenario())
        .writes("--json", options.json())
        .writes("--report", options.report())
        .writes("--trace", options.trace())
        .writes("--observe", options.observe())
        .writes(RunDirectory.OPTION, options.out());
  }

  private void checkUnder(SimulationOptions options) {
    if (shape == Shape.RUN && options.under().size() > 1) {
      String list = options.under().stream().map(Assembly::text).collect(Collectors.joining(","));
      throw Refusal.input(
          "run takes one assembly and got "
              + options.under().size()
              + ". Use: stint compare --under "
              + list);
    }
  }

  private List<Assembly> assemblies(SimulationOptions options, Scenario scenario) {
    List<Assembly> under = options.under().isEmpty() ? scenario.under() : options.under();
    if (under.isEmpty()) {
      under = List.of(Assembly.CORE, Assembly.INTEGRATED, Assembly.ROOT);
    }
    return shape == Shape.RUN ? under.subList(0, 1) : under;
  }

  private record Told(Results results, Extras extras) {}

  /// What is made of the runs' event streams.
  private RunOutputs outputs(
      Scenario scenario, List<Assembly> assemblies, SimulationOptions options) {
    List<RunOutput> outputs = new ArrayList<>();
    options
        .report()
        .ifPresent(file -> {
          OwnOutput.checkPage("--report", file);
          outputs.add(
              new ReportOutput(
                  surroundings.directory().resolve(file),
                  assemblies.size(),
                  commands(file, scenario, assemblies, options)));
        });
    options
        .timeline()
        .ifPresent(range -> outputs.add(timeline(range, scenario, assemblies, options)));
    options
        .out()
        .ifPresent(name ->
            outputs.add(
                new RunDirectory(
                    name,
                    surroundings.directory().resolve(name),
                    options.force(),
                    line -> surroundings.complain("stint: " + line))));
    if (options.traceLayer().isPresent() && options.trace().isEmpty()) {
      throw Refusal.input("--trace-layer goes with --trace NAME.ftrace.txt.");
    }
    options
        .trace()
        .ifPresent(name ->
            outputs.add(
                new TraceOutput(
                    new AtomicFile("--trace", surroundings.directory().resolve(name)),
                    TraceFormat.of(name),
                    options.traceLayer(),
                    assemblies.size(),
                    assembly -> about(assembly, scenario, options))));
    return new RunOutputs(outputs);
  }

  private TimelineOutput timeline(
      String range, Scenario scenario, List<Assembly> assemblies, SimulationOptions options) {
    boolean shown = !options.quiet() && !options.jsonToOutput() && !options.observeToOutput();
    return new TimelineOutput(
        range,
        scenario,
        assemblies.size(),
        surroundings.columns(),
        options.all(),
        shown ? surroundings::print : _ -> {});
  }

  /// What to type to get the same report again, and for more than it shows.
  private Commands commands(
      String report, Scenario scenario, List<Assembly> assemblies, SimulationOptions options) {
    String under = assemblies.stream().map(Assembly::text).collect(Collectors.joining(","));
    List<String> run = new ArrayList<>(List.of(options.scenario()));
    run.addAll(List.of("--seed", Long.toString(scenario.seed())));
    run.addAll(List.of("--duration", Wording.duration(scenario.durationNs())));
    List<String> again = new ArrayList<>(List.of(shape == Shape.RUN ? "run" : "compare"));
    again.addAll(run);
    again.addAll(List.of("--under", under, "--report", report));
    List<String> explain = new ArrayList<>(List.of("explain"));
    explain.addAll(run);
    return new Commands(
        InternalErrors.command(again.toArray(String[]::new)),
        InternalErrors.command(explain.toArray(String[]::new)));
  }

  private static Map<String, String> about(
      Assembly assembly, Scenario scenario, SimulationOptions options) {
    Map<String, String> about = new LinkedHashMap<>();
    about.put("scenario", scenario.name());
    about.put("assembly", assembly.text());
    about.put("seed", Long.toString(scenario.seed()));
    about.put("stint", Version.text());
    about.put("command", InternalErrors.command(replay(assembly, scenario, options)));
    return about;
  }

  /// The figures; empty if a run ended in a bug of ours, which is then told.
  private Optional<Told> simulate(
      Scenario scenario,
      List<Assembly> assemblies,
      Optional<GuestTree> guests,
      Optional<CounterReport> counters,
      RunOutputs outputs,
      SimulationOptions options) {
    try {
      Results results =
          new Results(
              Version.text(),
              scenario,
              runs(scenario, assemblies, guests, counters, outputs, options));
      Extras extras =
          new Extras(
              sensitivity(results, assemblies, options),
              replications(results, assemblies, options));
      return Optional.of(new Told(results, extras));
    } catch (RunFailure failure) {
      tell(failure, scenario, options);
      return Optional.empty();
    }
  }

  private List<RunResult> runs(
      Scenario scenario,
      List<Assembly> assemblies,
      Optional<GuestTree> guests,
      Optional<CounterReport> counters,
      RunOutputs outputs,
      SimulationOptions options) {
    RunProgress progress = new RunProgress(assemblies, scenario.durationNs());
    try (Progress _ = new Progress(surroundings, progress, tells(options))) {
      Runs runs =
          new Runs(
              simulator,
              scenario,
              assemblies,
              options.audit(),
              outputs,
              guests.map(GuestReader.class::cast),
              counters.map(CounterReader.class::cast),
              progress);
      return runs.results(options.threads());
    }
  }

  private Optional<Sensitivity> sensitivity(
      Results results, List<Assembly> assemblies, SimulationOptions options) {
    if (options.sensitivity().isEmpty()) {
      return Optional.empty();
    }
    SensitivityPlan plan = options.sensitivity().get().plan(results.scenario(), assemblies);
    SensitivitySweep sweep = new SensitivitySweep(simulator, results, assemblies, plan);
    try (Progress _ = new Progress(surroundings, sweep, tells(options))) {
      return Optional.of(sweep.sensitivity(options.threads()));
    }
  }

  private Optional<Replications> replications(
      Results results, List<Assembly> assemblies, SimulationOptions options) {
    if (options.replications().isEmpty()) {
      return Optional.empty();
    }
    ReplicationSweep sweep =
        new ReplicationSweep(simulator, results, assemblies, options.replications().get());
    try (Progress _ = new Progress(surroundings, sweep, tells(options))) {
      return Optional.of(sweep.replications(options.threads()));
    }
  }

  private boolean tells(SimulationOptions options) {
    return !options.quiet() && (surroundings.errIsTerminal() || options.progress());
  }

  private void tell(RunFailure failure, Scenario scenario, SimulationOptions options) {
    String assembly = failure.assembly().text();
    Throwable reason = failure.reason();
    if (reason instanceof Refusal refusal) {
      throw refusal;
    }
    if (reason instanceof CannotAssemble cannot) {
      throw Refusal.input(
          "cannot run " + scenario.name() + " under " + assembly + ": " + cannot.getMessage());
    }
    if (reason instanceof OutOfMemoryError) {
      throw new Refusal(
          ExitCode.NOT_HERE,
          List.of(
              "stint: not enough memory for "
                  + scenario.name()
                  + " under "
                  + assembly
                  + ". Use --threads 1, a smaller scenario, or STINT_JAVA_OPTS=-Xmx4g."));
    }
    String when = failure.simulatedNs() > 0 ? ", after " + Time.format(failure.simulatedNs()) : "";
    surroundings.complain(
        "stint: internal error: "
            + InternalErrors.summary(reason)
            + ", under "
            + assembly
            + ", seed "
            + scenario.seed()
            + when
            + " of simulated time".repeat(when.isEmpty() ? 0 : 1)
            + ".");
    surroundings.complain(
        "This is a bug in Stint, not in the scenario. Again: "
            + InternalErrors.command(replay(failure.assembly(), scenario, options)));
    InternalErrors.trace(reason, options.debug()).forEach(surroundings::complain);
  }

  private static String[] replay(Assembly assembly, Scenario scenario, SimulationOptions options) {
    List<String> words = new ArrayList<>(List.of("run", options.scenario()));
    words.addAll(List.of("--under", assembly.text()));
    words.addAll(List.of("--seed", Long.toString(scenario.seed())));
    words.addAll(List.of("--duration", Wording.duration(scenario.durationNs())));
    if (options.audit()) {
      words.add("--audit");
    }
    return words.toArray(String[]::new);
  }

  private String text(Results results, SimulationOptions options) {
    Style style = style(options);
    return switch (shape) {
      case RUN -> TerminalReport.run(results, style, options.all());
      case COMPARE -> TerminalReport.compare(results, style, options.all());
    };
  }

  private Style style(SimulationOptions options) {
    return new Style(options.colour().on(surroundings), surroundings.unicode());
  }

  private ExitCode check(ExpectedFigures expected, Results results, SimulationOptions options) {
    ExpectedFigures.Answer answer = expected.check(results.runs());
    List<String> lines = new ArrayList<>(options.all() ? answer.met() : List.of());
    lines.addAll(answer.missed());
    lines.add(answer.summary());
    if (options.jsonToOutput() || options.quiet()) {
      answer.missed().forEach(surroundings::complain);
    } else {
      surroundings.print("\n" + String.join("\n", lines) + "\n");
    }
    return answer.missed().isEmpty() ? ExitCode.DONE : ExitCode.NEGATIVE;
  }
}
