package dev.stint.model.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class SlotSetTest {
  private static final int SLOTS = 9_000;

  private final SlotSet set = new SlotSet(SLOTS);
  private final TreeSet<Integer> expected = new TreeSet<>();

  @Test
  void next_afterRandomChanges_walksTheMembersInOrder() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      change(random.nextInt(SLOTS), random.nextInt(3) > 0);
      change(random.nextInt(130), random.nextBoolean());
      assertThat(members()).containsExactlyElementsOf(expected);
      assertThat(set.isEmpty()).isEqualTo(expected.isEmpty());
    }
    set.clear();
    assertThat(set.isEmpty()).isTrue();
    assertThat(set.next(0)).isEqualTo(-1);
    expected.forEach(member -> assertThat(set.contains(member)).isFalse());
  }

  @Test
  void nextOfBoth_randomSets_walksTheCommonMembers() {
    Random random = new Random(8);
    int[] others = random.ints(300, 0, SLOTS).toArray();
    for (int i = 0; i < others.length; i += 3) {
      change(others[i], true);
      change(random.nextInt(SLOTS), true);
    }
    CpuSet other = CpuSet.of(others);
    List<Integer> common = new ArrayList<>();
    for (int i = set.next(0, other); i >= 0; i = set.next(i + 1, other)) {
      common.add(i);
    }
    assertThat(common).hasSizeGreaterThan(50);
    assertThat(common)
        .containsExactlyElementsOf(expected.stream().filter(other::contains).toList());
  }

  private void change(int index, boolean add) {
    if (add) {
      set.add(index);
      expected.add(index);
    } else {
      set.remove(index);
      expected.remove(index);
    }
  }

  private List<Integer> members() {
    List<Integer> members = new ArrayList<>();
    for (int i = set.next(0); i >= 0; i = set.next(i + 1)) {
      members.add(i);
    }
    return members;
  }
}
