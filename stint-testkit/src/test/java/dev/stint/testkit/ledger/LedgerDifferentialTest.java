package dev.stint.testkit.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.stats.LatencyHistogram;
import dev.stint.model.stats.Ledger;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Entities.Entity;
import dev.stint.model.trace.TraceSink;
import dev.stint.testkit.ledger.NaiveLedger.Account;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerDifferentialTest {
  private static final int SEEDS = 400;
  private static final int EVENTS_PER_SEED = 500;

  @Test
  void ledger_equalsNaiveLedgerOnRandomTraces() {
    Map<WaitReason, Long> seenNs = new EnumMap<>(WaitReason.class);
    for (long seed = 0; seed < SEEDS; seed++) {
      RandomTrace trace = new RandomTrace(seed);
      Ledger ledger = new Ledger(trace.entities());
      NaiveLedger naive = new NaiveLedger(trace.entities());
      trace.carriers().forEach(ledger::carrier);
      trace.carriers().forEach(naive::carrier);
      TraceSink both = TraceSink.both(ledger, naive);
      for (int half = 0; half < 2; half++) {
        trace.play(both, EVENTS_PER_SEED / 2);
        long endNs = trace.nowNs() + half;
        ledger.finish(endNs);
        naive.finish(endNs);
        compare(seed, trace.entities(), ledger, naive, seenNs);
      }
    }
    assertThat(seenNs.keySet()).as("reasons that occurred").containsExactly(WaitReason.values());
  }

  private static void compare(
      long seed,
      Entities entities,
      Ledger ledger,
      NaiveLedger naive,
      Map<WaitReason, Long> seenNs) {
    for (Entity entity : entities.all()) {
      switch (entity.kind()) {
        case LP, VP, THREAD, TASK -> {
          String what = "seed " + seed + ", " + entity.path();
          Account expected = naive.account(entity.id());
          compare(what, entity.id(), ledger, expected);
          compareTheft(what, entities, entity.id(), ledger, expected, seenNs);
        }
        case GROUP, PARTITION, RULE -> {}
      }
    }
  }

  private static void compare(String what, int id, Ledger ledger, Account expected) {
    assertThat(ledger.runNs(id)).as(what).isEqualTo(expected.runNs());
    long lostNs = 0;
    for (CostKind kind : CostKind.values()) {
      long expectedNs = expected.overheadNs().getOrDefault(kind, 0L);
      assertThat(ledger.overheadNs(id, kind)).as(what).isEqualTo(expectedNs);
      lostNs += expectedNs;
    }
    assertThat(ledger.heldNs(id)).as(what).isEqualTo(expected.runNs() + lostNs);
    assertThat(ledger.blockedNs(id)).as(what).isEqualTo(expected.blockedNs());
    assertThat(ledger.dispatches(id)).as(what).isEqualTo(expected.dispatches());
    assertThat(ledger.switches(id)).as(what).isEqualTo(expected.switches());
    assertThat(ledger.migrations(id)).as(what).isEqualTo(expected.migrations());
    LatencyHistogram wakes = new LatencyHistogram();
    expected.wakeLatencyNs().forEach(wakes::record);
    assertThat(ledger.wakeLatency(id).percentiles()).as(what).isEqualTo(wakes.percentiles());
  }

  private static void compareTheft(
      String what,
      Entities entities,
      int id,
      Ledger ledger,
      Account expected,
      Map<WaitReason, Long> seenNs) {
    for (WaitReason reason : WaitReason.values()) {
      assertThat(ledger.waitNs(id, reason)).as(what).isEqualTo(expected.waitNs(reason));
      expected
          .theftNs()
          .getOrDefault(reason, Map.of())
          .forEach((occupant, ns) -> {
            int occupantId = entities.find(occupant);
            assertThat(ledger.theftNs(id, reason, occupantId)).as(what).isEqualTo(ns);
            seenNs.merge(reason, ns, Long::sum);
          });
    }
  }
}
