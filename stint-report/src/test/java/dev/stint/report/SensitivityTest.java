package dev.stint.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CannotAssemble;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.RunResult;
import dev.stint.report.Sensitivity.Robustness;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Which sentences of a verdict rest on what is assumed.
final class SensitivityTest {
  /// A latency-bound child beside a busy one: how long it waits under core is the hypervisor's time
  /// slice, under integrated Linux's slice.
  private static final String SLICES =
      """
      duration: 1s
      under: [core, integrated]
      machine: {cores: 1}
      partitions:
        l1vh:
          kind: l1vh
          vps: 1
          children:
            vm-web: {vps: 1, tasks: {web: {requests: {every: 20ms, service: 2ms}}}}
            vm-batch: {vps: 1, tasks: {job: {busy: {}}}}
      """;

  /// More VPs than LPs: they cannot be pinned.
  private static final String CROWDED =
      """
      duration: 100ms
      under: [core, integrated]
      machine: {cores: 1}
      partitions:
        l1vh:
          kind: l1vh
          vps: 2
          children:
            vm: {vps: 1, tasks: {job: {busy: {}}}}
      """;

  static Sensitivity sweep(Results results) {
    return sweep(results, SensitivityPlan.sampled(results.scenario(), results.scenario().under()));
  }

  private static Sensitivity sweep(Results results, SensitivityPlan plan) {
    Scenario scenario = results.scenario();
    Sensitivity.Collector collector = new Sensitivity.Collector(plan, results);
    for (Combination combination : plan.combinations()) {
      List<RunResult> runs = new ArrayList<>();
      try {
        for (Assembly assembly : scenario.under()) {
          runs.add(
              Experiment.run(combination.apply(scenario, assembly), assembly, RunOptions.DEFAULT));
        }
        collector.tried("test", scenario, combination, runs);
      } catch (CannotAssemble cannot) {
        collector.impossible(combination, String.valueOf(cannot.getMessage()));
      }
    }
    return collector.sensitivity();
  }

  private static Robustness about(Sensitivity sensitivity, String words) {
    return sensitivity.sentences().stream()
        .filter(one -> one.sentence().text().contains(words))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void timeSlice_turnsTheResponseRound() {
    Results results = Samples.run(SLICES);
    SensitivityPlan full = SensitivityPlan.full(results.scenario(), results.scenario().under());
    assertThat(full.combinations()).hasSize(5 * 2 * 2 * 2 * 2 * 3);
    Sensitivity sensitivity = sweep(results, full);
    Robustness response = about(sensitivity, "longest response of vm-web/web");
    assertThat(response.of()).isEqualTo(240);
    assertThat(response.word()).isNotEqualTo("all");
    assertThat(response.breaks())
        .contains(
            new Combination(
                Map.of(
                    "hypervisor.time-slice", "1ms",
                    "hypervisor.rotation", "round-robin",
                    "hypervisor.wake-preemption", "false",
                    "hypervisor.family-share", "family",
                    "hypervisor.l1vh-vps", "scheduled",
                    "costs", "none")))
        .noneMatch(one ->
            one.values().get("hypervisor.time-slice").equals("100ms")
                && one.values().get("hypervisor.wake-preemption").equals("false"));
    assertThat(SensitivityReport.text(sensitivity, Style.PLAIN, false))
        .contains("all combinations", "time-slice 1ms");
  }

  @Test
  void sentence_holdsAsAssumed() {
    for (Results results : List.of(Samples.l1vh(), Samples.guests(), Samples.quota())) {
      Verdict verdict = Verdict.of(results);
      for (Sentence sentence : verdict.said()) {
        assertThat(verdict.holds(sentence.claims())).as(sentence.text()).isTrue();
        assertThat(sentence.claims().isEmpty()).isEqualTo(sentence.text().startsWith("Assumed"));
      }
      Sensitivity sensitivity = sweep(results);
      Combination base = sensitivity.plan().combinations().getFirst();
      assertThat(base.apply(results.scenario())).isEqualTo(results.scenario());
      for (Robustness one : sensitivity.sentences()) {
        assertThat(one.breaks()).as(one.sentence().text()).doesNotContain(base);
        assertThat(one.holds() + one.breaks().size()).isEqualTo(one.of());
      }
    }
  }

  @Test
  void claim_isTheSameWhateverTheNumbers_andNotTheOtherWayRound() {
    Claim less = Claim.of(response(9, 3));
    assertThat(Claim.of(response(900, 4))).isEqualTo(less);
    assertThat(Claim.of(response(3, 9))).isNotEqualTo(less);
    assertThat(less).hasToString("l1vh/task:web response-changed (less)");
  }

  private static Finding response(double before, double after) {
    return new Finding(
        "response-changed",
        Optional.of("l1vh/task:web"),
        Optional.empty(),
        before + " to " + after,
        new TreeMap<>(Map.of("p99_before_ns", before, "p99_after_ns", after)));
  }

  @Test
  void whatCannotBeAssembled_isListed() {
    Sensitivity sensitivity = sweep(Samples.run(CROWDED));
    long pinned =
        sensitivity.plan().combinations().stream()
            .filter(one -> one.values().get("hypervisor.l1vh-vps").equals("pinned"))
            .count();
    assertThat(pinned).isPositive();
    assertThat(sensitivity.impossible()).hasSize((int) pinned);
    assertThat(sensitivity.sentences())
        .allSatisfy(one ->
            assertThat(one.of() + pinned).isEqualTo(sensitivity.plan().combinations().size()));
    assertThat(SensitivityReport.text(sensitivity, Style.PLAIN, false))
        .contains("not possible: l1vh-vps pinned: ");
  }

  @Test
  void assumption_thatCannotMatterUnderAnAssembly_changesNoRun() {
    Scenario scenario = Samples.l1vh().scenario();
    for (Assembly assembly : List.of(Assembly.ROOT, Assembly.CORE)) {
      String digest = Experiment.run(scenario, assembly, RunOptions.DEFAULT).digest();
      for (Assumption assumption : Assumption.values()) {
        if (!assumption.matters(assembly)) {
          for (String value : assumption.values(scenario)) {
            Scenario other = assumption.with(scenario, value);
            assertThat(Experiment.run(other, assembly, RunOptions.DEFAULT).digest())
                .as(assumption.text() + " " + value)
                .isEqualTo(digest);
          }
        }
      }
    }
  }

  @Test
  void plan_givesEveryParameterItsValues_andTheScenariosOwnFirst() {
    Scenario scenario = Samples.l1vh().scenario();
    SensitivityPlan plan = SensitivityPlan.sampled(scenario, scenario.under());
    assertThat(plan.parameters())
        .containsOnlyKeys(
            "hypervisor.time-slice",
            "hypervisor.rotation",
            "hypervisor.wake-preemption",
            "hypervisor.family-share",
            "hypervisor.l1vh-vps",
            "costs");
    assertThat(plan.combinations()).doesNotHaveDuplicates();
    plan.parameters()
        .forEach((name, values) -> {
          for (String value : values) {
            long drawn =
                plan.combinations().stream()
                    .filter(c -> c.values().get(name).equals(value))
                    .count();
            assertThat(drawn).as(name + " " + value).isGreaterThan(1);
          }
        });
    SensitivityPlan root = SensitivityPlan.sampled(scenario, List.of(Assembly.ROOT));
    assertThat(root.parameters()).containsOnlyKeys("costs");
    assertThat(root.combinations()).hasSize(3);
    assertThat(root.full()).isTrue();
    assertThat(SensitivityPlan.sampled(scenario, scenario.under())).isEqualTo(plan);
  }
}
