package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.live.HostMachine;
import dev.stint.host.standin.StandIn;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.machine.Machine;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Scenario;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class StandInReportTest {
  private static final HostMachine HOST =
      new HostMachine("6.18.0", Machine.flat(2, 1), LinuxConfig.DEFAULT, List.of());

  private static StandInValidate.Judged judged(double live) {
    Scenario scenario =
        new Scenario(
            "weights",
            "",
            1,
            10_000_000_000L,
            Machine.flat(1, 1),
            HypervisorConfig.DEFAULT,
            List.of(),
            List.of());
    StandIn.Side core =
        new StandIn.Side(
            Assembly.CORE,
            List.of(new StandIn.Attempt(0.4, 1.2, 0.1, true)),
            Map.of("gold", new StandIn.Share(live, live - 1, live + 1, 33.3, 0.84)),
            new StandIn.Agent(true, 1000, 127_000, 290_000, 1_296_000));
    return new StandInValidate.Judged(
        scenario, false, new StandIn.Outcome(HOST, Map.of("gold", 60.0), List.of(core)));
  }

  @Test
  void report_saysHowFarFromWhatWasAsked_andWhatStandsIn() {
    assertThat(StandInReport.text(judged(33.4)))
        .containsPattern("core +gold +60.00 +33.40 +32.40..34.40 +33.30 +-26.60 +-26.70")
        .contains("is up to 26.60 points off what they asked for live, 26.70 in the model")
        .contains("1000 turns, given late by p50 127, p99 290, at most 1296 us (SCHED_FIFO)")
        .contains("the agent itself up to 1.20 % (at most 2.0 %), steal up to 0.10 %")
        .contains("an agent that every 10.0 ms (assumed")
        .contains("The kernel did as the model says.");
  }

  @Test
  void report_ofAShareOutOfTolerance_saysSo() {
    assertThat(judged(35).outcome().agrees()).isFalse();
    assertThat(StandInReport.text(judged(35)))
        .contains("miss")
        .contains("The kernel did not do as the model says.");
  }

  @Test
  void report_inFiles_hasTheSameFigures() {
    ByteArrayOutputStream markdown = new ByteArrayOutputStream();
    StandInReport.markdown(List.of(judged(33.4)), markdown);
    assertThat(markdown.toString(StandardCharsets.UTF_8))
        .contains("| core | gold | 60.00 | 33.40 | 32.40..34.40 | 33.30 |");
    ByteArrayOutputStream json = new ByteArrayOutputStream();
    StandInReport.json(List.of(judged(33.4)), json);
    assertThat(json.toString(StandardCharsets.UTF_8))
        .contains(
            "\"live_percent\" : 33.4",
            "\"agent_percent\" : 1.2",
            "\"asked_percent\" : 60.0",
            "\"late_p99_ns\" : 290000");
  }
}
