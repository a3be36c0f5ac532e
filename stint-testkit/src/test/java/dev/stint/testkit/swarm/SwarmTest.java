package dev.stint.testkit.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CannotAssemble;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.RunWatcher;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.Watch;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.Theft;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.CostKind;
import dev.stint.testkit.ledger.NaiveLedger;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Random small machines, stacks and workloads under every assembly, audited after every event.
/// `-Dswarm.seeds=N` runs more seeds, `-Dswarm.first=S` others.
final class SwarmTest {
  private static final long FIRST = Long.getLong("swarm.first", 1);
  private static final long SEEDS = Long.getLong("swarm.seeds", 1_000);

  @Test
  void everySeed_everyAssembly_keepsTheInvariants() {
    long runs = 0;
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      Scenario scenario = ScenarioSwarm.draw(seed);
      for (Assembly assembly : Assembly.values()) {
        try {
          runs += run(scenario, assembly);
        } catch (RuntimeException | AssertionError failure) {
          throw new AssertionError(
              "seed "
                  + seed
                  + " under "
                  + assembly.text()
                  + ": "
                  + failure
                  + "\nreplay: mvn -pl stint-testkit -am test -Dtest=SwarmTest"
                  + " -Dsurefire.failIfNoSpecifiedTests=false -Dswarm.seeds=1 -Dswarm.first="
                  + seed,
              failure);
        }
      }
    }
    assertThat(runs).isGreaterThan(SEEDS * 2);
  }

  private static long run(Scenario scenario, Assembly assembly) {
    RunResult result;
    NaiveLedger[] naive = new NaiveLedger[1];
    SpanSums[] spans = new SpanSums[1];
    RunWatcher watcher =
        run -> {
          naive[0] = new NaiveLedger(run.entities());
          run.threadOfVp().forEach(naive[0]::carrier);
          spans[0] = new SpanSums(run.entities());
          return new Watch(naive[0], spans[0]);
        };
    RunOptions options = new RunOptions(true, Optional.of(watcher), _ -> {});
    try {
      result = Experiment.run(scenario, assembly, options);
    } catch (CannotAssemble expected) {
      return 0;
    }
    naive[0].finish(scenario.durationNs());
    compareWithNaive(result, naive[0]);
    spans[0].check(result);
    Map<String, Long> thefts = new TreeMap<>();
    for (Theft theft : result.theft()) {
      thefts.merge(theft.victim() + " " + theft.reason(), theft.ns(), Long::sum);
    }
    for (EntityResult entity : result.entities()) {
      assertThat(entity.residualNs()).as(entity.path()).isZero();
      for (Map.Entry<WaitReason, Long> wait : entity.waitNs().entrySet()) {
        assertThat(thefts.getOrDefault(entity.path() + " " + wait.getKey(), 0L))
            .as("%s %s", entity.path(), wait.getKey())
            .isEqualTo(wait.getValue());
      }
    }
    return 1;
  }

  /// The ledger of the run against the plain one that recounts everything after every event.
  private static void compareWithNaive(RunResult result, NaiveLedger naive) {
    for (EntityResult entity : result.entities()) {
      switch (entity.kind()) {
        case LP, VP, THREAD, TASK -> {
          NaiveLedger.Account account = naive.accountOf(entity.path());
          assertThat(entity.runNs()).as(entity.path()).isEqualTo(account.runNs());
          assertThat(entity.blockedNs()).as(entity.path()).isEqualTo(account.blockedNs());
          for (CostKind kind : CostKind.values()) {
            if (kind != CostKind.SMT) {
              assertThat(entity.overheadNs().getOrDefault(kind, 0L))
                  .as("%s %s", entity.path(), kind)
                  .isEqualTo(account.overheadNs().getOrDefault(kind, 0L));
            }
          }
          for (WaitReason reason : WaitReason.values()) {
            assertThat(entity.waitNs().getOrDefault(reason, 0L))
                .as("%s %s", entity.path(), reason)
                .isEqualTo(account.waitNs(reason));
          }
        }
        case GROUP, PARTITION, RULE -> {}
      }
    }
  }
}
