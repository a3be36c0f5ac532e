package dev.stint.testkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.linux.Cpusets;
import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.PreemptModel;
import dev.stint.model.linux.Quota;
import dev.stint.model.linux.TaskGroup;
import dev.stint.model.linux.cpuset.CpusetResult;
import dev.stint.model.linux.cpuset.CpusetVersion;
import dev.stint.model.linux.cpuset.Errno;
import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.stats.Ledger;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.testkit.LinuxBox;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Where tasks go when their CPUs change while they run, wait, sleep or are parked. A letter is 4
/// ms.
final class CpusetTimelineTest {
  private static final long MS = 1_000_000;
  private static final long TICK = 4 * MS;
  private static final WorkloadSpec BUSY = new WorkloadSpec.Busy();

  private static void at(LinuxBox box, long timeNs, Runnable change) {
    int timer = box.simulation().newTimer(TimerRank.DEVICE, (_, _) -> change.run());
    box.simulation().arm(timer, timeNs);
  }

  private static TaskControl pinned(LinuxBox box, String name, TaskGroup group, CpuSet mask) {
    return box.task(name, group, 0, OptionalLong.empty(), Optional.of(mask), 0, BUSY);
  }

  private static void accepted(CpusetResult result) {
    assertThat(result).isEqualTo(CpusetResult.ACCEPTED);
  }

  @Test
  void runningTask_whoseCpuIsTakenAway_isPushedAtOnce() {
    LinuxBox box = new LinuxBox(3);
    Cpusets cpusets = box.kernel().cpusets();
    TaskGroup group = box.group("g", CpuSet.of(0));
    box.task("a", group, BUSY);
    at(box, 18 * MS, () -> accepted(cpusets.writeCpus(group, CpuSet.of(2))));
    Ledger ledger = box.run(40 * MS);
    assertThat(box.line(0, 2 * MS, 40 * MS)).isEqualTo("AAAAAAAAA...........");
    assertThat(box.line(2, 2 * MS, 40 * MS)).isEqualTo(".........AAAAAAAAAAA");
    assertThat(LinuxBox.share(ledger, "a", 40 * MS)).isEqualTo(1);
  }

  @Test
  void waitingTask_whoseCpuIsTakenAway_movesWhileTheRunnerRunsOn() {
    LinuxBox box = new LinuxBox(2);
    Cpusets cpusets = box.kernel().cpusets();
    TaskGroup group = box.group("g", CpuSet.of(0));
    pinned(box, "a", box.kernel().rootGroup(), CpuSet.of(0));
    box.task("b", group, BUSY);
    at(box, 10 * MS, () -> accepted(cpusets.writeCpus(group, CpuSet.of(1))));
    box.run(32 * MS);
    assertThat(box.line(0, 2 * MS, 32 * MS)).isEqualTo("AABBAAAAAAAAAAAA");
    assertThat(box.line(1, 2 * MS, 32 * MS)).isEqualTo(".....BBBBBBBBBBB");
  }

  @Test
  void sleepingTask_whoseCpuIsTakenAway_wakesOnAnother() {
    LinuxBox box = new LinuxBox(2);
    Cpusets cpusets = box.kernel().cpusets();
    TaskGroup group = box.group("g", CpuSet.of(0));
    box.task("p", group, new WorkloadSpec.Periodic(4 * MS, 20 * MS, 0));
    at(box, 10 * MS, () -> accepted(cpusets.writeCpus(group, CpuSet.of(1))));
    box.run(60 * MS);
    assertThat(box.line(0, TICK, 60 * MS)).isEqualTo("P..............");
    assertThat(box.line(1, TICK, 60 * MS)).isEqualTo(".....P....P....");
  }

  @Test
  void parkedTask_whoseCpuIsTakenAway_waitsForItsQuotaElsewhere() {
    LinuxBox box = new LinuxBox(2);
    Cpusets cpusets = box.kernel().cpusets();
    Quota quota = new Quota(8 * MS, 40 * MS, 0, OptionalLong.of(0));
    TaskGroup group = box.group("g", quota);
    accepted(cpusets.writeCpus(group, CpuSet.of(0)));
    box.task("a", group, BUSY);
    at(box, 30 * MS, () -> accepted(cpusets.writeCpus(group, CpuSet.of(1))));
    Ledger ledger = box.run(2_000 * MS);
    assertThat(box.line(0, TICK, 100 * MS)).startsWith("AA").doesNotContain("AAAA");
    assertThat(box.line(1, TICK, 400 * MS)).contains("AA");
    assertThat(LinuxBox.share(ledger, "a", 2_000 * MS)).isCloseTo(0.2, within(0.01));
  }

  @Test
  void movedTasks_areSpreadRoundAndRoundFromCpu1() {
    LinuxBox box = new LinuxBox(4);
    Cpusets cpusets = box.kernel().cpusets();
    TaskGroup group = box.group("g", CpuSet.of(0));
    for (String name : List.of("a", "b", "c")) {
      box.task(name, group, BUSY);
    }
    at(box, 8 * MS, () -> accepted(cpusets.writeCpus(group, CpuSet.of(1, 2, 3))));
    box.run(20 * MS);
    assertThat(box.line(1, TICK, 20 * MS)).isEqualTo("..AAA");
    assertThat(box.line(2, TICK, 20 * MS)).isEqualTo("..BBB");
    assertThat(box.line(3, TICK, 20 * MS)).isEqualTo("..CCC");
  }

  @Test
  void affinity_narrowedByTheCpuset_isRemembered() {
    LinuxBox box = new LinuxBox(4);
    Cpusets cpusets = box.kernel().cpusets();
    TaskGroup group = box.group("g", CpuSet.of(0, 1, 2, 3));
    pinned(box, "a", group, CpuSet.of(3));
    at(box, 8 * MS, () -> accepted(cpusets.writeCpus(group, CpuSet.of(0, 1))));
    at(box, 16 * MS, () -> accepted(cpusets.writeCpus(group, CpuSet.of(0, 1, 2, 3))));
    box.run(24 * MS);
    assertThat(box.line(3, TICK, 24 * MS)).isEqualTo("AA..AA");
    assertThat(box.line(1, TICK, 24 * MS)).isEqualTo("..AA..");
  }

  @Test
  void affinity_before6_2_isForgottenWhenTheCpusetChanges() {
    LinuxBox box = new LinuxBox(4, config(KernelVersion.V6_1, CpusetVersion.V2), 1);
    Cpusets cpusets = box.kernel().cpusets();
    TaskGroup group = box.group("g", CpuSet.of(0, 1, 2, 3));
    pinned(box, "a", group, CpuSet.of(3));
    at(box, 8 * MS, () -> accepted(cpusets.writeCpus(group, CpuSet.of(0, 1))));
    at(box, 16 * MS, () -> accepted(cpusets.writeCpus(group, CpuSet.of(0, 1, 2, 3))));
    box.run(24 * MS);
    assertThat(box.line(3, TICK, 24 * MS)).isEqualTo("AA....");
    assertThat(box.line(1, TICK, 24 * MS)).isEqualTo("..AAAA");
  }

  @Test
  void v1Cpuset_narrowedAndWidened_movesItsTaskThereAndBack() {
    LinuxBox box = new LinuxBox(4, config(KernelVersion.V6_18, CpusetVersion.V1), 1);
    Cpusets cpusets = box.kernel().cpusets();
    TaskGroup group = box.group("g", 100);
    assertThat(group.cpus()).isEqualTo(CpuSet.range(0, 4));
    pinned(box, "a", group, CpuSet.of(3));
    at(box, 8 * MS, () -> accepted(cpusets.writeCpus(group, CpuSet.of(0, 1))));
    at(box, 16 * MS, () -> accepted(cpusets.writeCpus(group, CpuSet.of(0, 1, 2, 3))));
    box.run(24 * MS);
    assertThat(box.line(3, TICK, 24 * MS)).isEqualTo("AA..AA");
    assertThat(box.line(1, TICK, 24 * MS)).isEqualTo("..AA..");
  }

  @Test
  void v1Cpuset_thatLosesItsLastCpu_sendsItsTasksUpForGood() {
    LinuxBox box = new LinuxBox(4, config(KernelVersion.V6_18, CpusetVersion.V1), 1);
    Cpusets cpusets = box.kernel().cpusets();
    TaskGroup outer = box.group("g", CpuSet.of(0, 1));
    TaskGroup inner = box.group("g/i", outer, 100);
    accepted(cpusets.writeCpus(inner, CpuSet.of(1)));
    box.task("a", inner, BUSY);
    at(box, 8 * MS, () -> accepted(cpusets.setOnline(1, false)));
    at(box, 16 * MS, () -> accepted(cpusets.setOnline(1, true)));
    at(box, 20 * MS, () -> accepted(cpusets.writeCpus(outer, CpuSet.of(0, 1, 2))));
    at(box, 20 * MS, () -> accepted(cpusets.writeCpus(inner, CpuSet.of(2))));
    box.run(28 * MS);
    assertThat(box.line(1, TICK, 28 * MS)).isEqualTo("AA.....");
    assertThat(box.line(0, TICK, 28 * MS)).isEqualTo("..AAAAA");
    assertThat(inner.cpuset().taskCount()).isZero();
    assertThat(outer.cpuset().taskCount()).isOne();
  }

  @Test
  void v1Files_ofTheOtherVersion_areEnoent() {
    LinuxBox box = new LinuxBox(2, config(KernelVersion.V6_18, CpusetVersion.V1), 1);
    TaskGroup group = box.group("g", 100);
    assertThat(box.kernel().cpusets().writePartition(group, PartitionType.ROOT))
        .isInstanceOfSatisfying(
            CpusetResult.Refused.class,
            refused -> assertThat(refused.errno()).isEqualTo(Errno.ENOENT));
    TaskGroup other = new LinuxBox(2).group("g", 100);
    assertThat(new LinuxBox(2).kernel().cpusets().writeCpuExclusive(other, true).accepted())
        .isFalse();
  }

  @Test
  void setAffinity_outsideTheCpuset_isEinvalAndChangesNothing() {
    LinuxBox box = new LinuxBox(3);
    Cpusets cpusets = box.kernel().cpusets();
    TaskGroup group = box.group("g", CpuSet.of(0, 1));
    TaskControl task = pinned(box, "a", group, CpuSet.of(0));
    at(
        box,
        8 * MS,
        () ->
            assertThat(cpusets.setAffinity(task, CpuSet.of(2)))
                .isInstanceOfSatisfying(
                    CpusetResult.Refused.class,
                    refused -> assertThat(refused.errno()).isEqualTo(Errno.EINVAL)));
    at(box, 12 * MS, () -> accepted(cpusets.setAffinity(task, CpuSet.of(1, 2))));
    box.run(20 * MS);
    assertThat(box.line(0, TICK, 20 * MS)).isEqualTo("AAA..");
    assertThat(box.line(1, TICK, 20 * MS)).isEqualTo("...AA");
  }

  @Test
  void rootPartition_pushesOthersOutAndLetsNoneIn() {
    LinuxBox box = new LinuxBox(4);
    Cpusets cpusets = box.kernel().cpusets();
    TaskGroup own = box.group("own", CpuSet.of(2, 3));
    for (String name : List.of("a", "b", "c", "d")) {
      box.task(name, box.kernel().rootGroup(), BUSY);
    }
    at(box, 8 * MS, () -> accepted(cpusets.writePartition(own, PartitionType.ROOT)));
    Ledger ledger = box.run(400 * MS);
    assertThat(cpusets.sameDomain(0, 1)).isTrue();
    assertThat(cpusets.sameDomain(1, 2)).isFalse();
    assertThat(cpusets.balanceSpan(3)).hasToString("2-3");
    assertThat(own.cpuset().partition()).isEqualTo("root");
    for (int cpu : new int[] {2, 3}) {
      assertThat(box.line(cpu, TICK, 400 * MS).substring(2)).matches("\\.*");
    }
    double all = 0;
    for (String name : List.of("a", "b", "c", "d")) {
      all += LinuxBox.share(ledger, name, 400 * MS);
    }
    assertThat(all).isCloseTo(2 + 2 * 8 / 400.0, within(0.0001));
  }

  @Test
  void isolatedPartition_leavesTasksWhereTheyAre() {
    assertThat(secondCpuOf(PartitionType.ROOT)).contains("B");
    assertThat(secondCpuOf(PartitionType.ISOLATED)).matches("\\.*");
  }

  /// CPU 3 of a partition whose two tasks were both on CPU 2 when CPU 3 was added to them.
  private static String secondCpuOf(PartitionType type) {
    LinuxBox box = new LinuxBox(4);
    Cpusets cpusets = box.kernel().cpusets();
    TaskGroup own = box.group("own", CpuSet.of(2));
    accepted(cpusets.writePartition(own, type));
    box.task("a", own, BUSY);
    box.task("b", own, new WorkloadSpec.Periodic(10 * MS, 20 * MS, 0));
    at(box, 50 * MS, () -> accepted(cpusets.writeCpus(own, CpuSet.of(2, 3))));
    box.run(1_000 * MS);
    assertThat(own.cpuset().effective()).hasToString("2-3");
    return box.line(3, TICK, 1_000 * MS);
  }

  @Test
  void offlineCpu_runsNothingAndGetsItsPinnedTaskBack() {
    LinuxBox box = new LinuxBox(2);
    Cpusets cpusets = box.kernel().cpusets();
    pinned(box, "a", box.kernel().rootGroup(), CpuSet.of(1));
    at(box, 8 * MS, () -> accepted(cpusets.setOnline(1, false)));
    at(box, 16 * MS, () -> accepted(cpusets.setOnline(1, true)));
    box.run(24 * MS);
    assertThat(box.line(0, TICK, 24 * MS)).isEqualTo("..AA..");
    assertThat(box.line(1, TICK, 24 * MS)).isEqualTo("AA..AA");
  }

  @Test
  void moveTask_betweenGroups_changesCpusAndWeight() {
    LinuxBox box = new LinuxBox(2);
    Cpusets cpusets = box.kernel().cpusets();
    TaskGroup low = box.group("low", CpuSet.of(0));
    TaskGroup high = box.group("high", CpuSet.of(1));
    box.task("h", high, BUSY);
    TaskControl task = box.task("a", low, BUSY);
    at(box, 400 * MS, () -> accepted(cpusets.moveTask(task, high)));
    Ledger ledger = box.run(800 * MS);
    assertThat(box.line(0, TICK, 800 * MS).substring(100)).matches("\\.*");
    assertThat(LinuxBox.share(ledger, "a", 800 * MS)).isCloseTo(0.75, within(0.01));
    assertThat(low.cpuset().taskCount()).isZero();
    assertThat(high.cpuset().taskCount()).isEqualTo(2);
  }

  @Test
  void moveTask_withinItsCpus_keepsItsTurn() {
    LinuxBox box = new LinuxBox(1);
    Cpusets cpusets = box.kernel().cpusets();
    TaskGroup one = box.group("one", 100);
    TaskGroup two = box.group("two", 100);
    TaskControl task = box.task("a", one, BUSY);
    box.task("b", two, BUSY);
    at(box, 42 * MS, () -> accepted(cpusets.moveTask(task, two)));
    Ledger ledger = box.run(2_000 * MS);
    assertThat(box.line(0, TICK, 40 * MS)).isEqualTo("ABABABABAB");
    assertThat(LinuxBox.share(ledger, "a", 2_000 * MS)).isCloseTo(0.5, within(0.003));
  }

  @Test
  void moveTask_intoAGroupWithoutCpus_isEnospc() {
    LinuxBox box = new LinuxBox(4);
    Cpusets cpusets = box.kernel().cpusets();
    TaskGroup outer = box.group("outer", CpuSet.of(2, 3));
    TaskGroup inner = box.group("outer/inner", outer, 100);
    accepted(cpusets.writePartition(outer, PartitionType.ROOT));
    accepted(cpusets.writeCpus(inner, CpuSet.of(2, 3)));
    accepted(cpusets.writePartition(inner, PartitionType.ROOT));
    TaskControl task = box.task("a", box.kernel().rootGroup(), BUSY);
    assertThat(cpusets.moveTask(task, outer))
        .isInstanceOfSatisfying(
            CpusetResult.Refused.class,
            refused -> assertThat(refused.errno()).isEqualTo(Errno.ENOSPC));
    accepted(cpusets.moveTask(task, inner));
    box.run(8 * MS);
    assertThat(box.line(2, TICK, 8 * MS) + box.line(3, TICK, 8 * MS)).contains("AA");
  }

  /// Thousands of writes while tasks run, wait, sleep, are parked and delayed; the box audits every
  /// instant: no task outside its mask, no CPU idle beside a waiting task, lags cancel.
  @Test
  void randomWrites_whileTasksRun_keepEveryInvariant() {
    for (KernelVersion version : KernelVersion.values()) {
      for (CpusetVersion cpusets : CpusetVersion.values()) {
        for (int seed = 1; seed <= 3; seed++) {
          storm(version, cpusets, seed);
        }
      }
    }
  }

  private static LinuxConfig config(KernelVersion version, CpusetVersion cpusets) {
    return new LinuxConfig(
        version, 250, OptionalLong.empty(), false, PreemptModel.NONE, false, cpusets);
  }

  private static void storm(KernelVersion version, CpusetVersion cpusets, int seed) {
    LinuxBox box = new LinuxBox(4, config(version, cpusets), seed);
    RandomStream random = box.simulation().random().stream("storm/" + seed);
    List<TaskGroup> groups = new ArrayList<>();
    groups.add(box.kernel().rootGroup());
    groups.add(box.group("g0", new Quota(20 * MS, 50 * MS, 0, OptionalLong.of(0))));
    groups.add(box.group("g0/g1", groups.getLast(), 300));
    groups.add(box.group("g2", 50));
    groups.add(box.group("g2/g3", groups.getLast(), 100));
    List<TaskControl> tasks = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      TaskGroup group = groups.get(i % groups.size());
      WorkloadSpec work =
          i % 3 == 0 ? BUSY : new WorkloadSpec.Periodic((i + 1) * MS, 3 * (i + 1) * MS, i * MS);
      tasks.add(box.task("t" + i, group, work));
    }
    for (int i = 1; i <= 2_000; i++) {
      at(box, i * 700_000L, () -> write(box, random, groups, tasks));
    }
    Ledger ledger = box.run(1_500 * MS);
    double all = 0;
    for (int i = 0; i < 9; i++) {
      all += LinuxBox.share(ledger, "t" + i, 1_500 * MS);
    }
    assertThat(all).isBetween(1.0, 4.0);
  }

  private static void write(
      LinuxBox box, RandomStream random, List<TaskGroup> groups, List<TaskControl> tasks) {
    Cpusets cpusets = box.kernel().cpusets();
    TaskGroup group = groups.get((int) random.nextBelow(groups.size()));
    TaskControl task = tasks.get((int) random.nextBelow(tasks.size()));
    int from = (int) random.nextBelow(4);
    CpuSet list = CpuSet.range(from, from + (int) random.nextBelow(5 - from));
    switch ((int) random.nextBelow(7)) {
      case 0 -> cpusets.writeCpus(group, list);
      case 1 -> cpusets.writeExclusive(group, list);
      case 2 -> cpusets.writePartition(group, PartitionType.values()[(int) random.nextBelow(3)]);
      case 3 -> cpusets.moveTask(task, group);
      case 4 -> cpusets.setAffinity(task, list);
      case 5 -> cpusets.writeCpuExclusive(group, random.nextBelow(2) == 0);
      default -> cpusets.setOnline(from, random.nextBelow(3) > 0);
    }
  }
}
