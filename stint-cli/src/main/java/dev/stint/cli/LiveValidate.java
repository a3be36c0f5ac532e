package dev.stint.cli;

import dev.stint.host.HostFiles;
import dev.stint.host.live.CannotRunLive;
import dev.stint.host.live.LiveValidation;
import dev.stint.model.stack.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/// `validate` without `--kernel`: the real kernel is that of this machine.
final class LiveValidate {
  private static final int REPETITIONS = 3;
  private static final int REPETITIONS_MAX = 100;

  private final Surroundings surroundings;
  private final ParseResult parsed;

  LiveValidate(Surroundings surroundings, ParseResult parsed) {
    this.surroundings = surroundings;
    this.parsed = parsed;
  }

  /// A scenario and what came of it.
  record Judged(Scenario scenario, LiveValidation.Outcome outcome) {}

  /// @param scenarios to run, one after another
  ExitCode execute(List<Scenario> scenarios) {
    Optional<String> json = Optional.ofNullable(parsed.matchedOptionValue("--json", null));
    boolean jsonToOutput = json.filter("-"::equals).isPresent();
    Optional<AtomicFile> jsonFile = jsonToOutput ? Optional.empty() : file("--json", json);
    Optional<AtomicFile> markdown =
        file("--markdown", Optional.ofNullable(parsed.matchedOptionValue("--markdown", null)));
    boolean quiet = parsed.hasMatchedOption("--quiet");
    LiveValidation validation =
        new LiveValidation(
            new HostFiles(surroundings.root()),
            new LiveValidation.Options(
                repetitions(),
                !parsed.hasMatchedOption("--no-boost"),
                LiveWorkerMain.class.getName(),
                new StopHooks()),
            quiet ? _ -> {} : surroundings::complain);
    List<Judged> judged = new ArrayList<>();
    for (Scenario scenario : scenarios) {
      Judged one = new Judged(scenario, run(validation, scenario));
      judged.add(one);
      if (!jsonToOutput && !quiet) {
        surroundings.print(LiveReport.text(one));
      }
    }
    jsonFile.ifPresent(target -> target.write(out -> LiveReport.json(judged, out)));
    markdown.ifPresent(target -> target.write(out -> LiveReport.markdown(judged, out)));
    if (jsonToOutput) {
      LiveReport.json(judged, surroundings.out());
    }
    return code(judged);
  }

  private static LiveValidation.Outcome run(LiveValidation validation, Scenario scenario) {
    try {
      return validation.run(scenario);
    } catch (CannotRunLive e) {
      throw new Refusal(
          e.isOfTheScenario() ? ExitCode.BAD_INPUT : ExitCode.NOT_HERE,
          List.of("stint: " + scenario.name() + ": " + e.reason() + "."));
    }
  }

  /// Out of tolerance counts for more than not judged.
  private static ExitCode code(List<Judged> judged) {
    if (judged.stream().anyMatch(one -> one.outcome().missed() > 0)) {
      return ExitCode.NEGATIVE;
    }
    boolean all = judged.stream().allMatch(one -> one.outcome().judged());
    return all ? ExitCode.DONE : ExitCode.NOT_HERE;
  }

  private int repetitions() {
    return repetitions(parsed);
  }

  static int repetitions(ParseResult parsed) {
    String text = parsed.matchedOptionValue("--repetitions", Integer.toString(REPETITIONS));
    if (!text.matches("[1-9]\\d{0,2}") || Integer.parseInt(text) > REPETITIONS_MAX) {
      throw Refusal.input(
          "--repetitions " + text + " is no number from 1 to " + REPETITIONS_MAX + ".");
    }
    return Integer.parseInt(text);
  }

  private Optional<AtomicFile> file(String option, Optional<String> name) {
    return name.map(text -> new AtomicFile(option, surroundings.directory().resolve(text)));
  }
}
