package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.live.CannotRunLive;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.machine.Machine;
import dev.stint.model.stack.Scenario;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LiveReportTest {
  private static LiveValidate.Results failed(CannotRunLive why) {
    Scenario scenario =
        new Scenario(
            "hogs",
            "",
            1,
            10_000_000_000L,
            Machine.flat(1, 1),
            HypervisorConfig.DEFAULT,
            List.of(),
            List.of());
    return new LiveValidate.Results(List.of(), List.of(new LiveValidate.NotRun(scenario, why)));
  }

  @Test
  void report_ofAScenarioThatFailed_saysItIsNotJudgedAndWhy() {
    LiveValidate.Results results = failed(CannotRunLive.machine("the worker died"));
    ByteArrayOutputStream markdown = new ByteArrayOutputStream();
    LiveReport.markdown(results, markdown);
    assertThat(markdown.toString(StandardCharsets.UTF_8))
        .contains("| hogs | not run: the worker died | Not judged. |");
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    LiveReport.json(results, json);
    assertThat(json.toString(StandardCharsets.UTF_8))
        .contains("\"scenario\" : \"hogs\"", "\"judged\" : false", "the worker died");
    assertThat(results.notRun().getFirst().text()).isEqualTo("hogs: not judged, the worker died.");
  }

  @Test
  void code_isTheWorst() {
    assertThat(failed(CannotRunLive.machine("no")).code()).isEqualTo(ExitCode.NOT_HERE);
    assertThat(failed(CannotRunLive.scenario("no")).code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(new LiveValidate.Results(List.of(), List.of()).code()).isEqualTo(ExitCode.DONE);
  }
}
