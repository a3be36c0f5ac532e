package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.linux.NaiveImbalance.Answer;
import dev.stint.model.linux.NaiveImbalance.Around;
import dev.stint.model.linux.NaiveImbalance.Side;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.Simulation;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ImbalanceTest {
  private static final int STATES = 200_000;

  private final Imbalance imbalance = new Imbalance();

  private static Side side(int tasks, long load, long util, long runnable) {
    int idle = tasks == 0 ? 1 : 0;
    return new Side(load, util, runnable, tasks, tasks, idle, 1, 1, 1024, 0, false, false);
  }

  private static Around around(boolean busy) {
    return new Around(busy, false, true, 117, false, 0, 0, 0);
  }

  private void fill(GroupStats stats, Side side, int percent) {
    stats.clear();
    stats.load = side.load();
    stats.util = side.util();
    stats.runnable = side.runnable();
    stats.taskCount = side.tasks();
    stats.runnableCount = side.runnableTasks();
    stats.idleCount = side.idle();
    stats.cpuCount = side.cpus();
    stats.capacity = side.capacity();
    stats.misfitLoad = side.misfit();
    stats.smtBalance = side.smt();
    stats.imbalanced = side.imbalanced();
    stats.classify(percent);
    if (stats.type == GroupType.OVERLOADED) {
      stats.averageLoad();
    }
  }

  private void decide(Side local, Side busiest, Around around) {
    SchedLevel level =
        around.numa() ? SchedLevel.NUMA : around.sharesCache() ? SchedLevel.MC : SchedLevel.PKG;
    IdleKind idle = around.busy() ? IdleKind.BUSY : IdleKind.IDLE;
    imbalance.begin(idle, level, around.numaAllowed());
    fill(imbalance.local, local, around.percent());
    fill(imbalance.busiest, busiest, around.percent());
    GroupStats rest = new GroupStats();
    rest.load = around.otherLoad();
    rest.capacity = around.otherCapacity();
    imbalance.total(imbalance.local.load, imbalance.local.capacity);
    imbalance.total(imbalance.busiest.load, imbalance.busiest.capacity);
    imbalance.total(rest.load, rest.capacity);
    SchedLevel below = around.prefersSibling() ? SchedLevel.SMT : null;
    imbalance.between(
        new SchedGroup(CpuSet.range(0, 1), local.cores(), below),
        new SchedGroup(CpuSet.range(1, 2), busiest.cores(), below));
    imbalance.decide();
  }

  /// The worked example of the sources: three equal hogs on two CPUs.
  @Test
  void threeHogsOnTwoCpus_amount_isHalfATask() {
    decide(side(1, 1024, 1024, 1024), side(2, 2048, 1024, 2048), around(true));
    assertThat(imbalance.local.type).isEqualTo(GroupType.FULLY_BUSY);
    assertThat(imbalance.busiest.type).isEqualTo(GroupType.OVERLOADED);
    assertThat(imbalance.migration).isEqualTo(Migration.LOAD);
    assertThat(imbalance.amount).isEqualTo(512);
  }

  @Test
  void idleCpuBesideTwoTasks_amount_isOneTask() {
    decide(side(0, 0, 0, 0), side(2, 2048, 1024, 2048), around(false));
    assertThat(imbalance.migration).isEqualTo(Migration.TASK);
    assertThat(imbalance.amount).isEqualTo(1);
  }

  @Test
  void oneTaskOnEach_amount_isNothing() {
    Side one = side(1, 1024, 1024, 1024);
    decide(one, one, around(true));
    assertThat(imbalance.amount).isEqualTo(0);
  }

  @Test
  void anyTwoGroups_decision_isThatOfTheFormulas() {
    RandomStream random = new Simulation(5).random().stream("imbalance");
    Map<String, Integer> seen = new TreeMap<>();
    for (int i = 0; i < STATES; i++) {
      Around around = randomAround(random);
      Side local = randomSide(random, true);
      Side busiest = randomSide(random, false);
      decide(local, busiest, around);
      Answer expected = NaiveImbalance.between(local, busiest, around);
      String state = local + " " + busiest + " " + around;
      assertThat(imbalance.local.type.name())
          .as(state)
          .isEqualTo(NaiveImbalance.type(local, around.percent()));
      assertThat(imbalance.busiest.type.name())
          .as(state)
          .isEqualTo(NaiveImbalance.type(busiest, around.percent()));
      assertThat(imbalance.amount).as(state).isEqualTo(expected.amount().longValueExact());
      if (imbalance.amount != 0) {
        assertThat(imbalance.migration.name()).as(state).isEqualTo(expected.unit());
      }
      seen.merge(imbalance.migration + (imbalance.amount == 0 ? " none" : ""), 1, Integer::sum);
    }
    for (String kind : new String[] {"LOAD", "TASK", "UTIL", "TASK none"}) {
      assertThat(seen.getOrDefault(kind, 0)).as(kind).isGreaterThan(STATES / 20);
    }
  }

  private static Around randomAround(RandomStream random) {
    int kind = (int) random.nextBelow(3);
    return new Around(
        random.nextBelow(2) == 0,
        kind == 2,
        kind == 0,
        117,
        random.nextBelow(2) == 0,
        (int) random.nextBelow(5),
        random.nextBelow(3) == 0 ? random.nextBelow(200_000) : 0,
        random.nextBelow(3) * 1024);
  }

  private static Side randomSide(RandomStream random, boolean local) {
    int cpus = 1 << random.nextBelow(4);
    int tasks = (int) random.nextBelow(3L * cpus + 1);
    int idle = Math.max(0, cpus - tasks);
    long capacity = cpus * (random.nextBelow(4) == 0 ? 1 + random.nextBelow(1024) : 1024L);
    long runnable = random.nextBelow(2048L * Math.max(1, tasks));
    return new Side(
        random.nextBelow(1 + tasks * (random.nextBelow(8) == 0 ? 88_761L : 2048L)),
        random.nextBelow(1 + Math.min(cpus, tasks) * 1100L),
        runnable,
        tasks,
        tasks == 0 ? 0 : 1 + (int) random.nextBelow(tasks),
        idle,
        cpus,
        random.nextBelow(2) == 0 ? cpus : Math.max(1, cpus / 2),
        capacity,
        !local && random.nextBelow(10) == 0 ? 1 + random.nextBelow(1024) : 0,
        !local && random.nextBelow(10) == 0,
        random.nextBelow(10) == 0);
  }

  @Test
  void busier_sameType_comparesWhatMattersThere() {
    GroupStats more = new GroupStats();
    GroupStats less = new GroupStats();
    more.taskCount = 2;
    less.taskCount = 1;
    assertThat(Imbalance.busier(more, less, null)).isTrue();
    assertThat(Imbalance.busier(less, more, null)).isFalse();
    less.idleCount = 1;
    more.idleCount = 2;
    assertThat(Imbalance.busier(more, less, null)).isFalse();
    more.type = GroupType.OVERLOADED;
    assertThat(Imbalance.busier(more, less, null)).isTrue();
    less.type = GroupType.OVERLOADED;
    less.averageLoad = 1;
    assertThat(Imbalance.busier(less, more, null)).isTrue();
    more.type = GroupType.IMBALANCED;
    less.type = GroupType.IMBALANCED;
    assertThat(Imbalance.busier(less, more, null)).isFalse();
  }
}
