package dev.stint.model.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private final Entities entities =
      TraceScript.entities(
          """
          lp lp0
          vp l1vh/vp0
          task l1vh/task:A
          thread l1vh/thread:c0
          vp c/vp0
          task c/task:W
          rule quota:c
          """);
  private final Ledger ledger = new Ledger(entities);
  private final int a = entities.find("l1vh/task:A");
  private final int child = entities.find("c/vp0");

  ReadinessTest() {
    ledger.carrier(child, entities.find("l1vh/thread:c0"));
  }

  private ReadySets play(String script, long endNs) {
    ReadyFamily family =
        new ReadyFamily(List.of(a, child), List.of(entities.find("l1vh/vp0")), List.of());
    Readiness readiness = new Readiness(ledger, List.of(family));
    TraceScript.play(entities, TraceSink.both(ledger, readiness), script);
    ledger.finish(endNs);
    readiness.finish(endNs);
    return readiness.family(0);
  }

  @Test
  void runningWaitingAndThrottled_areReady() {
    ReadySets sets =
        play(
            """
            0 switch lp0 - l1vh/vp0
            0 ready l1vh/task:A l1vh/vp0
            0 switch l1vh/vp0 - l1vh/task:A
            20 ready c/vp0 -
            20 ready l1vh/thread:c0 l1vh/vp0
            50 switch l1vh/vp0 l1vh/task:A l1vh/thread:c0 ready
            50 enter l1vh/thread:c0 c/vp0
            70 throttle l1vh/task:A l1vh/vp0 quota:c
            75 leave l1vh/thread:c0 c/vp0 blocked
            75 switch l1vh/vp0 l1vh/thread:c0 - blocked
            90 unthrottle l1vh/task:A l1vh/vp0
            90 switch l1vh/vp0 - l1vh/task:A
            95 switch l1vh/vp0 l1vh/task:A - blocked
            """,
            100);
    assertThat(sets.longest(9))
        .containsExactly(
            new ReadySets.Held(55, 55, List.of(55L, 55L), List.of(0L)),
            new ReadySets.Held(40, 25, List.of(40L, 0L), List.of(0L)),
            new ReadySets.Held(5, 0, List.of(0L, 0L), List.of(0L)));
  }

  @Test
  void aBlockAndAWakeUpAtOneInstant_changeNothing() {
    ReadySets sets =
        play(
            """
            0 switch lp0 - l1vh/vp0
            0 ready l1vh/task:A l1vh/vp0
            0 switch l1vh/vp0 - l1vh/task:A
            10 switch l1vh/vp0 l1vh/task:A - blocked
            10 ready l1vh/task:A l1vh/vp0
            10 switch l1vh/vp0 - l1vh/task:A
            """,
            30);
    assertThat(sets.longest(9))
        .containsExactly(new ReadySets.Held(30, 30, List.of(30L, 0L), List.of(0L)));
  }

  @Test
  void aVpThatWaitsForAnLp_isHeldAgainstItsCpu() {
    ReadySets sets =
        play(
            """
            0 ready l1vh/vp0 lp0
            5 ready l1vh/task:A l1vh/vp0
            12 switch lp0 - l1vh/vp0
            12 switch l1vh/vp0 - l1vh/task:A
            """,
            20);
    assertThat(sets.longest(9))
        .containsExactly(
            new ReadySets.Held(15, 8, List.of(15L, 0L), List.of(7L)),
            new ReadySets.Held(5, 0, List.of(0L, 0L), List.of(5L)));
  }

  @Test
  void moreSetsThanAreDividedOneByOne_areMergedByTheirTimes() {
    ReadySets sets =
        play(
            """
            0 switch lp0 - l1vh/vp0
            0 ready l1vh/task:A l1vh/vp0
            0 switch l1vh/vp0 - l1vh/task:A
            20 ready c/vp0 -
            20 ready l1vh/thread:c0 l1vh/vp0
            28 switch l1vh/vp0 l1vh/task:A - blocked
            """,
            33);
    assertThat(sets.longest(1))
        .containsExactly(
            new ReadySets.Held(20, 20, List.of(20L, 0L), List.of(0L)),
            new ReadySets.Held(13, 8, List.of(8L, 13L), List.of(0L)));
  }

  @Test
  void moreSetsThanAreKept_areCountedTogether() {
    Entities many = new Entities();
    int vp = many.add(EntityKind.VP, "vp", Entities.NONE);
    List<Integer> tasks =
        IntStream.range(0, 70)
            .map(i -> many.add(EntityKind.TASK, "t" + i, Entities.NONE))
            .boxed()
            .toList();
    Ledger book = new Ledger(many);
    Readiness readiness =
        new Readiness(book, List.of(new ReadyFamily(tasks, List.of(), List.of())));
    TraceSink sink = TraceSink.both(book, readiness);
    boolean[] ready = new boolean[tasks.size()];
    long[] readyNs = new long[tasks.size()];
    long endNs = 0;
    for (int code = 1; code < 3 * ReadySets.SETS_MAX; code++, endNs += 2) {
      for (int bit = 0; bit < 14; bit++) {
        int leaf = bit * 5;
        boolean now = (code & 1 << bit) != 0;
        if (now && !ready[leaf]) {
          sink.event(endNs, TraceKind.READY, tasks.get(leaf), vp, Entities.NONE, 0);
        } else if (!now && ready[leaf]) {
          sink.event(endNs, TraceKind.SWITCH, vp, Entities.NONE, tasks.get(leaf), 3);
          sink.event(endNs, TraceKind.SWITCH, vp, tasks.get(leaf), Entities.NONE, 1);
        }
        ready[leaf] = now;
        readyNs[leaf] += now ? 2 : 0;
      }
    }
    book.finish(endNs);
    readiness.finish(endNs);
    List<ReadySets.Held> all = readiness.family(0).longest(Integer.MAX_VALUE);
    assertThat(all).hasSize(ReadySets.SETS_MAX);
    assertThat(all.getLast().durationNs()).isEqualTo(endNs - 2 * (ReadySets.SETS_MAX - 1));
    assertThat(all.stream().mapToLong(ReadySets.Held::durationNs).sum()).isEqualTo(endNs);
    for (int leaf = 0; leaf < readyNs.length; leaf++) {
      int index = leaf;
      assertThat(all.stream().mapToLong(held -> held.readyNs().get(index)).sum())
          .isEqualTo(readyNs[leaf]);
    }
  }
}
