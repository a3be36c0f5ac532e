package dev.stint.model.stats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.trace.Entities;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TheftTableTest {
  @Test
  void key_roundTrips() {
    long key = TheftTable.key((1 << 28) - 1, 15, (1 << 30) - 1);
    assertThat(key).isNotNegative();
    assertThat(TheftTable.victim(key)).isEqualTo((1 << 28) - 1);
    assertThat(TheftTable.reason(key)).isEqualTo(15);
    assertThat(TheftTable.occupant(key)).isEqualTo((1 << 30) - 1);
    assertThat(TheftTable.occupant(TheftTable.key(0, 0, Entities.NONE))).isEqualTo(Entities.NONE);
  }

  @Test
  void everyReason_fitsAKey() {
    assertThat(WaitReason.values()).hasSizeLessThanOrEqualTo(16);
  }

  @Test
  void manyCells_sumLikeAMap() {
    SplittableRandom random = new SplittableRandom(7);
    TheftTable table = new TheftTable();
    Map<Long, Long> expected = new TreeMap<>();
    for (int i = 0; i < 20_000; i++) {
      long key = TheftTable.key(random.nextInt(40), random.nextInt(6), random.nextInt(-1, 40));
      long ns = random.nextLong(1000);
      table.add(key, ns);
      expected.merge(key, ns, Long::sum);
    }
    assertThat(table.sortedKeys())
        .containsExactly(expected.keySet().stream().mapToLong(Long::longValue).toArray());
    expected.forEach((key, ns) -> assertThat(table.ns(key)).isEqualTo(ns));
    assertThat(table.ns(TheftTable.key(41, 0, 0))).isZero();
  }
}
