package dev.stint.model.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.Simulation;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Against sorted sets of integers.
final class CpuSetTest {
  private static final int CPUS = 200;

  @Test
  void randomSets_equalSortedSets() {
    RandomStream random = new Simulation(5).random().stream("sets");
    for (int step = 0; step < 2_000; step++) {
      int[] first = draw(random);
      int[] second = draw(random);
      TreeSet<Integer> common = sorted(first);
      common.retainAll(sorted(second));
      CpuSet set = CpuSet.of(first);
      assertThat(set.toArray())
          .isEqualTo(sorted(first).stream().mapToInt(Integer::intValue).toArray());
      assertThat(set.intersects(CpuSet.of(second))).isEqualTo(!common.isEmpty());
      assertThat(set.and(CpuSet.of(second)).count()).isEqualTo(common.size());
    }
  }

  @Test
  void sets_thatGuestsHave_areShared() {
    assertThat(CpuSet.range(0, 64)).isSameAs(CpuSet.range(0, 65).minus(CpuSet.of(64)));
    assertThat(CpuSet.of(0, 1).and(CpuSet.of(0, 1, 70))).isSameAs(CpuSet.range(0, 2));
    assertThat(CpuSet.of(63)).isSameAs(CpuSet.range(63, 64));
    assertThat(CpuSet.of(63).toArray()).containsExactly(63);
    assertThat(CpuSet.range(0, 64).count()).isEqualTo(64);
    assertThat(CpuSet.of(5).minus(CpuSet.of(5))).isSameAs(CpuSet.EMPTY);
    assertThat(CpuSet.of(1, 3)).isEqualTo(CpuSet.of(3, 1)).isNotEqualTo(CpuSet.of(1));
  }

  private static int[] draw(RandomStream random) {
    int[] members = new int[(int) random.nextBelow(6)];
    for (int i = 0; i < members.length; i++) {
      members[i] = (int) random.nextBelow(CPUS);
    }
    return members;
  }

  private static TreeSet<Integer> sorted(int[] members) {
    TreeSet<Integer> sorted = new TreeSet<>();
    for (int member : members) {
      sorted.add(member);
    }
    return sorted;
  }
}
