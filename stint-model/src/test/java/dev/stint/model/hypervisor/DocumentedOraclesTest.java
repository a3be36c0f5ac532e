package dev.stint.model.hypervisor;

import static dev.stint.model.time.Time.MS;
import static dev.stint.model.time.Time.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.machine.Machine;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.TraceKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What Microsoft's documents say in numbers, on machines with two threads to a core.
class DocumentedOraclesTest {
  private static final int CORES = 3;

  /* Guests with single VPs, more than there are LPs; and what was seen at every instant. */
  private static final class Watch {
    final Rig rig;
    final List<Guest> guests = new ArrayList<>();
    int mostRunning;
    int sharedCores;

    Watch(SchedulerType type) {
      rig = new Rig(Machine.flat(CORES, 2), HypervisorConfig.DEFAULT, type);
      for (int i = 0; i < 8; i++) {
        guests.addAll(rig.hogs("" + (char) ('A' + i), Rig.guest("g" + i, 1)));
      }
      Guest sleeper = rig.bursts("Z", 3 * MS, 7 * MS).startAt(0);
      guests.add(sleeper);
      rig.simulation.afterEachInstant(this::look);
    }

    private void look() {
      long nowNs = rig.simulation.nowNs();
      int running = 0;
      for (int lp = 0; lp < 2 * CORES; lp++) {
        int vp = rig.at(lp, nowNs);
        running += vp == Entities.NONE ? 0 : 1;
        int sibling = lp % 2 == 1 ? rig.at(lp - 1, nowNs) : Entities.NONE;
        if (vp != Entities.NONE && sibling != Entities.NONE) {
          sharedCores++;
        }
      }
      mostRunning = Math.max(mostRunning, running);
    }

    long ranNs(long nowNs) {
      return guests.stream().mapToLong(guest -> guest.ranNs(nowNs)).sum();
    }
  }

  @Test
  void core_singleVps_runAtMostOneToACore_andNeverShareOne() {
    Watch watch = new Watch(SchedulerType.CORE_SMT);
    watch.rig.run(SECOND);
    assertThat(watch.mostRunning).isEqualTo(CORES);
    assertThat(watch.sharedCores).isZero();
    assertThat(watch.ranNs(SECOND)).isEqualTo(CORES * SECOND);
  }

  @Test
  void classic_singleVps_shareCores_andRunOnEveryThread() {
    Watch watch = new Watch(SchedulerType.LP_SMT);
    watch.rig.run(SECOND);
    assertThat(watch.mostRunning).isEqualTo(2 * CORES);
    assertThat(watch.sharedCores).as("instants at which two partitions share a core").isPositive();
    assertThat(watch.ranNs(SECOND)).isEqualTo(2 * CORES * SECOND);
  }

  @Test
  void classicWithoutSmt_usesOneThreadOfACore() {
    Watch watch = new Watch(SchedulerType.LP);
    watch.rig.run(SECOND);
    assertThat(watch.mostRunning).isEqualTo(CORES);
    assertThat(watch.sharedCores).isZero();
  }

  @Test
  void idleSibling_ofAPair_isLeftToNobodyElse() {
    Rig rig = new Rig(Machine.flat(1, 2), HypervisorConfig.DEFAULT, SchedulerType.CORE_SMT);
    Partition pair = rig.partition(Rig.guest("A", 2).withThreadsPerCore(2));
    Guest busy = rig.guest('A', pair.vp(0), Guest.FOREVER, 0).startAt(0);
    Guest single = rig.hogs("B", Rig.guest("B", 1)).get(0);
    rig.run(10 * SECOND);
    assertThat(busy.ranNs(10 * SECOND)).isCloseTo(5 * SECOND, within(10 * MS));
    assertThat(single.ranNs(10 * SECOND)).isCloseTo(5 * SECOND, within(10 * MS));
  }

  @Test
  void raw0xC000_is75Percent() {
    assertThat(0xC000 * 100 / Controls.ONE_LP).isEqualTo(75);
    Rig rig = Rig.classic(1);
    Controls controls = new Controls(100, 0xC000, 0);
    Guest guest = rig.hogs("A", Rig.guest("A", 1).withControls(controls)).get(0);
    rig.run(SECOND);
    assertThat(guest.ranNs(SECOND)).isEqualTo(750 * MS);
  }

  /// Root VPs are one per LP, fixed, and never migrate (Microsoft: "Hyper-V minroot").
  @Test
  void rootVps_besideBusyGuests_neverMove() {
    Rig rig = Rig.classic(3);
    rig.hogs("ABC", PartitionRequest.of("root", Partition.Kind.ROOT, 3));
    rig.hogs("DEFG", Rig.guest("guest", 4));
    rig.run(SECOND);
    assertThat(rig.told(TraceKind.MOVE)).noneMatch(line -> line.contains("root/"));
    assertThat(rig.told(TraceKind.SWITCH)).anyMatch(line -> line.contains("lp2 guest/"));
  }
}
