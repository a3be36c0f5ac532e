package dev.stint.model.hypervisor;

import static dev.stint.model.time.Time.MS;
import static dev.stint.model.time.Time.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.hypervisor.Partition.Kind;
import dev.stint.model.machine.Machine;
import dev.stint.model.trace.TraceKind;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Caps, reserves, and the weight of a family.
class ControlsTest {
  private static Controls cap(int cap) {
    return new Controls(100, cap, 0);
  }

  private static Controls reserve(int weight, int reserve) {
    return new Controls(weight, Controls.ONE_LP, reserve);
  }

  private static Rig family(FamilyShare share) {
    HypervisorConfig config = Rig.config(Rotation.ROUND_ROBIN, false, share);
    return new Rig(Machine.flat(2, 1), config, SchedulerType.CORE_SMT);
  }

  private static double share(List<Guest> guests, long untilNs) {
    return guests.stream().mapToLong(guest -> guest.ranNs(untilNs)).sum() / (2.0 * untilNs);
  }

  @Test
  void cap_0xC000_is75Percent_toTheNanosecond() {
    Rig rig = Rig.classic(1);
    Guest guest = rig.hogs("A", Rig.guest("A", 1).withControls(cap(0xC000))).get(0);
    rig.assertTimeline(5 * MS, 20, "LP0 |AAAAAAAAAAAAAAA.....|AAAAAAAAAAAAAAA.....|\n");
    rig.run(10 * SECOND);
    assertThat(guest.ranNs(10 * SECOND)).isEqualTo(7_500 * MS);
    assertThat(rig.told(TraceKind.THROTTLE))
        .startsWith("75ms THROTTLE A/vp0 lp0 cap:A/vp0", "175ms THROTTLE A/vp0 lp0 cap:A/vp0");
    assertThat(rig.told(TraceKind.UNTHROTTLE)).startsWith("100ms UNTHROTTLE A/vp0 lp0");
  }

  @Test
  void cap_isPerVp_andTheOthersGetTheRest() {
    Rig rig = Rig.classic(1);
    Guest a = rig.hogs("A", Rig.guest("A", 1).withControls(cap(0x4000))).get(0);
    Guest b = rig.hog("B", 100);
    rig.run(10 * SECOND);
    assertThat(a.ranNs(10 * SECOND)).isEqualTo(2_500 * MS);
    assertThat(b.ranNs(10 * SECOND)).isEqualTo(7_500 * MS);
  }

  @Test
  void cap_ofOneInAPair_idlesItsLpOnly() {
    Rig rig = new Rig(Machine.flat(1, 2), HypervisorConfig.DEFAULT, SchedulerType.CORE_SMT);
    PartitionRequest request = Rig.guest("A", 2).withThreadsPerCore(2).withControls(cap(0x8000));
    Partition partition = rig.partition(request);
    rig.guest('A', partition.vp(0), Guest.FOREVER, 0).startAt(0);
    rig.guest('a', partition.vp(1), Guest.FOREVER, 0).startAt(20 * MS);
    rig.assertTimeline(
        10 * MS,
        10,
        """
        LP0 |AAAAA.....|AAAAA.....|
        LP1 |..aaaaa...|aaaaa.....|
        """);
    assertThat(rig.told(TraceKind.HOLD)).contains("50ms HOLD lp0 A/vp1", "70ms HOLD lp0 idle");
  }

  @Test
  void cap_usedUpWhileAsleep_wakesThrottled() {
    Rig rig = Rig.classic(1);
    Partition partition = rig.partition(Rig.guest("A", 1).withControls(cap(0x1000)));
    rig.guest('A', partition.vp(0), 6_250_000, 10 * MS).startAt(0);
    rig.run(101 * MS);
    assertThat(rig.told())
        .containsSubsequence(
            "6.25ms SWITCH lp0 A/vp0 idle 1",
            "16.25ms READY A/vp0 lp0",
            "16.25ms THROTTLE A/vp0 lp0 cap:A/vp0",
            "100ms UNTHROTTLE A/vp0 lp0",
            "100ms SWITCH lp0 idle A/vp0 3");
  }

  @Test
  void reserve_outweighsWeight() {
    Rig rig = Rig.classic(1);
    Guest a = rig.hogs("A", Rig.guest("A", 1).withControls(reserve(1, 0x8000))).get(0);
    rig.hog("B", 10_000);
    rig.hog("C", 10_000);
    rig.run(10 * SECOND);
    assertThat(a.ranNs(10 * SECOND)).isCloseTo(5 * SECOND, within(100 * MS));
  }

  @Test
  void reserve_notUsed_isForTheOthers() {
    Rig rig = Rig.classic(1);
    Partition partition = rig.partition(Rig.guest("A", 1).withControls(reserve(100, 0x8000)));
    rig.guest('A', partition.vp(0), 10 * MS, 90 * MS).startAt(0);
    Guest b = rig.hog("B", 100);
    rig.run(10 * SECOND);
    assertThat(b.ranNs(10 * SECOND)).isGreaterThan(8_500 * MS);
  }

  @Test
  void family_l1vhAndChildren_weighWhatTheL1vhWeighs() {
    Rig rig = family(FamilyShare.FAMILY);
    Partition host = rig.partition(PartitionRequest.of("l1vh", Kind.L1VH, 2));
    List<Guest> own = rig.hogs("Hh", host);
    List<Guest> gold = rig.hogs("Gg", rig.child(host, Rig.guest("l1vh/gold", 2)));
    List<Guest> neighbour = rig.hogs("Nn", Rig.guest("n", 2));
    long end = 60 * SECOND;
    rig.run(end);
    assertThat(share(own, end)).isCloseTo(0.25, within(0.01));
    assertThat(share(gold, end)).isCloseTo(0.25, within(0.01));
    assertThat(share(neighbour, end)).isCloseTo(0.5, within(0.01));
  }

  @Test
  void family_idleL1vh_leavesItsWeightToItsChildren() {
    Rig rig = family(FamilyShare.FAMILY);
    Partition host = rig.partition(PartitionRequest.of("l1vh", Kind.L1VH, 2));
    List<Guest> gold = rig.hogs("Gg", rig.child(host, Rig.guest("l1vh/gold", 2)));
    List<Guest> silver = rig.hogs("Ss", rig.child(host, Rig.guest("l1vh/silver", 2)));
    List<Guest> neighbour = rig.hogs("Nn", Rig.guest("n", 2));
    long end = 60 * SECOND;
    rig.run(end);
    assertThat(share(gold, end)).isCloseTo(0.25, within(0.01));
    assertThat(share(silver, end)).isCloseTo(0.25, within(0.01));
    assertThat(share(neighbour, end)).isCloseTo(0.5, within(0.01));
  }

  @Test
  void own_childrenWeighForThemselves() {
    Rig rig = family(FamilyShare.OWN);
    Partition host = rig.partition(PartitionRequest.of("l1vh", Kind.L1VH, 2));
    List<Guest> own = rig.hogs("Hh", host);
    List<Guest> gold = rig.hogs("Gg", rig.child(host, Rig.guest("l1vh/gold", 2)));
    List<Guest> neighbour = rig.hogs("Nn", Rig.guest("n", 2));
    long end = 60 * SECOND;
    rig.run(end);
    for (List<Guest> guests : List.of(own, gold, neighbour)) {
      assertThat(share(guests, end)).isCloseTo(1.0 / 3, within(0.01));
    }
  }

  /// The deferred list: units whose VPs are all throttled. An idle LP does not bring them back; the
  /// start of the window does, in the order of the run list, which is not that of their arrival.
  @Test
  void deferredUnits_returnAtTheWindowsStart_inOrder() {
    Rig rig = Rig.classic(1);
    rig.hogs("A", Rig.guest("A", 1).withControls(new Controls(100, 0x4000, 0)));
    rig.hogs("B", Rig.guest("B", 1).withControls(new Controls(400, 0x4000, 0)));
    rig.hogs("C", Rig.guest("C", 1).withControls(new Controls(100, 0x2000, 0)));
    // By weight A, B, C have had 25, 6.25 and 12.5 ms when the last is deferred, and the last slice
    // began at 20: B and C return there, A behind them.
    rig.assertTimeline(
        2_500_000,
        40,
        """
        LP0 |AAAABBBBCCCCBBBBBBAAAACAA...............|BBBBCCCCBBBBAAAABBCAAAAAA...............|
        """);
    assertThat(rig.told(TraceKind.THROTTLE).stream().limit(3))
        .containsExactly(
            "45ms THROTTLE B/vp0 lp0 cap:B/vp0",
            "57.5ms THROTTLE C/vp0 lp0 cap:C/vp0",
            "62.5ms THROTTLE A/vp0 lp0 cap:A/vp0");
  }

  /// A virtual core is deferred when both its VPs are throttled; it returns level with who ran
  /// meanwhile (B, at the end of its slice), without a claim on the time that it was away.
  @Test
  void deferredPair_hasNoVpLeft_andReturnsLevel() {
    Rig rig = new Rig(Machine.flat(1, 2), HypervisorConfig.DEFAULT, SchedulerType.CORE_SMT);
    PartitionRequest pair = Rig.guest("A", 2).withThreadsPerCore(2).withControls(cap(0x4000));
    Partition partition = rig.partition(pair);
    rig.guest('A', partition.vp(0), Guest.FOREVER, 0).startAt(0);
    rig.guest('a', partition.vp(1), Guest.FOREVER, 0).startAt(20 * MS);
    rig.hogs("B", Rig.guest("B", 1));
    rig.assertTimeline(
        5 * MS,
        20,
        """
        LP0 |AABBAABBA.BB.BBBBBBB|BAABBAABBABBBBBBBBBB|
        LP1 |....aa..aa..a.......|.aa..aa..a..........|
        """);
  }
}
