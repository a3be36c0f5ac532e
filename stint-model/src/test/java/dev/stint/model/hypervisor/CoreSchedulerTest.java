package dev.stint.model.hypervisor;

import static dev.stint.model.hypervisor.Rig.SLICE;
import static dev.stint.model.time.Time.MS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.trace.TraceKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class CoreSchedulerTest {
  private static Rig core(int cores) {
    return new Rig(Machine.flat(cores, 2), HypervisorConfig.DEFAULT, SchedulerType.CORE_SMT);
  }

  @Test
  void pairs_takeTurnsOnACore_neverMixed() {
    Rig rig = core(1);
    rig.hogs("Aa", Rig.guest("A", 2).withThreadsPerCore(2));
    rig.hogs("Bb", Rig.guest("B", 2).withThreadsPerCore(2));
    rig.assertTimeline(
        SLICE,
        2,
        """
        LP0 |AB|AB|AB|
        LP1 |ab|ab|ab|
        """);
  }

  @Test
  void classicWithSmt_sameGuests_mayShareACore() {
    Rig rig = new Rig(Machine.flat(1, 2), HypervisorConfig.DEFAULT, SchedulerType.LP_SMT);
    rig.hogs("A", Rig.guest("A", 1));
    rig.hogs("B", Rig.guest("B", 1));
    rig.assertTimeline(
        SLICE,
        2,
        """
        LP0 |AA|AA|
        LP1 |BB|BB|
        """);
  }

  @Test
  void classicWithoutSmt_usesTheFirstThreadOfEachCore() {
    Rig rig = new Rig(Machine.flat(2, 2), HypervisorConfig.DEFAULT, SchedulerType.LP);
    rig.hogs("ABC", Rig.guest("ABC", 3));
    rig.assertTimeline(
        SLICE,
        3,
        """
        LP0 |AAB|BBA|
        LP1 |...|...|
        LP2 |BCC|ACC|
        LP3 |...|...|
        """);
  }

  @Test
  void singleVp_hasACoreAndLeavesItsSiblingHeld() {
    Rig rig = core(1);
    rig.hogs("A", Rig.guest("A", 1));
    rig.hogs("B", Rig.guest("B", 1));
    rig.assertTimeline(
        SLICE,
        2,
        """
        LP0 |AB|AB|
        LP1 |..|..|
        """);
    assertThat(rig.told(TraceKind.HOLD))
        .startsWith("0ns HOLD lp1 A/vp0", "10ms HOLD lp1 B/vp0", "20ms HOLD lp1 A/vp0");
  }

  @Test
  void halt_inAPair_idlesItsLpForItsOwnUnitOnly() {
    Rig rig = core(1);
    Partition a = rig.partition(Rig.guest("A", 2).withThreadsPerCore(2));
    rig.guest('A', a.vp(0), Guest.FOREVER, 0).startAt(0);
    rig.guest('a', a.vp(1), 2 * MS, 3 * MS).startAt(0);
    rig.hogs("B", Rig.guest("B", 1));
    rig.assertTimeline(
        MS,
        10,
        """
        LP0 |AAAAAAAAAA|BBBBBBBBBB|AAAAAAAAAA|
        LP1 |aa...aa...|..........|aa...aa...|
        """);
    assertThat(rig.told(TraceKind.HOLD))
        .startsWith(
            "2ms HOLD lp1 A/vp0",
            "5ms HOLD lp1 idle",
            "7ms HOLD lp1 A/vp0",
            "10ms HOLD lp1 B/vp0",
            "20ms HOLD lp1 idle");
  }

  @Test
  void halt_ofBoth_freesTheCore() {
    Rig rig = core(1);
    Partition a = rig.partition(Rig.guest("A", 2).withThreadsPerCore(2));
    rig.guest('A', a.vp(0), 2 * MS, Guest.FOREVER).startAt(0);
    rig.guest('a', a.vp(1), 3 * MS, Guest.FOREVER).startAt(0);
    rig.bursts("B", 2 * MS, Guest.FOREVER).startAt(0);
    rig.assertTimeline(
        MS,
        7,
        """
        LP0 |AA.BB..|
        LP1 |aaa....|
        """);
    assertThat(rig.told(TraceKind.HOLD))
        .containsExactly(
            "2ms HOLD lp0 a/vp1".replace("a/", "A/"),
            "3ms HOLD lp0 idle",
            "3ms HOLD lp1 B/vp0",
            "5ms HOLD lp1 idle");
  }

  @Test
  void oddVp_isAUnitOfItsOwn() {
    Rig rig = core(2);
    rig.hogs("Aab", Rig.guest("A", 3).withThreadsPerCore(2));
    rig.assertTimeline(
        SLICE,
        2,
        """
        LP0 |AA|
        LP1 |aa|
        LP2 |bb|
        LP3 |..|
        """);
  }

  @Test
  void lpSet_withoutTheFirstThread_singleVpUsesTheOther() {
    Rig rig = core(1);
    rig.hogs("A", Rig.guest("A", 1).withLps(CpuSet.of(1)));
    rig.assertTimeline(
        SLICE,
        2,
        """
        LP0 |..|
        LP1 |AA|
        """);
  }

  @Test
  void lpSet_withoutAWholeCore_pairIsRefused() {
    Rig rig = core(2);
    int entities = rig.entities.count();
    PartitionResult result =
        rig.hypervisor.createPartition(
            Rig.guest("A", 2).withThreadsPerCore(2).withLps(CpuSet.of(1, 2)));
    assertThat(result)
        .isEqualTo(
            new PartitionResult.Refused(
                HypercallStatus.INVALID_PARAMETER,
                "no core has all the LPs that a virtual core needs"));
    assertThat(rig.entities.count()).isEqualTo(entities);
    assertThat(rig.hypervisor.partitions()).isEmpty();
  }

  @Test
  void noSmt_coreIsClassic() {
    List<List<Rig.Event>> traces =
        List.of(SchedulerType.CORE_SMT, SchedulerType.LP_SMT).stream()
            .map(type -> {
              Rig rig = new Rig(Machine.flat(2, 1), HypervisorConfig.DEFAULT, type);
              rig.hogs("ABC", Rig.guest("A", 3).withThreadsPerCore(2));
              rig.bursts("D", 7 * MS, 5 * MS).startAt(0);
              rig.run(500 * MS);
              return rig.events;
            })
            .toList();
    assertThat(traces.get(0)).hasSizeGreaterThan(100).isEqualTo(traces.get(1));
  }
}
