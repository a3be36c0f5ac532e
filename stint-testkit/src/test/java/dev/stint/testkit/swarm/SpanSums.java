package dev.stint.testkit.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.SpanSink;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.Entities;
import java.util.Map;
import java.util.TreeMap;

/// Adds up the ledger's spans and checks that they have no gap and come to the result's figures.
final class SpanSums implements SpanSink {
  private final Entities entities;
  private final long[] endNs;
  private final long[] heldNs;
  private final long[] blockedNs;
  private final Map<String, Long> waits = new TreeMap<>();

  SpanSums(Entities entities) {
    this.entities = entities;
    endNs = new long[entities.count()];
    heldNs = new long[entities.count()];
    blockedNs = new long[entities.count()];
  }

  @Override
  public void span(int entity, long status, long fromNs, long toNs) {
    assertThat(fromNs).isEqualTo(endNs[entity]).isLessThan(toNs);
    endNs[entity] = toNs;
    if (SpanSink.isRun(status)) {
      heldNs[entity] += toNs - fromNs;
    } else if (SpanSink.isBlocked(status)) {
      blockedNs[entity] += toNs - fromNs;
    } else {
      String cell =
          entities.path(entity)
              + " "
              + SpanSink.reason(status).text()
              + " "
              + entities.path(SpanSink.occupant(status));
      waits.merge(cell, toNs - fromNs, Long::sum);
    }
  }

  void check(RunResult result) {
    for (EntityResult entity : result.entities()) {
      int id = entities.find(entity.path());
      if (!entity.kind().accounted()) {
        continue;
      }
      assertThat(endNs[id]).describedAs(entity.path()).isEqualTo(result.durationNs());
      assertThat(blockedNs[id]).describedAs(entity.path()).isEqualTo(entity.blockedNs());
      long lostNs = entity.totalOverheadNs() + entity.waitNs().getOrDefault(WaitReason.SMT, 0L);
      assertThat(heldNs[id]).describedAs(entity.path()).isEqualTo(entity.runNs() + lostNs);
    }
    Map<String, Long> thefts = new TreeMap<>();
    result.theft().stream()
        .filter(theft -> theft.reason() != WaitReason.SMT)
        .filter(theft -> entities.get(entities.find(theft.victim())).kind().accounted())
        .forEach(
            t -> thefts.put(t.victim() + " " + t.reason().text() + " " + t.occupant(), t.ns()));
    assertThat(waits).isEqualTo(thefts);
  }
}
