package dev.stint.model.stats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeldSumsTest {
  private final HeldSums sums = new HeldSums(4);
  private final int first = sums.add();
  private final int second = sums.add();

  HeldSumsTest() {
    sums.add(first, 0, 0, false, 0);
    sums.add(first, 1, 30, true, 40);
    sums.add(second, 2, 7, false, 0);
  }

  @Test
  void membersThatRun_countUpToTheTimeAsked() {
    sums.change(0, false, true, 50);
    assertThat(sums.heldNsUntil(first, 60)).isEqualTo(30 + (60 - 40) + (60 - 50));
    sums.change(1, true, false, 60);
    assertThat(sums.heldNsUntil(first, 100)).isEqualTo(30 + (60 - 40) + (100 - 50));
    assertThat(sums.heldNsUntil(second, 100)).isEqualTo(7);
  }

  @Test
  void oneWaitForAnother_changesNothing() {
    sums.change(2, false, false, 50);
    assertThat(sums.heldNsUntil(second, 90)).isEqualTo(7);
  }

  @Test
  void anEntityInNoGroup_isNotCounted() {
    sums.change(3, false, true, 50);
    assertThat(sums.heldNsUntil(first, 90)).isEqualTo(30 + (90 - 40));
    assertThat(sums.heldNsUntil(second, 90)).isEqualTo(7);
  }
}
