package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CannotAssemble;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.Watch;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.TraceSink;
import dev.stint.report.Numbers;
import dev.stint.report.events.EventFileFault;
import dev.stint.report.events.EventFileReader;
import dev.stint.report.events.RunLabel;
import dev.stint.report.explain.Knobs;
import dev.stint.report.explain.RunEvents;
import dev.stint.scenario.Diagnostic;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import dev.stint.scenario.Wording;
import dev.stint.scenario.trace.ImportedTrace;
import dev.stint.scenario.trace.MalformedTrace;
import dev.stint.scenario.trace.TraceImport;
import dev.stint.scenario.trace.TraceWindow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// A run that can be told more than once, and what is known of it: a scenario, which is simulated
/// each time, the events that `--out` kept, or a trace of a real machine.
///
/// @param heading what was run, for the reader
/// @param durationNs when it ends
record ToldRun(RunEvents events, Knobs knobs, String heading, long durationNs) {
  private static final String EVENTS = ".events";
  private static final List<String> SCENARIOS = List.of(".yaml", ".yml", ".json", EVENTS);

  /// The run that an argument means: a run directory, an event file in one, or else a scenario.
  static ToldRun of(Surroundings surroundings, Simulator simulator, SimulationOptions options) {
    if (options.under().size() > 1) {
      throw Refusal.input("explain takes one assembly and got " + options.under().size() + ".");
    }
    OwnOutput.refuse(options.scenario(), "explain");
    Optional<Path> file = eventFile(surroundings, options);
    if (file.isPresent()) {
      return kept(options, file.get());
    }
    Optional<Path> trace = traceFile(surroundings, options.scenario());
    return trace.isPresent()
        ? recorded(options, trace.get())
        : simulated(surroundings, simulator, options);
  }

  /// Whatever is a file and by its name no scenario.
  private static Optional<Path> traceFile(Surroundings surroundings, String name) {
    if (name.equals("-") || SCENARIOS.stream().anyMatch(name::endsWith)) {
      return Optional.empty();
    }
    try {
      return Optional.of(surroundings.directory().resolve(name)).filter(Files::isRegularFile);
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }

  /// The events of a trace of a real machine, with what it does not tell as unknown.
  private static ToldRun recorded(SimulationOptions options, Path file) {
    refuseSettings(options, "is a trace");
    if (!options.under().isEmpty()) {
      throw Refusal.input("--under is for scenarios; " + options.scenario() + " is a trace.");
    }
    RunEvents events =
        listener -> imported(options, file, known -> listener.listen(known, Map.of()));
    ImportedTrace trace = imported(options, file, _ -> Watch.events(TraceSink.NONE));
    String heading =
        options.scenario()
            + ", "
            + trace.format().text()
            + ", "
            + Numbers.count(trace.warnings().size(), "warning");
    return new ToldRun(events, Knobs.unknown(), heading, trace.result().durationNs());
  }

  private static ImportedTrace imported(
      SimulationOptions options, Path file, Function<Entities, Watch> to) {
    TraceFile source = new TraceFile(options.scenario(), file);
    try {
      return TraceImport.read(source, Optional.empty(), TraceWindow.ALL, to);
    } catch (MalformedTrace e) {
      throw Refusal.input(String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw Refusal.input(options.scenario() + " cannot be read: " + e.getMessage() + ".");
    }
  }

  private static void refuseSettings(SimulationOptions options, String what) {
    if (options.seed().isPresent() || options.durationNs().isPresent()) {
      throw Refusal.input(
          "--seed and --duration are for scenarios; " + options.scenario() + " " + what + ".");
    }
  }

  private static Optional<Path> eventFile(Surroundings surroundings, SimulationOptions options) {
    Path path;
    try {
      path = surroundings.directory().resolve(options.scenario());
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
    if (options.scenario().endsWith(EVENTS) && Files.isRegularFile(path)) {
      return Optional.of(path);
    }
    if (!Files.isRegularFile(path.resolve(Manifest.NAME))) {
      return Optional.empty();
    }
    List<String> assemblies;
    try {
      assemblies = Manifest.read(path).assemblies();
    } catch (IOException e) {
      throw Refusal.input(options.scenario() + ": " + e.getMessage() + ".");
    }
    String wanted =
        options.under().isEmpty() ? assemblies.getFirst() : options.under().getFirst().text();
    if (!assemblies.contains(wanted)) {
      throw Refusal.input(
          options.scenario()
              + " has no run under "
              + wanted
              + ". It has: "
              + String.join(", ", assemblies)
              + ".");
    }
    return Optional.of(path.resolve(wanted + EVENTS));
  }

  private static ToldRun kept(SimulationOptions options, Path file) {
    refuseSettings(options, "is a run that was kept");
    RunEvents events =
        listener ->
            read(
                file,
                reader -> reader.ledger(run -> listener.listen(run.entities(), run.threadOfVp())));
    EventFileReader[] known = new EventFileReader[1];
    read(file, reader -> known[0] = reader);
    RunLabel label = known[0].label();
    options
        .under()
        .forEach(asked -> {
          if (!asked.text().equals(label.assembly())) {
            throw Refusal.input(
                "--under "
                    + asked.text()
                    + ": "
                    + options.scenario()
                    + " is of a run under "
                    + label.assembly()
                    + ".");
          }
        });
    String heading = label.scenario() + " under " + label.assembly() + ", seed " + label.seed();
    return new ToldRun(events, knobs(file, label), heading, known[0].endNs());
  }

  private static <T> T read(Path file, Function<EventFileReader, T> how) {
    try (FileBytes bytes = new FileBytes(file)) {
      return how.apply(new EventFileReader(file.toString(), bytes));
    } catch (EventFileFault fault) {
      throw Refusal.input(String.valueOf(fault.getMessage()));
    } catch (IOException e) {
      throw Refusal.input(file + " cannot be read: " + e.getMessage() + ".");
    }
  }

  /// The settings of the scenario beside the events, if it is there and still can be read.
  private static Knobs knobs(Path file, RunLabel label) {
    Path scenario = file.resolveSibling("scenario.yaml");
    Optional<Assembly> assembly =
        List.of(Assembly.values()).stream()
            .filter(a -> a.text().equals(label.assembly()))
            .findAny();
    if (assembly.isEmpty() || !Files.isRegularFile(scenario)) {
      return Knobs.unknown();
    }
    return switch (ScenarioReader.read(scenario)) {
      case ReadResult.Loaded loaded -> Knobs.of(loaded.scenario(), assembly.get());
      case ReadResult.Refused _ -> Knobs.unknown();
    };
  }

  private static ToldRun simulated(
      Surroundings surroundings, Simulator simulator, SimulationOptions options) {
    ScenarioFinder.Found found = new ScenarioFinder(surroundings).find(options.scenario());
    if (!options.quiet()) {
      found.warnings().stream().map(Diagnostic::render).forEach(surroundings::complain);
    }
    Scenario scenario = options.applyTo(found.scenario());
    List<Assembly> under = options.under().isEmpty() ? scenario.under() : options.under();
    Assembly assembly = under.isEmpty() ? Assembly.CORE : under.getFirst();
    RunEvents events = listener -> simulate(simulator, scenario, assembly, listener);
    return new ToldRun(
        events,
        Knobs.of(scenario, assembly),
        scenario.name() + " under " + assembly.text() + ", seed " + scenario.seed(),
        scenario.durationNs());
  }

  private static void simulate(
      Simulator simulator, Scenario scenario, Assembly assembly, RunEvents.Listener listener) {
    RunOptions how =
        new RunOptions(
            false, Optional.of(run -> listener.listen(run.entities(), run.threadOfVp())), _ -> {});
    try {
      simulator.run(scenario, assembly, how);
    } catch (CannotAssemble cannot) {
      throw Refusal.input(
          "cannot run "
              + scenario.name()
              + " under "
              + assembly.text()
              + ": "
              + cannot.getMessage());
    }
  }

  /// A time of this run, refused when it is not within.
  void check(String asked, long atNs) {
    if (atNs >= durationNs) {
      throw Refusal.input(
          "--at "
              + asked
              + " is not within the run, which ends at "
              + Wording.duration(durationNs)
              + ".");
    }
  }
}
