package dev.stint.checks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.RunResult;
import dev.stint.scenario.Diagnostic;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import org.junit.jupiter.api.Test;

/// How the core scheduler treats a VM that knows no SMT, on two cores of two threads: as one
/// without while its VPs fit the cores, else in pairs of which it sees nothing.
final class VmVersionTest {
  private static ReadResult.Loaded read(String fields) {
    String text =
        """
        duration: 1s
        machine: {cores: 2, threads-per-core: 2}
        partitions:
          vm: {%s, tasks: {busy: {count: 4, busy: }}}
        """
            .formatted(fields);
    return (ReadResult.Loaded) ScenarioReader.read(text, "test.yaml");
  }

  private static RunResult run(String fields) {
    Scenario scenario = read(fields).scenario();
    return Experiment.run(scenario, Assembly.CORE, RunOptions.DEFAULT);
  }

  private static double share(RunResult run, String path) {
    return run.entity(path).orElseThrow().share();
  }

  @Test
  void version82_withinTheCores_getsACoreForEachVp() {
    RunResult run = run("vps: 2, vm-version: 8.2");
    assertThat(share(run, "lp0") + share(run, "lp1")).isCloseTo(1, within(0.01));
    assertThat(share(run, "lp2") + share(run, "lp3")).isCloseTo(1, within(0.01));
  }

  @Test
  void version90_sharesACore() {
    RunResult run = run("vps: 2, vm-version: 9.0");
    assertThat(share(run, "lp0") + share(run, "lp1")).isCloseTo(2, within(0.01));
    assertThat(share(run, "lp2") + share(run, "lp3")).isZero();
  }

  @Test
  void version82_beyondTheCores_runsAllItsVpsAtOnce_andIsWarned() {
    RunResult run = run("vps: 4, vm-version: 8.2");
    for (int lp = 0; lp < 4; lp++) {
      assertThat(share(run, "lp" + lp)).as("lp%d", lp).isCloseTo(1, within(0.01));
    }
    RunResult without = run("vps: 4, threads-per-core: 1");
    assertThat(share(without, "lp0") + share(without, "lp1")).isCloseTo(1, within(0.01));
    assertThat(read("vps: 4, vm-version: 8.2").warnings().stream().map(Diagnostic::render))
        .anyMatch(
            line -> line.contains("more VPs than the machine's 2 cores") && line.contains("S059"));
  }
}
