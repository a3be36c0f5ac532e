package dev.stint.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// How much of the figures is chance.
final class ReplicationsTest {
  /// Arrivals are drawn, and a busy neighbour is not.
  private static final String DRAWN =
      """
      name: drawn
      duration: 2s
      seed: 5
      under: [integrated]
      machine: {cores: 1}
      partitions:
        l1vh:
          kind: l1vh
          vps: 1
          tasks:
            web: {requests: {every: 5ms, arrivals: poisson, service: 1ms}}
            job: {nice: 19, busy: {}}
      """;

  static Replications replicated(Results results, int count) {
    Scenario scenario = results.scenario();
    Replications.Collector collector = new Replications.Collector(scenario);
    for (int i = 0; i < count; i++) {
      long seed = scenario.seed() + i;
      List<RunResult> runs = new ArrayList<>();
      for (RunResult run : results.runs()) {
        Assembly assembly =
            List.of(Assembly.values()).stream()
                .filter(one -> one.text().equals(run.assembly()))
                .findFirst()
                .orElseThrow();
        runs.add(Experiment.run(scenario.withSeed(seed), assembly, RunOptions.DEFAULT));
      }
      collector.replication(seed, runs);
    }
    return collector.replications();
  }

  private static Results drawn() {
    return Samples.run(DRAWN);
  }

  @Test
  void figures_areThoseOfTheRuns() {
    Results results = drawn();
    Replications replications = replicated(results, 4);
    assertThat(replications.seeds()).containsExactly(5L, 6L, 7L, 8L);
    List<Double> shares = new ArrayList<>();
    for (long seed : replications.seeds()) {
      RunResult run =
          Experiment.run(
              results.scenario().withSeed(seed), Assembly.INTEGRATED, RunOptions.DEFAULT);
      shares.add(run.entity("l1vh/task:web").orElseThrow().share());
    }
    assertThat(shares.stream().distinct()).hasSizeGreaterThan(1);
    Replications.Figure web =
        replications.figures().stream()
            .filter(f -> f.entity().equals("l1vh/task:web") && f.name().equals("got_cpus"))
            .findFirst()
            .orElseThrow();
    assertThat(web.interval()).isEqualTo(Interval.of(shares));
  }

  @Test
  void text_fitsTheTerminal_andNamesTheSeeds() {
    Results results = drawn();
    String text =
        ReplicationsReport.text(replicated(results, 3), results.scenario(), Style.PLAIN, false);
    assertThat(text).contains("3 replications, seeds 5 to 7").contains("wake p99");
    assertThat(text.lines()).allMatch(line -> line.length() <= TerminalReport.WIDTH);
  }

  @Test
  void interval_ofKnownValues() {
    // Mean 3, standard deviation sqrt(2.5), 4 degrees of freedom.
    Interval interval = Interval.of(List.of(1.0, 2.0, 3.0, 4.0, 5.0));
    assertThat(interval.mean()).isEqualTo(3.0);
    assertThat(interval.halfWidth95().orElseThrow()).isCloseTo(1.9634, within(1e-3));
    assertThat(interval.least()).isEqualTo(1.0);
    assertThat(interval.most()).isEqualTo(5.0);
    assertThat(Interval.of(List.of(7.0)).halfWidth95()).isEmpty();
    assertThat(Interval.of(List.of(0.1, 0.1, 0.1)).halfWidth95()).hasValue(0.0);
  }

  @Test
  void interval_beyondTheTable_goesOnWithoutAStep() {
    List<Double> values = new ArrayList<>();
    double before = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 40; i++) {
      values.add(i % 2 == 0 ? 1.0 : -1.0);
      if (values.size() >= 20 && values.size() % 2 == 0) {
        double half = Interval.of(values).halfWidth95().orElseThrow();
        assertThat(half)
            .isLessThan(before)
            .isGreaterThan(before == Double.POSITIVE_INFINITY ? 0 : before * 0.9);
        before = half;
      }
    }
  }

  /// By drawing: of many intervals about 95 in 100 hold the mean that the values were drawn around.
  @Test
  void interval_holdsTheMeanAsOftenAsItSays() {
    SplittableRandom random = new SplittableRandom(17);
    int held = 0;
    int tries = 4000;
    for (int i = 0; i < tries; i++) {
      List<Double> values = new ArrayList<>();
      for (int k = 0; k < 5; k++) {
        values.add(random.nextGaussian());
      }
      Interval interval = Interval.of(values);
      held += Math.abs(interval.mean()) <= interval.halfWidth95().orElseThrow() ? 1 : 0;
    }
    assertThat(held / (double) tries).isCloseTo(0.95, within(0.012));
  }
}
