package dev.stint.model.hypervisor;

import static dev.stint.model.time.Time.MS;
import static dev.stint.model.time.Time.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.hypervisor.hypercall.CpuGroupCall.SetCpuGroupCap;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.trace.TraceKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// CPU groups: `lps * cap / 65536` LPs for all members together.
class CpuGroupTest {
  private static long group(Rig rig, String name, int lps, int cap) {
    HypercallResult made = rig.hypervisor.createCpuGroup(name, CpuSet.range(0, lps), cap);
    return ((HypercallResult.Success) made).value();
  }

  private static long ran(List<Guest> guests, long nowNs) {
    return guests.stream().mapToLong(guest -> guest.ranNs(nowNs)).sum();
  }

  @Test
  void eightLps_cap32768_areFourLps() {
    Rig rig = Rig.classic(8);
    long group = group(rig, "half", 8, 32_768);
    List<Guest> guests = new ArrayList<>();
    guests.addAll(rig.hogs("ABCDEFGH", Rig.guest("a", 8).withCpuGroup(group)));
    guests.addAll(rig.hogs("IJKLMNOP", Rig.guest("b", 8).withCpuGroup(group)));
    rig.run(10 * SECOND);
    assertThat(ran(guests, 10 * SECOND)).isEqualTo(4 * 10 * SECOND);
    assertThat(rig.told(TraceKind.THROTTLE))
        .hasSize(16 * 100)
        .contains("50ms THROTTLE a/vp0 lp0 cpu-group:half");
  }

  @Test
  void everyCapOnEverySize_isTheClosedForm() {
    for (int lps : List.of(1, 3, 4)) {
      for (int cap : List.of(1, 0x1000, 0x5555, 0xC000, 0xFFFF)) {
        Rig rig = Rig.classic(4);
        long group = group(rig, "g", lps, cap);
        List<Guest> guests = rig.hogs("ABCDE", Rig.guest("a", 5).withCpuGroup(group));
        rig.run(SECOND);
        long budgetNs = 100 * MS * lps * cap / 65_536;
        // Of a window less than a nanosecond each may be left over.
        assertThat(ran(guests, SECOND)).isBetween(10 * (budgetNs - 4), 10 * budgetNs);
      }
    }
  }

  @Test
  void groupRunsAtOnce_andWaitsTogether() {
    Rig rig = Rig.classic(2);
    long group = group(rig, "g", 2, 0x8000);
    rig.hogs("A", Rig.guest("a", 1).withCpuGroup(group));
    rig.hogs("B", Rig.guest("b", 1).withCpuGroup(group));
    rig.assertTimeline(
        10 * MS,
        10,
        """
        LP0 |AAAAA.....|AAAAA.....|
        LP1 |BBBBB.....|BBBBB.....|
        """);
  }

  @Test
  void childOfAnL1vh_countsTowardsItsParentsGroup() {
    Rig rig = Rig.classic(4);
    long group = group(rig, "quarter", 4, 0x4000);
    Partition host =
        rig.partition(PartitionRequest.of("l1vh", Partition.Kind.L1VH, 2).withCpuGroup(group));
    Partition child = rig.child(host, Rig.guest("l1vh/vm", 2));
    List<Guest> family = new ArrayList<>(rig.hogs("AB", host));
    family.addAll(rig.hogs("CD", child));
    List<Guest> neighbour = rig.hogs("EFGH", Rig.guest("neighbour", 4));
    rig.run(10 * SECOND);
    assertThat(ran(family, 10 * SECOND)).isEqualTo(10 * SECOND);
    assertThat(ran(neighbour, 10 * SECOND)).isEqualTo(3 * 10 * SECOND);
  }

  @Test
  void oneBusyMember_mayUseTheWholeBudget() {
    Rig rig = Rig.classic(2);
    long group = group(rig, "g", 2, 0x8000);
    Guest a = rig.hogs("A", Rig.guest("a", 1).withCpuGroup(group)).get(0);
    rig.partition(Rig.guest("b", 1).withCpuGroup(group));
    rig.run(SECOND);
    assertThat(a.ranNs(SECOND)).isEqualTo(SECOND);
    assertThat(rig.told(TraceKind.THROTTLE)).isEmpty();
  }

  @Test
  void groupCapAndVpCap_bothHold() {
    Rig rig = Rig.classic(2);
    long group = group(rig, "g", 2, 0x8000);
    Controls quarter = new Controls(100, 0x4000, 0);
    Guest a = rig.hogs("A", Rig.guest("a", 1).withControls(quarter).withCpuGroup(group)).get(0);
    Guest b = rig.hogs("B", Rig.guest("b", 1).withCpuGroup(group)).get(0);
    rig.run(SECOND);
    assertThat(a.ranNs(SECOND)).isEqualTo(250 * MS);
    assertThat(b.ranNs(SECOND)).isEqualTo(750 * MS);
    assertThat(rig.told(TraceKind.THROTTLE))
        .startsWith("25ms THROTTLE a/vp0 lp0 cap:a/vp0", "75ms THROTTLE b/vp0 lp1 cpu-group:g");
  }

  @Test
  void membersThatWait_areThrottledToo() {
    Rig rig = Rig.classic(1);
    long group = group(rig, "g", 1, 0x4000);
    rig.hogs("A", Rig.guest("a", 1).withCpuGroup(group));
    rig.hogs("B", Rig.guest("b", 1).withCpuGroup(group));
    rig.assertTimeline(
        5 * MS,
        20,
        """
        LP0 |AABBA...............|BBAAB...............|
        """);
    assertThat(rig.told(TraceKind.THROTTLE))
        .startsWith("25ms THROTTLE b/vp0 lp0 cpu-group:g", "25ms THROTTLE a/vp0 lp0 cpu-group:g");
  }

  @Test
  void capOfZero_nobodyRuns() {
    Rig rig = Rig.classic(1);
    long group = group(rig, "g", 1, 0);
    Guest a = rig.hogs("A", Rig.guest("a", 1).withCpuGroup(group)).get(0);
    rig.run(SECOND);
    assertThat(a.ranNs(SECOND)).isZero();
    assertThat(rig.told(TraceKind.THROTTLE)).containsExactly("0ns THROTTLE a/vp0 lp0 cpu-group:g");
  }

  @Test
  void coreScheduler_groupOfCores_countsItsVps() {
    Rig rig = new Rig(Machine.flat(2, 2), HypervisorConfig.DEFAULT, SchedulerType.CORE_SMT);
    long group = group(rig, "g", 4, 0x8000);
    List<Guest> pair =
        rig.hogs("AaBb", Rig.guest("a", 4).withThreadsPerCore(2).withCpuGroup(group));
    rig.run(SECOND);
    assertThat(ran(pair, SECOND)).isEqualTo(2 * SECOND);
  }

  @Test
  void capChangedAtRunTime_holdsFromThenOn() {
    Rig rig = Rig.classic(1);
    long group = group(rig, "g", 1, 0x10000);
    Guest a = rig.hogs("A", Rig.guest("a", 1).withCpuGroup(group)).get(0);
    rig.run(SECOND);
    assertThat(a.ranNs(SECOND)).isEqualTo(SECOND);
    set(rig, group, 0x4000);
    rig.run(2 * SECOND);
    assertThat(a.ranNs(2 * SECOND)).isCloseTo(1_250 * MS, within(25 * MS));
    rig.run(2 * SECOND + 50 * MS);
    long before = a.ranNs(2 * SECOND + 50 * MS);
    set(rig, group, 0x10000);
    rig.run(3 * SECOND);
    assertThat(a.ranNs(3 * SECOND) - before).as("set free at once").isEqualTo(950 * MS);
  }

  private static void set(Rig rig, long group, int cap) {
    assertThat(
            rig.hypervisor.hypercall(Hypervisor.ROOT_PARTITION_ID, new SetCpuGroupCap(group, cap)))
        .isInstanceOf(HypercallResult.Success.class);
  }

  @Test
  void unknownGroup_isRefused() {
    Rig rig = Rig.classic(1);
    assertThat(rig.hypervisor.createPartition(Rig.guest("a", 1).withCpuGroup(7)))
        .isInstanceOf(PartitionResult.Refused.class);
  }
}
