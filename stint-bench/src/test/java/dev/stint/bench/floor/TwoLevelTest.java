package dev.stint.bench.floor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.within;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The floor simulates what it says: its figures would mean nothing otherwise.
final class TwoLevelTest {
  private static final long UNTIL_NS = 3_000_000_000L;

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 10, 123})
  void run_inOneHeapOrByHost_doesTheSame(int processors) {
    TwoLevel inOneHeap = new TwoLevel(processors);
    inOneHeap.runInOneHeap(UNTIL_NS);
    TwoLevel byHost = new TwoLevel(processors);
    byHost.runByHost(UNTIL_NS, 10);
    assertThat(inOneHeap.fingerprint()).isEqualTo(byHost.fingerprint());
  }

  @Test
  void run_ofAnyLength_losesNoTimeAndSharesAlike() {
    for (long untilNs : new long[] {1, 2_999_999, 30_000_001, UNTIL_NS}) {
      TwoLevel world = new TwoLevel(20);
      world.runInOneHeap(untilNs);
      assertThatCode(() -> world.check(untilNs)).doesNotThrowAnyException();
    }
  }

  @Test
  void events_perCoreSecond_areThoseOfTwoKindsOfSlice() {
    TwoLevel world = new TwoLevel(100);
    world.runInOneHeap(UNTIL_NS);
    assertThat(world.events() / (UNTIL_NS / 1e9) / 100).isCloseTo(415, within(5.0));
  }

  @Test
  void heap_ofRandomSteps_givesTheOrderOfATree() {
    int sources = 37;
    PackedHeap heap = new PackedHeap(sources);
    TreeMap<Long, Integer> tree = new TreeMap<>();
    for (int source = 0; source < sources; source++) {
      tree.put((long) source, source);
    }
    long random = 1;
    for (int step = 0; step < 20_000; step++) {
      long timeNs = tree.firstKey() / 64;
      int source = tree.pollFirstEntry().getValue();
      assertThat(heap.timeNs()).isEqualTo(timeNs);
      assertThat(heap.source()).isEqualTo(source);
      random = random * 6364136223846793005L + 1442695040888963407L;
      long nextNs = timeNs + (random >>> 33) % 1000;
      heap.replace(nextNs);
      tree.put(nextNs * 64 + source, source);
    }
  }
}
