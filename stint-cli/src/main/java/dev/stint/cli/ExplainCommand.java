package dev.stint.cli;

import dev.stint.report.Style;
import dev.stint.report.explain.Explainer;
import dev.stint.report.explain.Explanation;
import dev.stint.report.explain.ExplanationJson;
import dev.stint.report.explain.ExplanationText;
import dev.stint.report.explain.Question;
import dev.stint.scenario.Wording;
import java.util.Collection;
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

  ExitCode execute(ParseResult parsed) {
    SimulationOptions options = SimulationOptions.of(parsed, surroundings.processors());
    Question question = question(parsed);
    Optional<AtomicFile> json =
        options.jsonToOutput()
            ? Optional.empty()
            : options
                .json()
                .map(file -> new AtomicFile("--json", surroundings.directory().resolve(file)));
    ToldRun told = ToldRun.of(surroundings, simulator, options);
    if (question.atNs().isPresent()) {
      told.check(text(parsed, "--at").orElse(""), question.atNs().getAsLong());
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

  private static Explanation explain(ToldRun told, Question question) {
    try {
      return new Explainer(told.events(), question, told.knobs()).explain();
    } catch (Explainer.NoSuchEntity e) {
      throw Refusal.input(
          "--entity: the run has no entity "
              + Wording.quoted(question.entity())
              + ". "
              + known(question.entity(), e.known()));
    }
  }

  /// Tables leave out what a path begins with: `web-7` is `linux/task:web-7`.
  private static String known(String asked, Collection<String> known) {
    List<String> ends =
        known.stream()
            .filter(path -> path.endsWith(":" + asked) || path.endsWith("/" + asked))
            .toList();
    return ends.size() == 1
        ? "Did you mean " + Wording.quoted(ends.getFirst()) + "?"
        : Wording.didYouMean(asked, known);
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
