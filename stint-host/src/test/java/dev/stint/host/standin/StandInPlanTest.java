package dev.stint.host.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.host.live.CannotRunLive;
import dev.stint.host.live.HostMachine;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.machine.Machine;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Scenario;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StandInPlanTest {
  static final String SMALL =
      """
      name: small
      duration: 600ms
      machine: {cores: 1}
      under: [core, integrated]
      partitions:
        l1vh:
          kind: l1vh
          vps: 1
          groups: {gold: {cpu.weight: 300, groups: {in: {}}}, bronze: {}, own: {}}
          tasks: {agent: {group: own, busy: {}}}
          children:
            vm-gold: {vps: 1, group: gold/in, tasks: {web: {busy: {}}}}
            vm-bronze: {vps: 1, group: bronze, tasks: {batch: {busy: {}}}}
      """;

  static final HostMachine HOST =
      new HostMachine("6.18.0", Machine.flat(2, 1), LinuxConfig.DEFAULT, List.of());

  static Scenario scenario(String text) {
    return switch (ScenarioReader.read(text, "small")) {
      case ReadResult.Loaded(Scenario read, var _) -> read;
      case ReadResult.Refused(var errors) -> throw new AssertionError(errors.toString());
    };
  }

  @Test
  void plan_ofAnL1vh_hasItsVpsFirst() throws CannotRunLive {
    StandInPlan plan = StandInPlan.of(scenario(SMALL), HOST);
    assertThat(plan.vps()).containsExactly("l1vh-vp0", "vm-gold-vp0", "vm-bronze-vp0");
    assertThat(plan.families()).containsExactly("gold", "bronze", "own");
    assertThat(plan.groups()).containsOnlyKeys("gold", "gold/in", "bronze", "own");
    assertThat(plan.cpus().toString()).isEqualTo("0");
    assertThat(StandInPlan.family("gold/in")).isEqualTo("gold");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          kind: l1vh       | kind: guest           | only a scenario of one L1VH
          cores: 1         | cores: 4              | it has 4 LPs; here are 2 CPUs
          cores: 1         | cores: 2              | a VP for every LP
          {web: {busy: {}}} | {web: {periodic: {run: 1ms, period: 10ms}}} | not always busy
          group: own, busy | busy                  | task agent is in no cgroup
          vm-gold: {vps: 1 | vm-gold: {weight: 200, vps: 1 | of different weight
          vm-gold: {vps: 1 | vm-gold: {vps: 2      | does not keep each of its VPs busy
          """)
  void plan_ofWhatCannotBeStoodInFor_saysWhy(String from, String to, String reason) {
    String text = SMALL.replace(from, to);
    if (to.contains("guest")) {
      text =
          text.substring(0, text.indexOf("    children:"))
              .replace("under: [core, integrated]\n", "");
    }
    Scenario scenario = scenario(text);
    assertThatThrownBy(() -> StandInPlan.of(scenario, HOST))
        .isInstanceOfSatisfying(CannotRunLive.class, e -> assertThat(e.isOfTheScenario()).isTrue())
        .hasMessageContaining(reason);
  }

  @Test
  void prediction_ofWeights_isWhatIsAskedUnderIntegratedOnly() throws CannotRunLive {
    StandInPlan plan = StandInPlan.of(scenario(SMALL), HOST);
    StandInPrediction core = StandInPrediction.of(plan, HOST, Assembly.CORE, 300_000_000L);
    StandInPrediction integrated =
        StandInPrediction.of(plan, HOST, Assembly.INTEGRATED, 300_000_000L);
    assertThat(core.asked().get("gold")).isCloseTo(60, within(0.1));
    assertThat(core.shares().get("gold")).isCloseTo(100.0 / 3, within(1));
    assertThat(integrated.shares().get("gold")).isCloseTo(60, within(2));
  }

  private static org.assertj.core.data.Offset<Double> within(double offset) {
    return org.assertj.core.data.Offset.offset(offset);
  }
}
