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
