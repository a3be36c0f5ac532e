package dev.stint.testkit.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.counters.LpCounters;
import dev.stint.model.counters.VpCounters;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CannotAssemble;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.RunWatcher;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.Watch;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.Entities;
import dev.stint.testkit.swarm.ScenarioSwarm;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// The hypervisor's counters against a plain recount and against the ledger, over random stacks.
/// `-Dcounters.seeds=N` runs more.
final class CountersTest {
  private static final long SEEDS = Long.getLong("counters.seeds", 150);

  /// What the runs showed at least once, so that agreement means something.
  private long suspendedNs;

  private long contentionNs;
  private long cappedNs;
  private long migrations;
  private long hypervisorNs;
  private long contextSwitchNs;

  private static final CostKind[] HYPERVISOR_KINDS = {
    CostKind.WORLD_SWITCH, CostKind.DISPATCH, CostKind.SPECULATION_FLUSH, CostKind.PARENT_REGAIN
  };

  private record Counted(List<LpCounters> lps, List<VpCounters> vps) {}

  @Test
  void counters_equalRecountAndLedger_overRandomStacks() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Scenario scenario = ScenarioSwarm.draw(seed);
      for (Assembly assembly : Assembly.values()) {
        try {
          compare(scenario, assembly, "seed " + seed + " under " + assembly.text() + ": ");
        } catch (CannotAssemble _) {
          // Not every stack makes sense under every assembly.
        }
      }
    }
    assertThat(suspendedNs).as("time suspended with the parent").isPositive();
    assertThat(contentionNs).as("contention").isPositive();
    assertThat(cappedNs).as("time capped").isPositive();
    assertThat(migrations).as("migrations").isPositive();
    assertThat(hypervisorNs).as("the hypervisor's own time").isPositive();
    assertThat(contextSwitchNs).as("world switches").isPositive();
  }

  private void compare(Scenario scenario, Assembly assembly, String where) {
    NaiveCounters[] naive = new NaiveCounters[1];
    Entities[] entities = new Entities[1];
    RunWatcher watcher =
        run -> {
          entities[0] = run.entities();
          naive[0] = new NaiveCounters(run.entities(), run.threadOfVp());
          return Watch.events(naive[0]);
        };
    List<Counted> counted = new ArrayList<>();
    RunOptions options =
        new RunOptions(
            false,
            Optional.of(watcher),
            Optional.empty(),
            Optional.of((lps, vps) -> counted.add(new Counted(lps, vps))),
            _ -> {});
    RunResult result = Experiment.run(scenario, assembly, options);
    naive[0].finish(scenario.durationNs());
    assertThat(counted).hasSize(assembly.mshv() ? 1 : 0);
    if (counted.isEmpty()) {
      return;
    }
    for (VpCounters vp : counted.getFirst().vps()) {
      String what = where + vp.path();
      compareTimes(vp, naive[0], entities[0].find(vp.path()), what);
      compareCounts(vp, naive[0], entities[0].find(vp.path()), what);
      EntityResult entity = result.entity(vp.path()).orElseThrow();
      compareWithLedger(vp, entity, what);
      assertThat(vp.hypervisorRunNs())
          .as(what + " in the hypervisor")
          .isEqualTo(
              recount(scenario, naive[0], entities[0].find(vp.path()), entity, HYPERVISOR_KINDS));
      hypervisorNs += vp.hypervisorRunNs().orElse(0);
    }
    List<LpCounters> lps = counted.getFirst().lps();
    for (int lp = 0; lp < lps.size(); lp++) {
      int id = entities[0].find("lp" + lp);
      assertThat(lps.get(lp).runNs()).as(where + "lp" + lp).isEqualTo(naive[0].lpRunNs(id));
      EntityResult entity = result.entity("lp" + lp).orElseThrow();
      compareWork(
          lps.get(lp),
          recount(scenario, naive[0], id, entity, HYPERVISOR_KINDS),
          naive[0].dispatchedByParent()
              ? OptionalLong.empty()
              : recount(scenario, naive[0], id, entity, CostKind.WORLD_SWITCH),
          where + "lp" + lp);
      assertThat(lps.get(lp).globalNs()).isEqualTo(scenario.durationNs());
      assertThat(lps.get(lp).proximityDomainId()).isEqualTo(scenario.machine().nodeOf(lp));
    }
  }

  /// The time of costs of these kinds, as the recount and the ledger agree; absent without costs.
  private static OptionalLong recount(
      Scenario scenario, NaiveCounters naive, int id, EntityResult entity, CostKind... kinds) {
    long ledgerNs =
        Arrays.stream(kinds).mapToLong(kind -> entity.overheadNs().getOrDefault(kind, 0L)).sum();
    assertThat(naive.costNs(id, kinds)).as(entity.path()).isEqualTo(ledgerNs);
    return scenario.costs().free() ? OptionalLong.empty() : OptionalLong.of(ledgerNs);
  }

  private void compareWork(LpCounters lp, OptionalLong all, OptionalLong switches, String what) {
    assertThat(lp.hypervisorRunNs()).as(what + " in the hypervisor").isEqualTo(all);
    assertThat(lp.contextSwitchNs()).as(what + " world switches").isEqualTo(switches);
    assertThat(lp.hypervisorRunNs().orElse(0)).as(what).isLessThanOrEqualTo(lp.runNs());
    contextSwitchNs += switches.orElse(0);
  }

  private void compareTimes(VpCounters vp, NaiveCounters naive, int id, String what) {
    NaiveCounters.Times times = naive.times(id);
    assertThat(vp.runNs()).as(what).isEqualTo(naive.heldNs(id));
    assertThat(vp.idleNs()).as(what).isEqualTo(naive.idleNs(id));
    assertThat(vp.wakeUpNs()).as(what + " wake-up").isEqualTo(times.wakeUpNs());
    assertThat(vp.contentionNs()).as(what + " contention").isEqualTo(times.contentionNs());
    assertThat(vp.suspendedNs()).as(what + " suspended").isEqualTo(times.suspendedNs());
    assertThat(vp.cappedNs()).as(what + " capped").isEqualTo(times.cappedNs());
    suspendedNs += vp.suspendedNs();
    contentionNs += vp.contentionNs();
    cappedNs += vp.cappedNs();
  }

  private void compareCounts(VpCounters vp, NaiveCounters naive, int id, String what) {
    assertThat(vp.dispatches()).as(what).isEqualTo(naive.account(id).dispatches());
    assertThat(vp.migrations()).as(what + " migrations").isEqualTo(naive.migrations(id));
    assertThat(vp.buckets()).as(what + " buckets").isEqualTo(naive.buckets(id));
    assertThat(vp.buckets().stream().mapToLong(Long::longValue).sum()).isEqualTo(vp.dispatches());
    migrations += vp.migrations();
  }

  private static void compareWithLedger(VpCounters vp, EntityResult entity, String what) {
    long lostNs = entity.waitNs().getOrDefault(WaitReason.SMT, 0L);
    assertThat(vp.runNs()).as(what).isEqualTo(entity.runNs() + entity.totalOverheadNs() + lostNs);
    assertThat(vp.idleNs()).as(what).isGreaterThanOrEqualTo(entity.blockedNs());
    assertThat(vp.waitNs() + vp.suspendedNs() + vp.cappedNs() + vp.idleNs())
        .as(what + ": all waiting")
        .isEqualTo(entity.totalWaitNs() - lostNs + entity.blockedNs());
    assertThat(vp.waitNs()).as(what).isEqualTo(vp.wakeUpNs() + vp.contentionNs());
    assertThat(vp.dispatches()).as(what).isEqualTo(entity.dispatches());
    OptionalLong perDispatch =
        vp.dispatches() == 0
            ? OptionalLong.empty()
            : OptionalLong.of(vp.waitNs() / vp.dispatches());
    assertThat(vp.waitPerDispatchNs()).as(what).isEqualTo(perDispatch);
  }
}
