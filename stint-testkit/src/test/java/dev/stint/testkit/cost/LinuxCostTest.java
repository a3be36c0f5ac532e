package dev.stint.testkit.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.sched.Cost;
import dev.stint.model.sched.CostParameter;
import dev.stint.model.sched.Costs;
import dev.stint.model.stats.Ledger;
import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.testkit.LinuxBox;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What each cost of one Linux does to a schedule.
class LinuxCostTest {
  private static final long US = 1_000;
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;
  private static final WorkloadSpec BUSY = new WorkloadSpec.Busy();

  private static final class Run {
    final LinuxBox box;
    final CostLog log;

    Run(int cpus, Costs costs) {
      LinuxConfig config = new LinuxConfig(KernelVersion.V6_18, 250, OptionalLong.empty(), false);
      box = new LinuxBox(cpus, config, 1);
      log = new CostLog(box.entities());
      box.watch(log);
      box.kernel().charge(costs);
    }

    Ledger run(long durationNs) {
      box.at(durationNs, now -> box.kernel().settleCosts(now));
      return box.run(durationNs);
    }

    int id(String task) {
      return box.entities().find("task:" + task);
    }
  }

  private static Costs only(CostParameter parameter, long ns) {
    return Costs.NONE.with(parameter, Cost.fixed(ns));
  }

  /// A new task chooses its first action when it has paid; one that computes goes on by itself.
  @Test
  void switch_costs100us_isPaidFirstAndHeldByThePayer() {
    Run run = new Run(1, only(CostParameter.CONTEXT_SWITCH, 100 * US));
    run.box.task("a", 0, BUSY);
    run.box.task("b", 0, BUSY);
    Ledger ledger = run.run(16 * MS);
    assertThat(run.box.line(0, MS, 16 * MS)).isEqualTo("AAAABBBBAAAABBBB");
    assertThat(run.log.lines())
        .containsExactly(
            "100us task:a context-switch 100us",
            "4.1ms task:b context-switch 100us",
            "12ms task:a context-switch 100us",
            "16ms task:b context-switch 100us");
    assertThat(ledger.heldNs(run.id("a"))).isEqualTo(8 * MS);
    assertThat(ledger.runNs(run.id("a"))).isEqualTo(8 * MS - 200 * US);
    assertThat(ledger.overheadNs(0, CostKind.CONTEXT_SWITCH)).isZero();
    int cpu = run.box.entities().find("cpu0");
    assertThat(ledger.runNs(cpu)).isEqualTo(16 * MS - 400 * US);
    assertThat(ledger.overheadNs(cpu, CostKind.CONTEXT_SWITCH)).isEqualTo(400 * US);
  }

  /// Of every s = 4 ms, c is lost: throughput is (s - c) / s, and its parts are still equal.
  @Test
  void twoHogs_sliceSAndCostC_progressBySMinusCOfS() {
    for (long cost : new long[] {1_500, 40_000, 2 * MS}) {
      Run run = new Run(1, only(CostParameter.CONTEXT_SWITCH, cost));
      run.box.task("a", 0, BUSY);
      run.box.task("b", 0, BUSY);
      Ledger ledger = run.run(10 * SECOND);
      long switches = ledger.dispatches(run.id("a")) + ledger.dispatches(run.id("b"));
      assertThat(switches).as("the last one at the end").isEqualTo(2_501);
      long progress = ledger.runNs(run.id("a")) + ledger.runNs(run.id("b"));
      assertThat(progress).isEqualTo(10 * SECOND / (4 * MS) * (4 * MS - cost));
      assertThat(ledger.runNs(run.id("a"))).isEqualTo(progress / 2);
    }
  }

  @Test
  void periodicAlone_switchCosts50us_startsSoMuchLater() {
    Run run = new Run(1, only(CostParameter.CONTEXT_SWITCH, 50 * US));
    run.box.task("a", 0, new WorkloadSpec.Periodic(2 * MS, 10 * MS, MS));
    Ledger ledger = run.run(SECOND);
    int a = run.id("a");
    assertThat(ledger.metric(a, Metric.START_LATENCY).percentiles().minNs()).isEqualTo(50 * US);
    assertThat(ledger.metric(a, Metric.START_LATENCY).percentiles().maxNs()).isEqualTo(50 * US);
    assertThat(ledger.metric(a, Metric.RESPONSE).percentiles().p50Ns()).isEqualTo(2_050 * US);
    assertThat(ledger.wakeLatency(a).percentiles().maxNs()).isZero();
    assertThat(ledger.runNs(a)).isEqualTo(100 * 2 * MS);
    // Its first switch, at 0, finds that the first release is at 1 ms.
    assertThat(ledger.overheadNs(a, CostKind.CONTEXT_SWITCH)).isEqualTo(101 * 50 * US);
  }

  @Test
  void tick_costs10us_delaysTheRunningTask() {
    Run run = new Run(1, only(CostParameter.TICK, 10 * US));
    run.box.task("a", 0, new WorkloadSpec.Batch(20 * MS));
    Ledger ledger = run.run(SECOND);
    // Ticks at 4, 8, 12, 16 and 20 ms: it would have ended at the fifth, but is 40 us late.
    assertThat(run.log.lines())
        .containsExactly(
            "8ms task:a tick 10us",
            "12ms task:a tick 10us",
            "16ms task:a tick 10us",
            "20ms task:a tick 10us",
            "20.05ms task:a tick 10us");
    assertThat(ledger.runNs(run.id("a"))).isEqualTo(20 * MS);
  }

  @Test
  void ipi_costs30us_isPaidByTheWokenCpu() {
    Run run = new Run(2, only(CostParameter.IPI, 30 * US));
    CpuSet one = CpuSet.of(0);
    CpuSet other = CpuSet.of(1);
    WorkloadSpec pass = new WorkloadSpec.PingPong("x", 100 * US);
    run.box.task("a", run.box.kernel().rootGroup(), 0, none(), Optional.of(one), 0, pass);
    run.box.task("b", run.box.kernel().rootGroup(), 0, none(), Optional.of(other), 0, pass);
    run.run(MS);
    assertThat(run.log.lines()).isNotEmpty().allMatch(line -> line.endsWith(" ipi 30us"));
    // One begins; each pass then takes an interrupt and the work: 130 us.
    assertThat(run.log.lines()).contains("260us task:a ipi 30us", "390us task:b ipi 30us");
  }

  private static OptionalLong none() {
    return OptionalLong.empty();
  }

  @Test
  void refill_growsWithOthersTimeUntilSaturation() {
    Costs costs =
        only(CostParameter.CACHE_CORE, 80 * US)
            .with(CostParameter.CACHE_SATURATION, Cost.fixed(8 * MS));
    Run run = new Run(1, costs);
    run.box.task("a", 0, BUSY);
    run.box.task("b", 0, BUSY);
    run.box.task("p", 0, new WorkloadSpec.Periodic(MS, 40 * MS, 0));
    run.run(200 * MS);
    // Two hogs leave each other for 4 ms: half of what the caches hold is gone.
    assertThat(run.log.lines()).contains("20ms task:a cache-refill 40us");
    // A third task is away for longer than the saturation time: all of it is, and not more.
    assertThat(run.log.lines().stream().filter(line -> line.contains("task:p")).toList())
        .isNotEmpty()
        .allMatch(line -> line.endsWith("cache-refill 80us"));
  }

  @Test
  void refill_byDistance_chargesTheCacheLeft() {
    Costs costs =
        only(CostParameter.CACHE_LLC, 20 * US)
            .with(CostParameter.MIGRATION, Cost.fixed(3 * US))
            .with(CostParameter.CACHE_SATURATION, Cost.fixed(MS));
    Run run = new Run(2, costs);
    run.box.task("a", run.box.kernel().rootGroup(), 0, none(), Optional.empty(), 0, BUSY);
    run.box.task("b", run.box.kernel().rootGroup(), 0, none(), Optional.empty(), 0, BUSY);
    run.box.task("c", run.box.kernel().rootGroup(), 0, none(), Optional.empty(), 0, BUSY);
    Ledger ledger = run.run(SECOND);
    long moves = 0;
    long refill = 0;
    long migration = 0;
    for (String task : new String[] {"a", "b", "c"}) {
      moves += ledger.migrations(run.id(task));
      refill += ledger.overheadNs(run.id(task), CostKind.CACHE_REFILL);
      migration += ledger.overheadNs(run.id(task), CostKind.MIGRATION);
    }
    assertThat(moves).isPositive();
    assertThat(refill).isEqualTo(moves * 20 * US);
    assertThat(migration).isEqualTo(moves * 3 * US);
  }

  @Test
  void exponentialCost_hasItsMeanAndLeast_andDependsOnTheSeedOnly() {
    Costs costs = Costs.NONE.with(CostParameter.CONTEXT_SWITCH, new Cost(US, 3 * US));
    Run first = new Run(1, costs);
    first.box.task("a", 0, BUSY);
    first.box.task("b", 0, BUSY);
    Ledger ledger = first.run(20 * SECOND);
    int cpu = first.box.entities().find("cpu0");
    double mean = (double) ledger.overheadNs(cpu, CostKind.CONTEXT_SWITCH) / 5_000;
    // Standard error 2 us / sqrt(5,000) = 28 ns.
    assertThat(mean).isCloseTo(3_000.0, within(110.0));
    Run second = new Run(1, costs);
    second.box.task("a", 0, BUSY);
    second.box.task("b", 0, BUSY);
    second.run(20 * SECOND);
    assertThat(second.log.lines()).isEqualTo(first.log.lines());
  }
}
