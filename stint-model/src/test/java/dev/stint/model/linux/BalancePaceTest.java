package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.machine.CpuSet;
import org.junit.jupiter.api.Test;

final class BalancePaceTest {
  /// The sources' example: two CPUs at HZ=250 balance every 28 ms while busy, 60 ms when balanced.
  @Test
  void interval_twoBusyCpus_isSevenOrFifteenTicks() {
    assertThat(PeriodicBalance.intervalJiffies(2, true, 250, 2)).isEqualTo(7);
    assertThat(PeriodicBalance.intervalJiffies(4, true, 250, 2)).isEqualTo(15);
    assertThat(PeriodicBalance.intervalJiffies(2, false, 250, 2)).isEqualTo(1);
    assertThat(PeriodicBalance.intervalJiffies(4, false, 250, 2)).isEqualTo(1);
  }

  @Test
  void interval_many_isAtMostATenthOfASecondPerCpu() {
    assertThat(PeriodicBalance.intervalJiffies(512, true, 250, 2)).isEqualTo(50);
    assertThat(PeriodicBalance.intervalJiffies(256, true, 1000, 128)).isEqualTo(4095);
  }

  @Test
  void balancedDomain_interval_doublesToItsGreatest() {
    SchedDomain domain = new SmpRig(CpuTopology.flat(2, 1)).kernel.smp.domains.lowest(0);
    domain.lengthenInterval(false);
    assertThat(domain.intervalMs).isEqualTo(4);
    domain.lengthenInterval(false);
    assertThat(domain.intervalMs).isEqualTo(4);
    for (int i = 0; i < 10; i++) {
      domain.lengthenInterval(true);
    }
    assertThat(domain.intervalMs).isEqualTo(512);
    domain.resetInterval();
    assertThat(domain.intervalMs).isEqualTo(2);
  }

  @Test
  void scanLimit_utilisation_fallsToZeroWhereCpusAreFull() {
    assertThat(SharedCache.scanLimit(0, 16, 117)).isEqualTo(16);
    assertThat(SharedCache.scanLimit(16 * 512, 16, 117)).isEqualTo(10);
    assertThat(SharedCache.scanLimit(16 * 875, 16, 117)).isEqualTo(0);
    assertThat(SharedCache.scanLimit(16 * 1024, 16, 117)).isEqualTo(0);
  }

  @Test
  void newidleRatio_calls_isThatOfTheLast1024() {
    SchedDomain domain = new SmpRig(CpuTopology.flat(2, 1)).kernel.smp.domains.lowest(0);
    assertThat(domain.newidleRatio).isEqualTo(512);
    for (int i = 0; i < 512; i++) {
      domain.countNewidle(1);
    }
    assertThat(domain.newidleRatio).isEqualTo(256 + 512);
    for (int i = 0; i < 512; i++) {
      domain.countNewidle(0);
    }
    assertThat(domain.newidleRatio).isEqualTo(384);
  }

  @Test
  void newidleCost_decays_byOnePercentASecond() {
    SmpRig rig = new SmpRig(CpuTopology.flat(2, 1));
    SchedDomain domain = rig.kernel.smp.domains.lowest(0);
    NewidleBalance newidle = rig.kernel.smp.newidle;
    assertThat(newidle.updateCost(domain, 25_600, 10)).isFalse();
    assertThat(newidle.updateCost(domain, 0, 260)).isFalse();
    assertThat(newidle.updateCost(domain, 0, 261)).isTrue();
    assertThat(domain.newidleCostMaxNs).isEqualTo(25_300);
  }

  @Test
  void averageIdle_wakeUps_followsByAnEighthAndIsCapped() {
    Runqueue runqueue = new SmpRig(CpuTopology.flat(2, 1)).kernel.runqueue(0);
    runqueue.balance.idleSinceNs = 1_000_000;
    NewidleBalance.wokeUp(runqueue, 1_200_000);
    assertThat(runqueue.balance.averageIdleNs).isEqualTo(1_000_000 - 100_000);
    NewidleBalance.wokeUp(runqueue, 9_000_000);
    assertThat(runqueue.balance.averageIdleNs).isEqualTo(900_000);
    runqueue.balance.idleSinceNs = 1;
    NewidleBalance.wokeUp(runqueue, 900_000_000);
    assertThat(runqueue.balance.averageIdleNs).isEqualTo(1_000_000);
  }

  @Test
  void taskList_order_isMostRecentFirst() {
    SmpRig rig = new SmpRig(CpuTopology.flat(1, 1));
    TaskList list = new TaskList();
    Task a = rig.task("A", CpuSet.range(0, 1));
    Task b = rig.task("B", CpuSet.range(0, 1));
    Task c = rig.task("C", CpuSet.range(0, 1));
    list.addFirst(a);
    list.addFirst(b);
    list.addFirst(c);
    assertThat(list.oldest()).isSameAs(a);
    list.moveFirst(a);
    assertThat(list.oldest()).isSameAs(b);
    list.remove(b);
    assertThat(list.oldest()).isSameAs(c);
    list.remove(c);
    list.remove(a);
    assertThat(list.oldest()).isNull();
    assertThat(list.size()).isZero();
  }
}
