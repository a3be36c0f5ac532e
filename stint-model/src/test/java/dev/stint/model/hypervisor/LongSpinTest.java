package dev.stint.model.hypervisor;

import static dev.stint.model.time.Time.MS;
import static dev.stint.model.time.Time.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.hypervisor.hypercall.VpCall.NotifyLongSpinWait;
import dev.stint.model.machine.Machine;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.time.Time;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The long-spin hint: who gives up what.
class LongSpinTest {
  private static Rig rig(Machine machine, SchedulerType type, boolean hint) {
    HypervisorConfig config = HypervisorConfig.DEFAULT.withLongSpin(hint ? Time.MS : 0);
    return new Rig(machine, config, type);
  }

  private static void spinAt(Rig rig, long timeNs, VirtualProcessor vp) {
    int timer =
        rig.simulation.newTimer(TimerRank.DEVICE, (nowNs, id) -> vp.processor().longSpin(nowNs));
    rig.simulation.arm(timer, timeNs);
  }

  @Test
  void spinner_givesUpTheRestOfItsSlice_andPaysForIt() {
    Rig rig = rig(Machine.flat(1, 1), SchedulerType.LP_SMT, true);
    Guest a = rig.hog("A", 100);
    rig.hog("B", 100);
    spinAt(rig, 3 * MS, a.vp());
    rig.assertTimeline(MS, 13, "LP0 |AAABBBBBBBBBB|AAAAAAAAAABBB|\n");
  }

  @Test
  void hintOff_changesNothing() {
    Rig rig = rig(Machine.flat(1, 1), SchedulerType.LP_SMT, false);
    Guest a = rig.hog("A", 100);
    rig.hog("B", 100);
    spinAt(rig, 3 * MS, a.vp());
    rig.assertTimeline(MS, 10, "LP0 |AAAAAAAAAA|BBBBBBBBBB|\n");
  }

  @Test
  void nobodyWaits_spinnerGoesOnAndPaysNothing() {
    Rig rig = rig(Machine.flat(1, 1), SchedulerType.LP_SMT, true);
    Guest a = rig.hog("A", 100);
    spinAt(rig, 3 * MS, a.vp());
    Guest b = rig.bursts("B", Guest.FOREVER, 0).startAt(4 * MS);
    rig.run(SECOND);
    assertThat(a.ranNs(SECOND)).isCloseTo(b.ranNs(SECOND), within(10 * MS));
  }

  @Test
  void pair_givesWayOnlyWhenBothSpin() {
    Rig rig = rig(Machine.flat(1, 2), SchedulerType.CORE_SMT, true);
    List<Guest> pair = rig.hogs("Aa", Rig.guest("A", 2).withThreadsPerCore(2));
    rig.hogs("Bb", Rig.guest("B", 2).withThreadsPerCore(2));
    spinAt(rig, 2 * MS, pair.get(0).vp());
    spinAt(rig, 5 * MS, pair.get(1).vp());
    rig.assertTimeline(
        MS,
        15,
        """
        LP0 |AAAAABBBBBBBBBB|
        LP1 |aaaaabbbbbbbbbb|
        """);
  }

  @Test
  void hypercall_isTheSameHint() {
    Rig rig = rig(Machine.flat(1, 1), SchedulerType.LP_SMT, true);
    Guest a = rig.hog("A", 100);
    rig.hog("B", 100);
    int timer =
        rig.simulation.newTimer(
            TimerRank.DEVICE,
            (nowNs, id) ->
                rig.hypervisor.hypercall(
                    a.vp().partition().partitionId(), new NotifyLongSpinWait(0, 4096)));
    rig.simulation.arm(timer, 3 * MS);
    rig.assertTimeline(MS, 5, "LP0 |AAABB|\n");
  }
}
