package dev.stint.model.hypervisor;

import static dev.stint.model.hypervisor.Rig.SLICE;
import static dev.stint.model.time.Time.MS;
import static dev.stint.model.time.Time.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.machine.CpuSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class FairShareTest {
  @Test
  void equals_oneLp_takeTurns() {
    Rig rig = Rig.classic(1);
    rig.hog("A", 100);
    rig.hog("B", 100);
    rig.hog("C", 100);
    rig.assertTimeline(SLICE / 2, 2, "LP0 |AA|BB|CC|AA|BB|CC|\n");
  }

  @Test
  void equals_threeOnTwoLps_rotateAndGetTwoThirdsEach() {
    Rig rig = Rig.classic(2);
    Guest a = rig.hog("A", 100);
    Guest b = rig.hog("B", 100);
    Guest c = rig.hog("C", 100);
    rig.assertTimeline(
        SLICE,
        3,
        """
        LP0 |AAB|BBA|AAB|
        LP1 |BCC|ACC|BCC|
        """);
    rig.run(6 * SECOND);
    for (Guest guest : List.of(a, b, c)) {
      assertThat(guest.ranNs(6 * SECOND)).isCloseTo(4 * SECOND, within(SLICE));
    }
  }

  @Test
  void weights_saturatedLp_getTheirShares() {
    for (int[] weights : new int[][] {{100, 200, 700}, {100, 200, 300}, {1, 10_000}}) {
      Rig rig = Rig.classic(1);
      int sum = 0;
      Guest[] guests = new Guest[weights.length];
      for (int i = 0; i < weights.length; i++) {
        guests[i] = rig.hog("" + (char) ('A' + i), weights[i]);
        sum += weights[i];
      }
      rig.run(60 * SECOND);
      for (int i = 0; i < weights.length; i++) {
        assertThat(guests[i].ranNs(60 * SECOND))
            .isCloseTo(60 * SECOND * weights[i] / sum, within(2 * SLICE));
      }
    }
  }

  @Test
  void weights_100And300_switchAtExactTies() {
    Rig rig = Rig.classic(1);
    rig.hog("A", 100);
    rig.hog("B", 300);
    rig.assertTimeline(SLICE, 4, "LP0 |ABBB|ABBB|ABBB|\n");
  }

  @Test
  void weights_tooHeavyForOneLp_leaveTheRestToTheOthers() {
    Rig rig = Rig.classic(2);
    Guest a = rig.hog("A", 10_000);
    Guest b = rig.hog("B", 100);
    Guest c = rig.hog("C", 100);
    Guest late =
        rig.guest('D', rig.partition(Rig.guest("D", 1)).vp(0), Guest.FOREVER, 0)
            .startAt(3 * SECOND);
    rig.run(6 * SECOND);
    assertThat(a.ranNs(6 * SECOND)).isCloseTo(6 * SECOND, within(SLICE));
    assertThat(b.ranNs(6 * SECOND)).isCloseTo(5 * SECOND / 2, within(2 * SLICE));
    assertThat(c.ranNs(6 * SECOND)).isCloseTo(5 * SECOND / 2, within(2 * SLICE));
    assertThat(late.ranNs(6 * SECOND)).isCloseTo(SECOND, within(2 * SLICE));
  }

  @Test
  void sleeper_afterLongSleep_hasNoCredit() {
    Rig rig = Rig.classic(1);
    Guest a = rig.hog("A", 100);
    Guest b = rig.guest('B', rig.partition(Rig.guest("B", 1)).vp(0), Guest.FOREVER, 0);
    b.startAt(SECOND);
    rig.run(2 * SECOND);
    assertThat(a.ranNs(2 * SECOND) - SECOND).isCloseTo(SECOND / 2, within(SLICE));
    assertThat(b.ranNs(2 * SECOND)).isCloseTo(SECOND / 2, within(SLICE));
  }

  @Test
  void halt_freesTheLpAtOnce_andWakeTakesAnIdleOneAtOnce() {
    Rig rig = Rig.classic(2);
    rig.hog("A", 100);
    rig.bursts("B", 3 * MS, 4 * MS).startAt(0);
    rig.assertTimeline(
        MS,
        7,
        """
        LP0 |AAAAAAA|AAAAAAA|
        LP1 |BBB....|BBB....|
        """);
  }

  @Test
  void haltAndInterrupt_sameInstant_keepsRunning() {
    Rig rig = Rig.classic(1);
    Guest a = rig.bursts("A", MS, 0).startAt(0);
    rig.run(9 * MS);
    assertThat(a.burstCount()).isEqualTo(9);
    assertThat(rig.told()).containsExactly("0ns READY A/vp0 lp0", "0ns SWITCH lp0 idle A/vp0 3");
  }

  @Test
  void wake_allBusy_waitsForTheSliceThatEndsFirst() {
    Rig rig = Rig.classic(2);
    rig.bursts("A", Guest.FOREVER, 0).startAt(4 * MS);
    rig.hog("B", 100);
    rig.bursts("C", Guest.FOREVER, 0).startAt(5 * MS);
    rig.run(11 * MS);
    assertThat(rig.told())
        .contains("5ms READY C/vp0 lp0", "10ms SWITCH lp0 B/vp0 C/vp0 0")
        .noneMatch(line -> line.contains("MOVE"));
  }

  @Test
  void start_onAnotherLpThanWaitedFor_isAMove() {
    Rig rig = Rig.classic(2);
    rig.hog("A", 100);
    rig.bursts("B", 3 * MS, Guest.FOREVER).startAt(0);
    rig.bursts("C", MS, Guest.FOREVER).startAt(MS);
    rig.run(5 * MS);
    assertThat(rig.told())
        .containsSubsequence(
            "1ms READY C/vp0 lp0",
            "3ms MOVE C/vp0 lp0 lp1",
            "3ms SWITCH lp1 B/vp0 C/vp0 1",
            "4ms SWITCH lp1 C/vp0 idle 1");
  }

  @Test
  void lpSets_confine() {
    Rig rig = Rig.classic(3);
    rig.hogs("AB", Rig.guest("AB", 2).withLps(CpuSet.of(0)));
    rig.hogs("CD", Rig.guest("CD", 2).withLps(CpuSet.of(1, 2)));
    rig.assertTimeline(
        SLICE,
        4,
        """
        LP0 |ABAB|ABAB|
        LP1 |CCCC|CCCC|
        LP2 |DDDD|DDDD|
        """);
  }

  @Test
  void wakePreemption_off_wokenWaitsForTheSlice() {
    Rig rig = Rig.classic(1);
    rig.hog("A", 100);
    rig.bursts("B", MS, Guest.FOREVER).startAt(15 * MS);
    rig.assertTimeline(MS, 10, "LP0 |AAAAAAAAAA|AAAAAAAAAA|BAAAAAAAAA|\n");
  }

  @Test
  void wakePreemption_on_wokenTakesTheLpAtOnce() {
    HypervisorConfig config = Rig.config(Rotation.ROUND_ROBIN, true, FamilyShare.FAMILY);
    Rig rig = new Rig(Rig.classic(1).machine, config, SchedulerType.LP_SMT);
    rig.hog("A", 100);
    rig.bursts("B", MS, Guest.FOREVER).startAt(15 * MS);
    rig.assertTimeline(MS, 10, "LP0 |AAAAAAAAAA|AAAAABAAAA|AAAAAAAAAA|\n");
  }

  @Test
  void wakePreemption_on_aHogThatSleepsBrieflyGetsNoMoreThanItsShare() {
    HypervisorConfig config = Rig.config(Rotation.ROUND_ROBIN, true, FamilyShare.FAMILY);
    Rig rig = new Rig(Rig.classic(1).machine, config, SchedulerType.LP_SMT);
    Guest a = rig.hog("A", 100);
    Guest b = rig.bursts("B", 5 * MS, MS / 10).startAt(0);
    rig.run(10 * SECOND);
    assertThat(a.ranNs(10 * SECOND)).isGreaterThan(49 * SECOND / 10);
    assertThat(b.ranNs(10 * SECOND)).isGreaterThan(45 * SECOND / 10);
  }

  @Test
  void idealProcessor_threeOnTwoLps_stayWhereTheyAre() {
    HypervisorConfig config = Rig.config(Rotation.IDEAL_PROCESSOR, false, FamilyShare.FAMILY);
    Rig rig = new Rig(Rig.classic(2).machine, config, SchedulerType.LP_SMT);
    rig.hog("A", 100);
    rig.hog("B", 100);
    rig.hog("C", 100);
    rig.assertTimeline(
        SLICE,
        4,
        """
        LP0 |ACAC|ACAC|
        LP1 |BBBB|BBBB|
        """);
  }

  @Test
  void idealProcessor_idleSlot_takesAWaitingUnit() {
    HypervisorConfig config = Rig.config(Rotation.IDEAL_PROCESSOR, false, FamilyShare.FAMILY);
    Rig rig = new Rig(Rig.classic(2).machine, config, SchedulerType.LP_SMT);
    rig.hog("A", 100);
    rig.bursts("B", 3 * MS, 9 * MS).startAt(0);
    rig.hog("C", 100);
    rig.assertTimeline(
        MS,
        6,
        """
        LP0 |AAAAAA|AAAAAA|AAAAAA|
        LP1 |BBBCCC|CCCCCC|CBBBCC|
        """);
  }
}
