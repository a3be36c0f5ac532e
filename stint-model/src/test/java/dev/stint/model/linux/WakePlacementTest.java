package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.linux.NaiveWakePlacement.Cpu;
import dev.stint.model.linux.NaiveWakePlacement.Wake;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.sim.RandomStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class WakePlacementTest {
  private static final int WAKES = 50_000;

  @Test
  void select_smtMachineOfTwoCaches_isTheNaiveChoice() {
    compare(new Machine(1, 1, 2, 4, 2));
  }

  @Test
  void select_coresUnderOneCache_isTheNaiveChoice() {
    compare(Machine.flat(6, 1));
  }

  @Test
  void select_cachesOfOneCpu_isTheNaiveChoice() {
    compare(new Machine(1, 1, 4, 1, 1));
  }

  private static void compare(Machine machine) {
    SmpRig rig = new SmpRig(CpuTopology.of(machine));
    RandomStream random = rig.simulation.random().stream("wakes");
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      tasks.add(rig.task("T" + i, randomCpus(random, machine.lpCount())));
    }
    Set<Integer> chosen = new LinkedHashSet<>();
    for (int i = 0; i < WAKES; i++) {
      Task task = tasks.get((int) random.nextBelow(tasks.size()));
      chosen.add(compareOne(rig, machine, task, random, i));
    }
    assertThat(chosen).hasSize(machine.lpCount());
  }

  private static int compareOne(
      SmpRig rig, Machine machine, Task task, RandomStream random, int round) {
    LinuxKernel kernel = rig.kernel;
    int count = machine.lpCount();
    int[] scan = new int[count];
    boolean[] idleCore = new boolean[count];
    List<Cpu> cpus = drawCpus(rig, machine, random, scan, idleCore);
    int previous = (int) random.nextBelow(count);
    task.entity.queue = kernel.rootGroup().queue(previous);
    task.recentCpu = (int) random.nextBelow(count + 1L) - 1;
    int waker = (int) random.nextBelow(count);
    task.entity.average.loadAvg = random.nextBelow(2048);
    long nowNs = round * 4_000_000L;
    WakeHistory history = kernel.runqueue(waker).balance.idleWakes;
    boolean sync = random.nextBelow(3) == 0;
    Set<Integer> allowed = new LinkedHashSet<>();
    for (int cpu : task.allowed.toArray()) {
      allowed.add(cpu);
    }
    int recent = task.recentCpu;
    int chosen = kernel.smp.wakes.select(task, kernel.runqueue(waker), sync, nowNs);
    boolean wide =
        WakeHistory.wide(history.flips(), task.wakes.flips(), kernel.smp.domains.cacheSize(waker));
    Wake wake =
        new Wake(
            waker,
            previous,
            recent,
            allowed,
            wide,
            sync,
            QueueLoad.hLoad(task, nowNs),
            scan,
            idleCore);
    int expected =
        allowed.size() == 1 ? allowed.iterator().next() : new NaiveWakePlacement(cpus).choose(wake);
    assertThat(chosen).as(wake + " on " + cpus).isEqualTo(expected);
    return chosen;
  }

  /// Gives every CPU a random state; `scan` and `idleCore` become those of each cache.
  private static List<Cpu> drawCpus(
      SmpRig rig, Machine machine, RandomStream random, int[] scan, boolean[] idleCore) {
    LinuxKernel kernel = rig.kernel;
    int count = machine.lpCount();
    long odds = 1 + random.nextBelow(5);
    List<Cpu> cpus = new ArrayList<>();
    for (int cpu = 0; cpu < count; cpu++) {
      Runqueue runqueue = kernel.runqueue(cpu);
      int queued = random.nextBelow(odds) == 0 ? 0 : 1 + (int) random.nextBelow(3);
      int delayed = queued == 0 ? 0 : (int) random.nextBelow(queued);
      runqueue.queuedTaskCount = queued;
      runqueue.root.queuedTaskCount = queued;
      runqueue.root.runnableTaskCount = queued - delayed;
      runqueue.root.average.loadAvg = random.nextBelow(4096);
      SharedCache cache = kernel.smp.domains.cache(cpu);
      int number = machine.cacheOf(cpu);
      if (cache != null) {
        cache.idleScanLimit = (int) random.nextBelow(cache.size + 1L);
        cache.hasIdleCores = random.nextBelow(2) == 0;
        scan[number] = cache.idleScanLimit;
        idleCore[number] = cache.hasIdleCores;
      }
      cpus.add(
          new Cpu(
              cpu,
              machine.coreOf(cpu),
              number,
              queued == 0,
              queued,
              queued - delayed,
              runqueue.root.average.loadAvg));
    }
    return cpus;
  }

  private static CpuSet randomCpus(RandomStream random, int count) {
    if (random.nextBelow(3) == 0) {
      return CpuSet.range(0, count);
    }
    CpuSet set = CpuSet.EMPTY;
    while (set.isEmpty()) {
      for (int cpu = 0; cpu < count; cpu++) {
        set = random.nextBelow(2) == 0 ? set : set.or(CpuSet.range(cpu, cpu + 1));
      }
    }
    return set;
  }

  @Test
  void wide_manyPartnersOnBothSides_staysApart() {
    assertThat(WakeHistory.wide(16, 4, 4)).isTrue();
    assertThat(WakeHistory.wide(15, 4, 4)).isFalse();
    assertThat(WakeHistory.wide(100, 3, 4)).isFalse();
  }

  @Test
  void record_onePartnerForLong_halvesTheCount() {
    SmpRig rig = new SmpRig(CpuTopology.flat(2, 1));
    Task a = rig.task("A", CpuSet.range(0, 2));
    Task b = rig.task("B", CpuSet.range(0, 2));
    WakeHistory history = new WakeHistory();
    for (int i = 0; i < 8; i++) {
      history.record(i % 2 == 0 ? a : b, 1, 250);
    }
    assertThat(history.flips()).isEqualTo(8);
    history.record(b, 250, 250);
    assertThat(history.flips()).isEqualTo(8);
    history.record(b, 251, 250);
    assertThat(history.flips()).isEqualTo(4);
    history.record(b, 252, 250);
    assertThat(history.flips()).isEqualTo(4);
  }
}
