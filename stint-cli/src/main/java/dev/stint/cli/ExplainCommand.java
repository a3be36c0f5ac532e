package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CannotAssemble;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.report.Style;
import dev.stint.report.explain.Explainer;
import dev.stint.report.explain.Explanation;
import dev.stint.report.explain.ExplanationJson;
import dev.stint.report.explain.ExplanationText;
import dev.stint.report.explain.Knobs;
import dev.stint.report.explain.Question;
import dev.stint.report.explain.RunEvents;
import dev.stint.scenario.Diagnostic;
import dev.stint.scenario.Wording;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.ParseResult;

/// `explain`: why an entity waited, wait by wait.
final class ExplainCommand {
  private static final int WORST_DEFAULT = 3;
  private static final int WORST_MAX = 1000;

  private final Surroundings surroundings;
  private final Simulator simulator;

  ExplainCommand(Surroundings surroundings, Simulator simulator) {
    this.surroundings = surroundings;
    this.simulator = simulator;
  }

  /// A run that can be told, and what is known of it.
  private record Told(RunEvents events, Knobs knobs, String heading, long durationNs) {}

  ExitCode execute(ParseResult parsed) {
    SimulationOptions options = SimulationOptions.of(parsed, surroundings.processors());
    Question question = question(parsed);
    Optional<AtomicFile> json =
        options.jsonToOutput()
            ? Optional.empty()
            : options
                .json()
                .map(file -> new AtomicFile("--json", surroundings.directory().resolve(file)));
    Told told = simulated(options);
    if (question.atNs().orElse(0) >= told.durationNs()) {
      throw Refusal.input(
          "--at "
              + text(parsed, "--at").orElse("")
              + " is not within the run, which ends at "
              + Wording.duration(told.durationNs())
              + ".");
    }
    Explanation explanation = explain(told, question);
    ExplanationJson.Heading heading = new ExplanationJson.Heading(Version.text(), told.heading());
    json.ifPresent(file -> file.write(out -> ExplanationJson.write(explanation, heading, out)));
    if (options.jsonToOutput()) {
      ExplanationJson.write(explanation, heading, surroundings.out());
    } else if (!options.quiet()) {
      Style style = new Style(options.colour().on(surroundings), surroundings.unicode());
      surroundings.print(ExplanationText.text(explanation, told.heading(), style));
    }
    return ExitCode.DONE;
  }

  private static Explanation explain(Told told, Question question) {
    try {
      return new Explainer(told.events(), question, told.knobs()).explain();
    } catch (Explainer.NoSuchEntity e) {
      throw Refusal.input(
          "--entity: the run has no entity "
              + Wording.quoted(question.entity())
              + ". "
              + Wording.didYouMean(question.entity(), e.known()));
    }
  }

  /// The run of a scenario: it is simulated each time that it is told.
  private Told simulated(SimulationOptions options) {
    ScenarioFinder.Found found = new ScenarioFinder(surroundings).find(options.scenario());
    if (!options.quiet()) {
      found.warnings().stream().map(Diagnostic::render).forEach(surroundings::complain);
    }
    Scenario scenario = options.applyTo(found.scenario());
    List<Assembly> under = options.under().isEmpty() ? scenario.under() : options.under();
    if (options.under().size() > 1) {
      throw Refusal.input("explain takes one assembly and got " + options.under().size() + ".");
    }
    Assembly assembly = under.isEmpty() ? Assembly.CORE : under.getFirst();
    RunEvents events =
        listener -> {
          RunOptions how =
              new RunOptions(
                  false,
                  Optional.of(run -> listener.listen(run.entities(), run.threadOfVp())),
                  _ -> {});
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
        };
    return new Told(
        events,
        Knobs.of(scenario, assembly),
        scenario.name() + " under " + assembly.text() + ", seed " + scenario.seed(),
        scenario.durationNs());
  }

  private static Question question(ParseResult parsed) {
    String entity = text(parsed, "--entity").orElse("");
    if (entity.isEmpty()) {
      throw Refusal.input(
          "explain needs --entity PATH: a task, VP, vCPU thread, cgroup or partition, such as"
              + " l1vh/vm-gold/task:web. stint run SCENARIO --all lists them.");
    }
    OptionalLong at =
        text(parsed, "--at").map(ExplainCommand::instant).orElse(OptionalLong.empty());
    if (at.isPresent() && text(parsed, "--worst").isPresent()) {
      throw Refusal.input("--at and --worst exclude each other.");
    }
    return new Question(
        entity, at, text(parsed, "--worst").map(ExplainCommand::worst).orElse(WORST_DEFAULT));
  }

  private static OptionalLong instant(String text) {
    OptionalLong ns = text.equals("0") ? OptionalLong.of(0) : Wording.durationNs(text);
    if (ns.isEmpty() || ns.getAsLong() < 0) {
      throw Refusal.input(
          "--at "
              + Wording.quoted(text)
              + " is no time of the run: a number and ns, us, ms or s. Write for example 1.234s.");
    }
    return ns;
  }

  private static int worst(String text) {
    try {
      int worst = Integer.parseInt(text);
      if (worst >= 1 && worst <= WORST_MAX) {
        return worst;
      }
    } catch (NumberFormatException _) {
      // Refused below.
    }
    throw Refusal.input(
        "--worst " + Wording.quoted(text) + " is no number from 1 to " + WORST_MAX + ".");
  }

  private static Optional<String> text(ParseResult parsed, String option) {
    return Optional.ofNullable(parsed.matchedOptionValue(option, null));
  }
}
