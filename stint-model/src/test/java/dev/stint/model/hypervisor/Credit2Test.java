package dev.stint.model.hypervisor;

import static dev.stint.model.time.Time.MS;
import static dev.stint.model.time.Time.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Timelines worked by hand from docs/models/credit2.md.
class Credit2Test {
  private static final long HALF = MS / 2;

  private static Rig rig(Machine machine) {
    return new Rig(machine, Credit2Config.DEFAULT, false);
  }

  private static Rig oneLp() {
    return rig(Machine.flat(1, 1));
  }

  @Test
  void twoEquals_takeTurnsAtTheRateLimit_andGetNewCreditTogether() {
    Rig rig = oneLp();
    rig.hog("A", 100);
    rig.hog("B", 100);
    rig.assertTimeline(MS, 2, "LP0 |AB|AB|AB|AB|\n");
    rig.run(20 * MS - 1);
    assertThat(rig.hypervisor.toString()).contains("B vp0 v=-1000000 ", "A vp0 v=0\n");
    rig.run(20 * MS);
    assertThat(rig.hypervisor.toString()).contains("A vp0 v=-10000000 ", "B vp0 v=-10000000\n");
  }

  @Test
  void twoToOne_burnsHalfAsFast_andRunsTwiceAsLong() {
    Rig rig = oneLp();
    rig.hog("A", 200);
    rig.hog("B", 100);
    // Credit when each is chosen: A 10, B 10, A 9.5, B 9, A 9, B 8, A 8, B 7, A 7 ...
    rig.assertTimeline(MS, 3, "LP0 |ABA|BAA|BAA|BAA|BAA|\n");
  }

  @Test
  void threeOnTwoLps_resistMigration() {
    Rig rig = rig(Machine.flat(2, 1));
    rig.hog("A", 100);
    rig.hog("B", 100);
    rig.hog("C", 100);
    // At 1 ms C takes LP 0, and A has 9 but counts 8.5 on LP 1, where B has 9; at 1.5 ms B is
    // down to that. At 2 ms C has 9 on LP 0, where B's 8.5 counts 8.
    rig.assertTimeline(
        HALF,
        2,
        """
        LP0 |AA|CC|CC|CA|
        LP1 |BB|BA|AB|BB|
        """);
  }

  @Test
  void wake_withMoreCredit_preempts() {
    Rig rig = oneLp();
    rig.hog("A", 100);
    rig.bursts("B", 2 * MS, Guest.FOREVER).startAt(5 * MS);
    rig.assertTimeline(MS, 5, "LP0 |AAAAA|BBAAA|\n");
  }

  @Test
  void wake_insideTheRateLimit_waitsForItsEnd() {
    Rig rig = oneLp();
    rig.hog("A", 100);
    rig.bursts("B", 200_000, Guest.FOREVER).startAt(600_000);
    rig.assertTimeline(200_000, 5, "LP0 |AAAAA|BAAAA|\n");
  }

  @Test
  void wake_insideTheMargin_waitsForTheNextDecision() {
    Rig rig = oneLp();
    rig.hog("A", 100);
    rig.bursts("B", MS, Guest.FOREVER).startAt(400_000);
    rig.assertTimeline(MS, 5, "LP0 |AAAAA|AAAAA|BAAAA|\n");
  }

  @Test
  void wake_anotherLpIdle_disturbsNobody() {
    Rig rig = rig(Machine.flat(2, 1));
    rig.hog("A", 100);
    rig.bursts("B", 2 * MS, MS).startAt(5 * MS);
    rig.assertTimeline(
        MS,
        5,
        """
        LP0 |AAAAA|AAAAA|
        LP1 |.....|BB.BB|
        """);
  }

  @Test
  void wake_twoRunning_preemptsTheOneWithLessCredit() {
    Rig rig = rig(Machine.flat(2, 1));
    rig.hog("A", 200);
    rig.hog("B", 100);
    rig.bursts("C", MS, Guest.FOREVER).startAt(4 * MS);
    // A has 8, B has 6.
    rig.assertTimeline(
        MS,
        4,
        """
        LP0 |AAAA|AAAA|
        LP1 |BBBB|CBBB|
        """);
  }

  @Test
  void weights_100And200And700_get10And20And70Percent() {
    Rig rig = oneLp();
    List<Guest> guests = List.of(rig.hog("A", 100), rig.hog("B", 200), rig.hog("C", 700));
    rig.run(60 * SECOND);
    assertThat(guests.get(0).ranNs(60 * SECOND)).isCloseTo(6 * SECOND, within(10 * MS));
    assertThat(guests.get(1).ranNs(60 * SECOND)).isCloseTo(12 * SECOND, within(10 * MS));
    assertThat(guests.get(2).ranNs(60 * SECOND)).isCloseTo(42 * SECOND, within(10 * MS));
  }

  @Test
  void sleeper_afterLongSleep_hasTheInitialCreditAndNoMore() {
    Rig rig = oneLp();
    Guest a = rig.hog("A", 100);
    Guest b = rig.bursts("B", Guest.FOREVER, 0).startAt(SECOND);
    rig.run(2 * SECOND);
    assertThat(b.ranNs(2 * SECOND)).isCloseTo(SECOND / 2, within(11 * MS));
    assertThat(a.ranNs(2 * SECOND) - SECOND).isCloseTo(SECOND / 2, within(11 * MS));
  }

  @Test
  void caches_idleLp_takesAWaiterOfAnotherQueue() {
    Rig rig = rig(new Machine(1, 1, 2, 1, 1));
    rig.hog("A", 100);
    rig.bursts("B", 2 * MS, Guest.FOREVER).startAt(0);
    rig.hog("C", 100);
    // A and C belong to the first cache, B to the second: A waits when B stops.
    rig.assertTimeline(
        MS,
        4,
        """
        LP0 |ACCC|CCCC|
        LP1 |BBAA|AAAA|
        """);
  }

  @Test
  void caches_unequalQueues_areBalancedWhenCreditIsReset() {
    Rig rig = rig(new Machine(1, 1, 2, 1, 1));
    Guest a = rig.hog("A", 100);
    Guest b = rig.hog("B", 100);
    Guest c = rig.hog("C", 100);
    rig.bursts("D", 2 * MS, Guest.FOREVER).startAt(0);
    Guest e = rig.hog("E", 100);
    rig.run(10 * SECOND);
    // Three wait for the first cache and one for the second, until one moves.
    for (Guest guest : List.of(a, b, c, e)) {
      assertThat(guest.ranNs(10 * SECOND)).isCloseTo(5 * SECOND, within(50 * MS));
    }
  }

  @Test
  void smt_idleCore_isTakenBeforeTheSiblingOfABusyOne() {
    Rig rig = rig(Machine.flat(2, 2));
    rig.hog("A", 100);
    rig.hog("B", 100);
    rig.hog("C", 100);
    rig.assertTimeline(
        MS,
        2,
        """
        LP0 |AA|AA|
        LP1 |CC|CC|
        LP2 |BB|BB|
        LP3 |..|..|
        """);
  }

  @Test
  void affinity_lpOutsideTheSet_idles() {
    Rig rig = rig(Machine.flat(2, 1));
    rig.hogs("A", Rig.guest("A", 1).withLps(CpuSet.of(1)));
    rig.hogs("B", Rig.guest("B", 1).withLps(CpuSet.of(1)));
    rig.assertTimeline(
        MS,
        2,
        """
        LP0 |..|..|
        LP1 |AB|AB|
        """);
  }

  @Test
  void integratedScheduler_isRefused() {
    PartitionRequest request =
        PartitionRequest.of("l1vh", Partition.Kind.L1VH, 1).withIntegratedScheduler();
    assertThat(oneLp().hypervisor.createPartition(request))
        .isInstanceOfSatisfying(
            PartitionResult.Refused.class,
            refused -> assertThat(refused.toString()).contains("credit2"));
  }
}
