package dev.stint.testkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.linux.Quota;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.stats.Ledger;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.Metric;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.testkit.LinuxBox;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What one Linux does, drawn: a letter is 4 ms (one tick at HZ=250) unless said otherwise.
final class LinuxTimelineTest {
  private static final long MS = 1_000_000;
  private static final long TICK = 4 * MS;
  private static final WorkloadSpec BUSY = new WorkloadSpec.Busy();

  @Test
  void twoHogs_equalNice_alternateEveryTick() {
    LinuxBox box = new LinuxBox(1);
    box.task("a", 0, BUSY);
    box.task("b", 0, BUSY);
    box.run(48 * MS);
    assertThat(box.line(0, TICK, 48 * MS)).isEqualTo("ABABABABABAB");
  }

  @Test
  void twoHogs_nice0And5_runThreeTicksToOne() {
    LinuxBox box = new LinuxBox(1);
    box.task("a", 0, BUSY);
    box.task("b", 5, BUSY);
    Ledger ledger = box.run(10_000 * MS);
    assertThat(box.line(0, TICK, 64 * MS)).isEqualTo("ABAAABAAABAAABAA");
    assertThat(LinuxBox.share(ledger, "a", 10_000 * MS)).isCloseTo(1024 / 1359.0, within(0.001));
  }

  @Test
  void twoGroups_shares1To3_runOneTickToThree() {
    LinuxBox box = new LinuxBox(1);
    box.task("a", box.group("x", 100), BUSY);
    box.task("b", box.group("y", 300), BUSY);
    Ledger ledger = box.run(10_000 * MS);
    assertThat(LinuxBox.share(ledger, "a", 10_000 * MS)).isCloseTo(0.25, within(0.001));
    assertThat(box.line(0, TICK, 80 * MS)).endsWith("BBBABBBABBBABB");
  }

  @Test
  void sleeper_wakesBesideProtectedHog_waitsForTheTick() {
    LinuxBox box = new LinuxBox(1);
    box.task("h", 0, BUSY);
    box.task("p", 0, new WorkloadSpec.Periodic(MS, 20 * MS, 2 * MS));
    Ledger ledger = box.run(200 * MS);
    int sleeper = box.entities().find("task:p");
    assertThat(ledger.metric(sleeper, Metric.START_LATENCY).percentiles().maxNs())
        .isLessThanOrEqualTo(TICK);
    assertThat(ledger.waitNs(sleeper, WaitReason.GUEST_QUEUE)).isPositive();
  }

  @Test
  void shortSlice_wakesBesideHog_preemptsAtOnce() {
    LinuxBox box = new LinuxBox(1);
    box.task("h", 0, BUSY);
    box.task(
        "p",
        box.kernel().rootGroup(),
        0,
        OptionalLong.of(100_000),
        Optional.empty(),
        0,
        new WorkloadSpec.Periodic(MS / 2, 20 * MS, 6 * MS));
    Ledger ledger = box.run(2_000 * MS);
    int sleeper = box.entities().find("task:p");
    assertThat(ledger.metric(sleeper, Metric.START_LATENCY).percentiles().p50Ns()).isZero();
  }

  /// At 0.5 ms P, ahead of H, sleeps but stays on the queue, delayed. At 1.5 ms it is wanted again;
  /// H's last millisecond is not yet charged, so P still owes and keeps its place (v = 0.5 ms).
  /// Then the check at the wake-up charges H (v = 1 ms, V = 0.75 ms), which so is not eligible.
  @Test
  void delayedSleeper_wakes_competesBeforeTheHogIsCharged() {
    LinuxBox box = new LinuxBox(1);
    OptionalLong slice = OptionalLong.of(10 * MS);
    var root = box.kernel().rootGroup();
    var periodic = new WorkloadSpec.Periodic(MS / 2, 3 * MS / 2, 0);
    box.task("p", root, 0, slice, Optional.empty(), 0, periodic);
    box.task("h", root, 0, slice, Optional.empty(), 0, BUSY);
    box.run(4 * MS);
    assertThat(box.line(0, MS / 2, 4 * MS)).isEqualTo("PHHPHHHH");
  }

  @Test
  void quota_20Of100_runsInTicksAndOwesTheRest() {
    LinuxBox box = new LinuxBox(1);
    box.task("a", box.group("g", new Quota(20 * MS, 100 * MS, 0, OptionalLong.of(0))), BUSY);
    Ledger ledger = box.run(1_000 * MS);
    assertThat(box.line(0, TICK, 100 * MS)).isEqualTo("AAAAA....................");
    int task = box.entities().find("task:a");
    assertThat(ledger.waitNs(task, WaitReason.GUEST_THROTTLED)).isEqualTo(800 * MS);
    int rule = box.entities().find("quota:box/cgroup:g");
    assertThat(ledger.theftNs(task, WaitReason.GUEST_THROTTLED, rule)).isEqualTo(800 * MS);
    assertThat(box.kernel().groups().getFirst().bandwidth().throttledPeriodCount())
        .isBetween(9L, 10L);
  }

  @Test
  void quota_3Of10_averagesOutThoughEachRunIsATick() {
    LinuxBox box = new LinuxBox(1);
    box.task("a", box.group("g", new Quota(3 * MS, 10 * MS, 0, OptionalLong.of(1))), BUSY);
    Ledger ledger = box.run(10_000 * MS);
    assertThat(LinuxBox.share(ledger, "a", 10_000 * MS)).isCloseTo(0.30, within(0.002));
  }

  @Test
  void nestedQuotas_tighterAncestor_bindsAndIsNamed() {
    LinuxBox box = new LinuxBox(1);
    var outer = box.group("o", new Quota(20 * MS, 100 * MS, 0, OptionalLong.of(0)));
    var inner =
        box.kernel()
            .createGroup(
                "o/i",
                outer,
                100,
                Optional.of(new Quota(60 * MS, 100 * MS, 0, OptionalLong.of(0))),
                Optional.empty());
    box.task("a", inner, BUSY);
    Ledger ledger = box.run(10_000 * MS);
    assertThat(LinuxBox.share(ledger, "a", 10_000 * MS)).isCloseTo(0.20, within(0.003));
    int task = box.entities().find("task:a");
    int rule = box.entities().find("quota:box/cgroup:o");
    assertThat(ledger.theftNs(task, WaitReason.GUEST_THROTTLED, rule))
        .isEqualTo(ledger.waitNs(task, WaitReason.GUEST_THROTTLED));
  }

  @Test
  void cpuset_confinesTasksWhileOtherCpusIdle() {
    LinuxBox box = new LinuxBox(2);
    var group = box.group("g", CpuSet.of(1));
    box.task("a", group, BUSY);
    box.task("b", group, BUSY);
    Ledger ledger = box.run(100 * MS);
    assertThat(box.line(0, TICK, 100 * MS)).doesNotContain("A", "B");
    assertThat(LinuxBox.share(ledger, "a", 100 * MS)).isCloseTo(0.5, within(0.05));
  }

  @Test
  void sleeperOnBusyCpu_wakesOnIdleSibling() {
    LinuxBox box = new LinuxBox(2);
    box.task("h", 0, BUSY);
    box.task("p", 0, new WorkloadSpec.Periodic(MS, 10 * MS, MS));
    Ledger ledger = box.run(1_000 * MS);
    int sleeper = box.entities().find("task:p");
    assertThat(ledger.metric(sleeper, Metric.START_LATENCY).percentiles().maxNs()).isZero();
  }

  @Test
  void newlyIdleCpu_pullsAWaitingTask() {
    LinuxBox box = new LinuxBox(2);
    box.task("a", 0, BUSY);
    box.task("b", 0, new WorkloadSpec.Batch(40 * MS));
    box.task("c", 0, BUSY);
    Ledger ledger = box.run(1_000 * MS);
    long waited =
        ledger.waitNs(box.entities().find("task:a"), WaitReason.GUEST_QUEUE)
            + ledger.waitNs(box.entities().find("task:c"), WaitReason.GUEST_QUEUE);
    assertThat(waited).isLessThan(100 * MS);
  }

  @Test
  void pingPong_oneCpu_alternatesWithoutIdling() {
    LinuxBox box = new LinuxBox(1);
    box.task("a", 0, new WorkloadSpec.PingPong("x", MS));
    box.task("b", 0, new WorkloadSpec.PingPong("x", MS));
    Ledger ledger = box.run(20 * MS);
    assertThat(box.line(0, MS, 20 * MS)).isEqualTo("ABABABABABABABABABAB");
    assertThat(ledger.blockedNs(box.entities().find("cpu0"))).isZero();
  }

  @Test
  void barrier_blockingParties_workTogether() {
    LinuxBox box = new LinuxBox(2);
    box.task("a", 0, new WorkloadSpec.Barrier("x", 3 * MS, false));
    box.task("b", 0, new WorkloadSpec.Barrier("x", MS, false));
    Ledger ledger = box.run(30 * MS);
    assertThat(box.line(0, MS, 12 * MS)).isEqualTo("AAAAAAAAAAAA");
    assertThat(box.line(1, MS, 12 * MS)).isEqualTo("B..B..B..B..");
    assertThat(ledger.metric(box.entities().find("task:a"), Metric.PHASE).percentiles().maxNs())
        .isEqualTo(3 * MS);
  }

  @Test
  void barrier_spinningParty_burnsItsCpu() {
    LinuxBox box = new LinuxBox(2);
    box.task("a", 0, new WorkloadSpec.Barrier("x", 3 * MS, true));
    box.task("b", 0, new WorkloadSpec.Barrier("x", MS, true));
    Ledger ledger = box.run(30 * MS);
    int spinner = box.entities().find("task:b");
    assertThat(ledger.runNs(spinner)).isEqualTo(30 * MS);
    assertThat(ledger.metric(spinner, Metric.SPIN).percentiles().p50Ns())
        .isCloseTo(2 * MS, within(16_000L));
  }
}
