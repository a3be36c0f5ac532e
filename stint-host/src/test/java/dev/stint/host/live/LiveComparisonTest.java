package dev.stint.host.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.host.live.LiveFigure.Verdict;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.stack.Scenario;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/// Plans, predictions, transcripts and verdicts, without a kernel.
final class LiveComparisonTest {
  private static final HostMachine HOST =
      new HostMachine("6.18.44", Machine.flat(2, 1), LinuxConfig.DEFAULT, List.of());
  private static final long SECOND_NS = 1_000_000_000L;
  private static final String HOGS =
      """
      name: hogs
      duration: 1s
      machine: {cores: 2}
      under: [root]
      partitions:
        host:
          kind: root
          groups:
            g: {cpu.weight: 300, groups: {in: {cpuset.cpus: 1}}}
            lim: {cpu.max: 50000 100000}
          tasks:
            a: {group: g/in, busy: {}}
            b: {group: g, affinity: 1, busy: {}}
      """;

  private static Scenario scenario(String text) {
    return switch (ScenarioReader.read(text, "test")) {
      case ReadResult.Loaded(Scenario scenario, var _) -> scenario;
      case ReadResult.Refused(var errors) -> throw new AssertionError(errors.toString());
    };
  }

  private static LivePlan plan(String text) throws CannotRunLive {
    return LivePlan.of(scenario(text), HOST);
  }

  @Test
  void plan_ofGroupsAndAffinities_knowsTheCpusInUse() throws CannotRunLive {
    LivePlan plan = plan(HOGS);
    assertThat(plan.groups().keySet()).containsExactly("g", "g/in", "lim");
    assertThat(plan.used()).isEqualTo(CpuSet.of(1));
    assertThat(plan.oneCpu()).isTrue();
    assertThat(plan.saturated()).isTrue();
    assertThat(plan(HOGS.replace("1, busy: {}", "0, on-off: {on: 1ms, off: 1ms}")).saturated())
        .isFalse();
    assertThat(plan(HOGS.replace("group: g/in", "group: lim")).saturated()).isFalse();
    assertThat(plan(HOGS.replace("group: g,", "group: lim,").replace("g/in", "lim")).saturated())
        .isFalse();
  }

  @Test
  void plan_ofWhatThisMachineCannotDo_saysWhat() {
    String large = HOGS.replace("cores: 2", "cores: 8");
    assertThatThrownBy(() -> plan(large.replace("affinity: 1", "affinity: 5")))
        .isInstanceOf(CannotRunLive.class)
        .hasMessageContaining("asks for CPUs 5; here are 0-1");
    assertThatThrownBy(() -> plan(HOGS.replace("1, busy: {}", "1, batch: {work: 1s}")))
        .hasMessageContaining("only busy, periodic, on-off and ping-pong");
    assertThatThrownBy(() -> plan(HOGS.replace("kind: root", "vps: 2").replace("[root]", "[core]")))
        .hasMessageContaining("one partition of kind root");
  }

  @Test
  void prediction_isOfTheWindowAfterTheWarmUp() throws CannotRunLive {
    Observed seen =
        LivePrediction.of(
            plan(HOGS.replace("group: g/in", "group: lim")), HOST, SECOND_NS, 2 * SECOND_NS);
    assertThat(seen.groups().get("lim")).isEqualTo(new Observed.OfGroup(20, 20));
    assertThat(seen.tasks().get("a").cpuPercent()).isBetween(49.5, 50.5);
  }

  @Test
  void transcript_ofAWorker_isSharesSwitchesAndNoise() throws CannotRunLive {
    LiveTranscript transcript = new LiveTranscript();
    transcript.add("from task a 1000 0");
    transcript.add("from task b 1000 0");
    transcript.add("from switches a 1 5");
    transcript.add("from file proc/stat cpu0 0 0 0 0 0 0 0 0\tcpu1 0 0 0 0 0 0 0 0\t");
    transcript.add("to task a 1000001000 600000000");
    transcript.add("to task b 1000001000 300000000");
    transcript.add("to switches a 2 24");
    transcript.add("to file proc/stat cpu0 90 0 0 0 0 0 0 0\tcpu1 90 0 5 4 0 0 0 1\t");
    transcript.add("jobs a 10 1 2 3 4 5");
    LiveRepetition made = transcript.read(plan(HOGS), Map.of(), SECOND_NS);
    Observed.OfTask a = made.observed().tasks().get("a");
    assertThat(a.cpuPercent()).isEqualTo(60);
    assertThat(a.switchesPerSecond()).hasValue(20);
    assertThat(a.jobs()).hasValue(new Observed.OfJobs(10, 1, 2, 3, 4, 5));
    assertThat(made.observed().tasks().get("b").switchesPerSecond()).isEmpty();
    assertThat(made.foreignPercent()).isBetween(4.99, 5.01);
    assertThat(made.stealPercent()).isEqualTo(1);
  }

  @Test
  void transcript_withoutWhatWasAsked_isNoRun() {
    LiveTranscript transcript = new LiveTranscript();
    transcript.add("from task a 1 x");
    transcript.add("");
    assertThatThrownBy(() -> transcript.read(plan(HOGS), Map.of(), SECOND_NS))
        .isInstanceOf(CannotRunLive.class)
        .hasMessageContaining("task a");
  }

  @Test
  void comparison_withinAndOutOfTolerance_isTold() throws CannotRunLive {
    LivePlan plan = plan(HOGS.replace("lim: {cpu.max: 50000 100000}", "lim: {}"));
    Observed predicted = observed(50, 50, 200);
    List<Observed> near = List.of(observed(49.9, 50.0, 205), observed(50, 50, 210));
    List<LiveFigure> good = new LiveComparison(plan, HOST, predicted, near, true).figures();
    assertThat(good)
        .extracting(LiveFigure::name)
        .containsExactly("share of a", "share of b", "CPU of a", "CPU of b", "switches of all");
    assertThat(good).allMatch(figure -> figure.verdict() == Verdict.PASS);
    List<LiveFigure> bad =
        new LiveComparison(plan, HOST, predicted, List.of(observed(52, 48, 100)), true).figures();
    assertThat(bad).allMatch(figure -> figure.verdict() == Verdict.MISS);
    assertThat(bad.getFirst().error()).isEqualTo(-2);
  }

  @Test
  void switches_moreThanPredicted_areFineOfUnequalNiceAlone() throws CannotRunLive {
    String equal = HOGS.replace("lim: {cpu.max: 50000 100000}", "lim: {}");
    String unequal = equal.replaceFirst("busy", "nice: 5, busy");
    assertThat(switches(equal, 200, 230)).isEqualTo(Verdict.MISS);
    assertThat(switches(equal, 0, 230)).isEqualTo(Verdict.MISS);
    assertThat(switches(equal, 230, 200)).isEqualTo(Verdict.MISS);
    assertThat(switches(unequal, 200, 230)).isEqualTo(Verdict.PASS);
    assertThat(switches(unequal, 230, 200)).isEqualTo(Verdict.MISS);
  }

  private static Verdict switches(String scenario, double predicted, double kernel)
      throws CannotRunLive {
    List<Observed> seen = List.of(observed(50, 50, kernel));
    return new LiveComparison(plan(scenario), HOST, observed(50, 50, predicted), seen, true)
        .figures()
        .getLast()
        .verdict();
  }

  private static Observed observed(double a, double b, double switches) {
    return new Observed(
        Map.of(
            "a", new Observed.OfTask(a, OptionalDouble.of(switches), Optional.empty()),
            "b", new Observed.OfTask(b, OptionalDouble.of(switches), Optional.empty())),
        Map.of());
  }

  @Test
  void figure_ofSeveralRuns_isTheirMedianAndSpread() {
    LiveFigure figure =
        LiveFigure.of(
            "x",
            LiveFigure.Unit.PERCENT,
            new double[] {3, 1, 2, 9},
            4,
            new LiveFigure.Tolerance(1, 0.5, false));
    assertThat(figure.median()).isEqualTo(2.5);
    assertThat(figure.least()).isEqualTo(1);
    assertThat(figure.most()).isEqualTo(9);
    assertThat(figure.allowed()).isEqualTo(1.25);
    assertThat(figure.verdict()).isEqualTo(Verdict.MISS);
    LiveFigure reported =
        LiveFigure.of(
            "x", LiveFigure.Unit.PERCENT, new double[] {3}, 99, LiveFigure.Tolerance.NONE);
    assertThat(reported.verdict()).isEqualTo(Verdict.REPORTED);
  }
}
