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

  /// A scenario that could not be run.
  ///
  /// @param why not
  record NotRun(Scenario scenario, CannotRunLive why) {
    ExitCode code() {
      return why.isOfTheScenario() ? ExitCode.BAD_INPUT : ExitCode.NOT_HERE;
    }

    String text() {
      return scenario.name() + ": not judged, " + why.reason() + ".";
    }
  }

  /// What came of several scenarios: one that fails leaves the others as they are.
  record Results(List<Judged> judged, List<NotRun> notRun) {
    /// Out of tolerance counts for more than a scenario that cannot be run anywhere, and that for
    /// more than one not judged.
    ExitCode code() {
      if (judged.stream().anyMatch(one -> one.outcome().missed() > 0)) {
        return ExitCode.NEGATIVE;
      }
      if (notRun.stream().anyMatch(one -> one.code() == ExitCode.BAD_INPUT)) {
        return ExitCode.BAD_INPUT;
      }
      boolean all = notRun.isEmpty() && judged.stream().allMatch(one -> one.outcome().judged());
      return all ? ExitCode.DONE : ExitCode.NOT_HERE;
    }
  }

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
                new StopHooks(),
                surroundings::complain),
            quiet ? _ -> {} : surroundings::complain);
    Results results = new Results(new ArrayList<>(), new ArrayList<>());
    for (Scenario scenario : scenarios) {
      try {
        Judged one = new Judged(scenario, validation.run(scenario));
        results.judged().add(one);
        if (!jsonToOutput && !quiet) {
          surroundings.print(LiveReport.text(one));
        }
      } catch (CannotRunLive e) {
        NotRun one = new NotRun(scenario, e);
        results.notRun().add(one);
        if (scenarios.size() == 1) {
          throw new Refusal(
              one.code(), List.of("stint: " + scenario.name() + ": " + e.reason() + "."));
        }
        surroundings.complain("stint: " + one.text());
      }
    }
    jsonFile.ifPresent(target -> target.write(out -> LiveReport.json(results, out)));
    markdown.ifPresent(target -> target.write(out -> LiveReport.markdown(results, out)));
    if (jsonToOutput) {
      LiveReport.json(results, surroundings.out());
    }
    return results.code();
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
