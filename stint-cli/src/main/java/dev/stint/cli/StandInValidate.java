package dev.stint.cli;

import dev.stint.host.HostFiles;
import dev.stint.host.live.CannotRunLive;
import dev.stint.host.standin.StandIn;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/// `validate --under`: an L1VH on this machine's kernel, with an agent in the hypervisor's place.
final class StandInValidate {
  private final Surroundings surroundings;
  private final ParseResult parsed;

  StandInValidate(Surroundings surroundings, ParseResult parsed) {
    this.surroundings = surroundings;
    this.parsed = parsed;
  }

  /// A scenario and what came of it.
  record Judged(Scenario scenario, boolean emulated, StandIn.Outcome outcome) {}

  /// @param repetitions that are to be valid, of each assembly
  ExitCode execute(List<Scenario> scenarios, List<Assembly> assemblies, int repetitions) {
    Optional<String> json = Optional.ofNullable(parsed.matchedOptionValue("--json", null));
    boolean jsonToOutput = json.filter("-"::equals).isPresent();
    Optional<AtomicFile> jsonFile = jsonToOutput ? Optional.empty() : file("--json", json);
    Optional<AtomicFile> markdown =
        file("--markdown", Optional.ofNullable(parsed.matchedOptionValue("--markdown", null)));
    boolean quiet = parsed.hasMatchedOption("--quiet");
    boolean emulated = parsed.hasMatchedOption("--qemu");
    StandIn standIn =
        new StandIn(
            new HostFiles(surroundings.root()),
            new StandIn.Options(
                repetitions,
                !parsed.hasMatchedOption("--no-boost"),
                emulated,
                CpuSet.EMPTY,
                StandInAgentMain.class.getName(),
                new StopHooks(),
                quiet ? _ -> {} : surroundings::complain,
                surroundings::complain));
    List<Judged> judged = new ArrayList<>();
    for (Scenario scenario : scenarios) {
      Judged one = new Judged(scenario, emulated, run(standIn, scenario, assemblies));
      judged.add(one);
      if (!jsonToOutput && !quiet) {
        surroundings.print(StandInReport.text(one));
      }
    }
    jsonFile.ifPresent(target -> target.write(out -> StandInReport.json(judged, out)));
    markdown.ifPresent(target -> target.write(out -> StandInReport.markdown(judged, out)));
    if (jsonToOutput) {
      StandInReport.json(judged, surroundings.out());
    }
    if (judged.stream().anyMatch(one -> !one.outcome().agrees())) {
      return ExitCode.NEGATIVE;
    }
    boolean all = judged.stream().allMatch(one -> one.outcome().judged());
    return all ? ExitCode.DONE : ExitCode.NOT_HERE;
  }

  private static StandIn.Outcome run(
      StandIn standIn, Scenario scenario, List<Assembly> assemblies) {
    try {
      return standIn.run(scenario, assemblies);
    } catch (CannotRunLive e) {
      throw new Refusal(
          e.isOfTheScenario() ? ExitCode.BAD_INPUT : ExitCode.NOT_HERE,
          List.of("stint: " + scenario.name() + ": " + e.reason() + "."));
    }
  }

  private Optional<AtomicFile> file(String option, Optional<String> name) {
    return name.map(text -> new AtomicFile(option, surroundings.directory().resolve(text)));
  }
}
