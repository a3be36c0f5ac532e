package dev.stint.testkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.PreemptModel;
import dev.stint.model.linux.SchedulingAttributes;
import dev.stint.model.linux.SchedulingPolicy;
import dev.stint.model.linux.TaskGroup;
import dev.stint.model.linux.TaskParameters;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.stats.Ledger;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.testkit.LinuxBox;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Policies, idle groups, preemption models, autogroups and changes at run time, drawn.
final class PolicyTimelineTest {
  private static final long MS = 1_000_000;
  private static final long TICK = 4 * MS;
  private static final WorkloadSpec BUSY = new WorkloadSpec.Busy();
  private static final WorkloadSpec SLEEPER = new WorkloadSpec.Periodic(MS / 2, 20 * MS, 6 * MS);
  private static final SchedulingAttributes IDLE =
      new SchedulingAttributes(SchedulingPolicy.IDLE, 0, OptionalLong.empty());

  private static SchedulingAttributes shortSlice(SchedulingPolicy policy) {
    return new SchedulingAttributes(policy, 0, OptionalLong.of(100_000));
  }

  private static long p50StartNs(LinuxBox box, Ledger ledger, String task) {
    int id = box.entities().find("task:" + task);
    return ledger.metric(id, Metric.START_LATENCY).percentiles().p50Ns();
  }

  @Test
  void idleTask_besideNormal_getsThreeOf1027() {
    LinuxBox box = new LinuxBox(1);
    box.task("n", 0, BUSY);
    box.task("i", box.kernel().rootGroup(), IDLE, BUSY);
    Ledger ledger = box.run(100_000 * MS);
    assertThat(LinuxBox.share(ledger, "i", 100_000 * MS)).isCloseTo(3 / 1027.0, within(0.0002));
  }

  @Test
  void niceOfIdleTask_changesNothing() {
    assertThat(IDLE.withNice(-20).userWeight()).isEqualTo(3);
    assertThat(IDLE.withNice(19).userWeight()).isEqualTo(3);
  }

  @Test
  void normalSleeper_besideIdleHog_preemptsAtOnce() {
    LinuxBox box = new LinuxBox(1);
    box.task("h", box.kernel().rootGroup(), IDLE, BUSY);
    box.task("p", 0, SLEEPER);
    Ledger ledger = box.run(2_000 * MS);
    assertThat(p50StartNs(box, ledger, "p")).isZero();
  }

  @Test
  void normalSleeper_besideHogOfIdleGroup_preemptsAtOnce() {
    LinuxBox box = new LinuxBox(1);
    box.task("h", idleGroup(box, "i"), BUSY);
    box.task("p", box.group("g", 100), SLEEPER);
    Ledger ledger = box.run(2_000 * MS);
    assertThat(p50StartNs(box, ledger, "p")).isZero();
  }

  @Test
  void idleSleeper_besideNormalHog_waitsEvenWithAShortSlice() {
    LinuxBox box = new LinuxBox(1);
    box.task("h", 0, BUSY);
    box.task("p", box.kernel().rootGroup(), shortSlice(SchedulingPolicy.IDLE), SLEEPER);
    Ledger ledger = box.run(2_000 * MS);
    assertThat(p50StartNs(box, ledger, "p")).isPositive();
  }

  @Test
  void batchSleeper_withShortSlice_doesNotPreemptWhereANormalOneDoes() {
    long[] p50 = new long[2];
    for (SchedulingPolicy policy :
        new SchedulingPolicy[] {SchedulingPolicy.NORMAL, SchedulingPolicy.BATCH}) {
      LinuxBox box = new LinuxBox(1);
      box.task("h", 0, BUSY);
      box.task("p", box.kernel().rootGroup(), shortSlice(policy), SLEEPER);
      Ledger ledger = box.run(2_000 * MS);
      p50[policy.ordinal()] = p50StartNs(box, ledger, "p");
    }
    assertThat(p50[SchedulingPolicy.NORMAL.ordinal()]).isZero();
    assertThat(p50[SchedulingPolicy.BATCH.ordinal()]).isBetween(1L, TICK);
  }

  @Test
  void batchAndNormalHogs_shareEqually() {
    LinuxBox box = new LinuxBox(1);
    box.task("n", 0, BUSY);
    SchedulingAttributes batch =
        new SchedulingAttributes(SchedulingPolicy.BATCH, 0, OptionalLong.empty());
    box.task("b", box.kernel().rootGroup(), batch, BUSY);
    box.run(32 * MS);
    assertThat(box.line(0, TICK, 32 * MS)).isEqualTo("NBNBNBNB");
  }

  private static TaskGroup idleGroup(LinuxBox box, String name) {
    return box.kernel()
        .createGroup(
            name,
            box.kernel().rootGroup(),
            new GroupWeight.Idle(),
            Optional.empty(),
            Optional.empty());
  }

  @Test
  void idleGroup_besideNormalGroup_getsThreeOf1027() {
    LinuxBox box = new LinuxBox(1);
    box.task("n", box.group("g", 100), BUSY);
    box.task("i", idleGroup(box, "i"), BUSY);
    Ledger ledger = box.run(100_000 * MS);
    assertThat(LinuxBox.share(ledger, "i", 100_000 * MS)).isCloseTo(3 / 1027.0, within(0.0002));
  }

  @Test
  void idleGroup_refusesAWeight_untilItIsNotIdle() {
    LinuxBox box = new LinuxBox(1);
    TaskGroup group = idleGroup(box, "i");
    assertThatThrownBy(() -> group.write(new GroupWeight.OfWeight(200), 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("EINVAL");
    group.clearIdle(0);
    assertThat(group.idle()).isFalse();
    group.write(new GroupWeight.OfWeight(200), 0);
  }

  @Test
  void groupOfWeightNice5_weighsAsATaskOfNice5() {
    LinuxBox box = new LinuxBox(1);
    box.task("a", 0, BUSY);
    TaskGroup group =
        box.kernel()
            .createGroup(
                "g",
                box.kernel().rootGroup(),
                new GroupWeight.OfNice(5),
                Optional.empty(),
                Optional.empty());
    box.task("b", group, BUSY);
    Ledger ledger = box.run(10_000 * MS);
    assertThat(LinuxBox.share(ledger, "b", 10_000 * MS)).isCloseTo(335 / 1359.0, within(0.001));
  }

  @ParameterizedTest
  @EnumSource(PreemptModel.class)
  void remoteWakeUp_ofAShortSlice_waitsForTheTickUnderLazyOnly(PreemptModel preempt) {
    LinuxBox box =
        new LinuxBox(
            2,
            new LinuxConfig(
                KernelVersion.V6_18, 250, OptionalLong.of(3 * MS), false, preempt, false),
            1);
    // W on CPU 0 wakes Q, whose slice is short, on CPU 1, where H computes.
    TaskControl[] woken = {program(box, "q", 1, 100_000, new Served())};
    program(
        box,
        "w",
        0,
        3 * MS,
        (task, now) -> {
          if (now % TICK == MS) {
            woken[0].signal(now, task.id());
          }
          task.sleepUntil(now / TICK * TICK + (now % TICK < MS ? MS : TICK + MS));
        });
    program(box, "h", 1, 3 * MS, (task, _) -> task.compute(TaskControl.FOREVER));
    box.run(16 * MS);
    String expected =
        switch (preempt) {
          case NONE, VOLUNTARY, FULL -> "HHQHHHHHHHQHHHHHHHQHHHHHHHQHHHHH";
          case LAZY -> "HHHHHHHHQHHHHHHHQHHHHHHHQHHHHHHH";
        };
    assertThat(box.line(1, MS / 2, 16 * MS)).isEqualTo(expected);
  }

  /// Computes half a millisecond at every signal.
  private static final class Served implements Program {
    private boolean signalled;

    @Override
    public void step(TaskControl task, long nowNs) {
      if (signalled) {
        task.compute(MS / 2);
      } else {
        task.block();
      }
      signalled = !signalled;
    }
  }

  @Test
  void lazyPreemption_ofHogs_actsAsNone() {
    LinuxBox box =
        new LinuxBox(
            1,
            new LinuxConfig(
                KernelVersion.V6_18, 250, OptionalLong.empty(), false, PreemptModel.LAZY, false),
            1);
    box.task("a", 0, BUSY);
    box.task("b", 5, BUSY);
    box.run(64 * MS);
    assertThat(box.line(0, TICK, 64 * MS)).isEqualTo("ABAAABAAABAAABAA");
  }

  @Test
  void lazyPreemption_before6_13_isRefused() {
    assertThatThrownBy(() ->
            new LinuxConfig(
                KernelVersion.V6_12, 250, OptionalLong.empty(), false, PreemptModel.LAZY, false))
        .hasMessageContaining("6.12 has no lazy preemption");
  }

  @Test
  void autogroup_sharesBetweenSessions_notBetweenTasks() {
    LinuxBox box =
        new LinuxBox(
            1,
            new LinuxConfig(
                KernelVersion.V6_18, 250, OptionalLong.empty(), false, PreemptModel.NONE, true),
            1);
    for (int i = 0; i < 4; i++) {
      session(box, "m" + i, "make");
    }
    session(box, "e", "editor");
    Ledger ledger = box.run(10_000 * MS);
    assertThat(LinuxBox.share(ledger, "e", 10_000 * MS)).isCloseTo(0.5, within(0.002));
    assertThat(LinuxBox.share(ledger, "m0", 10_000 * MS)).isCloseTo(0.125, within(0.002));
  }

  private static void session(LinuxBox box, String name, String session) {
    box.task(
        new TaskParameters(
            "task:" + name,
            EntityKind.TASK,
            SchedulingAttributes.DEFAULT,
            Optional.empty(),
            session),
        box.kernel().rootGroup(),
        0,
        BUSY);
  }

  @Test
  void renice_ofARunningAndAQueuedTask_changesSharesFromThenOn() {
    for (String target : new String[] {"a", "b"}) {
      LinuxBox box = new LinuxBox(1);
      TaskControl a = box.task("a", 0, BUSY);
      TaskControl b = box.task("b", 0, BUSY);
      TaskControl changed = target.equals("a") ? a : b;
      box.at(
          10_001 * MS,
          now ->
              box.kernel().setAttributes(changed, SchedulingAttributes.DEFAULT.withNice(5), now));
      Ledger ledger = box.run(20_000 * MS);
      double expected = (0.5 + 335 / 1359.0) / 2;
      assertThat(LinuxBox.share(ledger, target, 20_000 * MS)).isCloseTo(expected, within(0.001));
    }
  }

  @Test
  void weightOfAGroup_writtenWhileItRuns_changesSharesFromThenOn() {
    LinuxBox box = new LinuxBox(1);
    TaskGroup x = box.group("x", 100);
    box.task("a", x, BUSY);
    box.task("b", box.group("y", 100), BUSY);
    box.at(10_001 * MS, now -> x.write(new GroupWeight.OfWeight(300), now));
    Ledger ledger = box.run(20_000 * MS);
    assertThat(LinuxBox.share(ledger, "a", 20_000 * MS)).isCloseTo(0.625, within(0.001));
  }

  @Test
  void slice_setAtRunTime_letsTheTaskPreempt() {
    assertThat(longestWaitNs(false)).isPositive();
    assertThat(longestWaitNs(true)).isZero();
  }

  /// Of a sleeper that always wakes 0.3 ms after a tick, when the hog's deadline is the earlier.
  private static long longestWaitNs(boolean shortened) {
    LinuxBox box = new LinuxBox(1);
    box.task("h", 0, BUSY);
    TaskControl sleeper =
        box.task("p", 0, new WorkloadSpec.Periodic(MS / 10, 20 * MS, 4 * MS + MS * 3 / 10));
    if (shortened) {
      box.at(
          MS, now -> box.kernel().setAttributes(sleeper, shortSlice(SchedulingPolicy.NORMAL), now));
    }
    Ledger ledger = box.run(1_000 * MS);
    int id = box.entities().find("task:p");
    return ledger.metric(id, Metric.START_LATENCY).percentiles().maxNs();
  }

  @Test
  void yielder_besideAHog_paysAWholeTickForEachYield() {
    LinuxBox box = new LinuxBox(1);
    box.task("h", 0, BUSY);
    program(
        box,
        "y",
        (task, _) -> {
          if (task.progressNs(0) % (2 * 10_000) == 0) {
            task.compute(10_000);
          } else {
            task.yieldProcessor();
          }
        });
    Ledger ledger = box.run(1_000 * MS);
    assertThat(LinuxBox.share(ledger, "h", 1_000 * MS)).isGreaterThan(0.9);
  }

  @Test
  void yieldTo_favoursTheTargetOverAnEarlierDeadline() {
    String[] lines = new String[2];
    for (int directed = 0; directed < 2; directed++) {
      boolean to = directed == 1;
      LinuxBox box = new LinuxBox(1);
      TaskControl[] target = new TaskControl[1];
      boolean[] done = new boolean[1];
      program(
          box,
          "y",
          (task, _) -> {
            if (task.progressNs(0) == 0) {
              task.compute(MS / 10);
            } else if (!done[0]) {
              done[0] = true;
              if (to) {
                task.yieldTo(target[0]);
              } else {
                task.yieldProcessor();
              }
            } else {
              task.compute(TaskControl.FOREVER);
            }
          });
      box.task("a", 0, BUSY);
      target[0] = box.task("b", 0, BUSY);
      box.run(16 * MS);
      lines[directed] = box.line(0, MS, 16 * MS);
    }
    assertThat(lines[0]).startsWith("YAAA");
    assertThat(lines[1]).startsWith("YBBB");
  }

  private static TaskControl program(LinuxBox box, String name, Program program) {
    return program(box, name, 0, box.kernel().baseSliceNs(), program);
  }

  private static TaskControl program(
      LinuxBox box, String name, int cpu, long sliceNs, Program program) {
    return box.kernel()
        .createTask(
            new TaskParameters(
                "task:" + name,
                EntityKind.TASK,
                0,
                OptionalLong.of(sliceNs),
                Optional.of(CpuSet.of(cpu))),
            box.kernel().rootGroup(),
            program,
            0);
  }

  @Test
  void child_startsWithItsParentsAttributes_asTheyAreAtTheFork() {
    LinuxBox box = new LinuxBox(1);
    TaskControl parent = box.task("p", 0, BUSY);
    box.at(
        10 * MS,
        now -> box.kernel().setAttributes(parent, SchedulingAttributes.DEFAULT.withNice(5), now));
    child(box, parent, "c", false);
    child(box, parent, "r", true);
    Ledger ledger = box.run(20_000 * MS);
    double each = LinuxBox.share(ledger, "c", 20_000 * MS);
    assertThat(each).isCloseTo(1 / 3.0, within(0.002));
    assertThat(LinuxBox.share(ledger, "r", 20_000 * MS)).isCloseTo(1 / 3.0, within(0.002));
  }

  @Test
  void resetOnFork_dropsSliceAndNegativeNice() {
    SchedulingAttributes parent =
        new SchedulingAttributes(SchedulingPolicy.BATCH, -5, OptionalLong.of(MS));
    assertThat(parent.ofChild(false)).isEqualTo(parent);
    assertThat(parent.ofChild(true))
        .isEqualTo(new SchedulingAttributes(SchedulingPolicy.BATCH, 0, OptionalLong.empty()));
  }

  private static void child(LinuxBox box, TaskControl parent, String name, boolean reset) {
    TaskParameters parameters =
        new TaskParameters(
            "task:" + name, EntityKind.TASK, 0, OptionalLong.empty(), Optional.empty());
    box.kernel()
        .createChild(
            parent,
            reset,
            parameters,
            box.kernel().rootGroup(),
            (task, _) -> task.compute(TaskControl.FOREVER),
            20 * MS);
  }
}
