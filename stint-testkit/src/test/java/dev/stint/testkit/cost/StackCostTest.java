package dev.stint.testkit.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.machine.Machine;
import dev.stint.model.sched.Cost;
import dev.stint.model.sched.CostParameter;
import dev.stint.model.sched.Costs;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.stack.Watch;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.CostKind;
import dev.stint.model.workload.WorkloadSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What the costs of the layers below do to the task on top.
class StackCostTest {
  private static final long US = 1_000;
  private static final long MS = 1_000_000;
  private static final long SECOND = 1_000 * MS;

  private final List<CostLog> logs = new ArrayList<>();

  private static PartitionSpec hog(String name) {
    return guest(name, new WorkloadSpec.Busy());
  }

  private static PartitionSpec guest(String name, WorkloadSpec busy) {
    TaskSpec task = new TaskSpec("t", "", 0, OptionalLong.empty(), Optional.empty(), 0, busy);
    return new PartitionSpec(
        name,
        PartitionKind.GUEST,
        1,
        1,
        Controls.DEFAULT,
        Optional.empty(),
        "",
        List.of(),
        LinuxConfig.DEFAULT,
        List.of(),
        List.of(task),
        List.of());
  }

  private RunResult run(Machine machine, Assembly assembly, Costs costs, PartitionSpec... guests) {
    Scenario free =
        new Scenario(
            "costs",
            "",
            1,
            SECOND,
            machine,
            HypervisorConfig.DEFAULT,
            List.of(guests),
            List.of(assembly));
    Scenario scenario = free.withCosts(costs);
    RunOptions options =
        new RunOptions(
            true,
            Optional.of(run -> {
              logs.add(new CostLog(run.entities()));
              return Watch.events(logs.getLast());
            }),
            _ -> {});
    return Experiment.run(scenario, assembly, options);
  }

  private static Costs only(CostParameter parameter, long ns) {
    return Costs.NONE.with(parameter, Cost.fixed(ns));
  }

  private static EntityResult entity(RunResult result, String path) {
    return result.entity(path).orElseThrow();
  }

  @Test
  void worldSwitch_costs1ms_isPaidByTheTaskOnTop_andLostByItsChain() {
    RunResult result =
        run(
            Machine.flat(1, 1),
            Assembly.CORE,
            only(CostParameter.WORLD_SWITCH, MS).with(CostParameter.FLUSH_VP, Cost.fixed(100 * US)),
            hog("a"),
            hog("b"));
    assertThat(logs.getFirst().lines())
        .startsWith(
            "11.1ms b/task:t world-switch 1ms",
            "11.1ms b/task:t speculation-flush 100us",
            "30ms a/task:t world-switch 1ms",
            "30ms a/task:t speculation-flush 100us",
            "40ms b/task:t world-switch 1ms");
    // 10 ms slices: 99 of 100 follow another guest's.
    EntityResult lp = entity(result, "lp0");
    assertThat(lp.overheadNs().get(CostKind.WORLD_SWITCH)).isEqualTo(99 * MS);
    assertThat(lp.overheadNs().get(CostKind.SPECULATION_FLUSH)).isEqualTo(99 * 100 * US);
    assertThat(lp.runNs()).isEqualTo(SECOND - 99 * 1_100 * US);
    for (String path : new String[] {"b/task:t", "b/vp0", "b"}) {
      EntityResult b = entity(result, path);
      assertThat(b.overheadNs().get(CostKind.WORLD_SWITCH)).as(path).isEqualTo(50 * MS);
      assertThat(b.runNs()).as(path).isEqualTo(500 * MS - 55 * MS);
      assertThat(b.share()).as(path).isEqualTo(0.5);
      assertThat(b.residualNs()).isZero();
    }
  }

  @Test
  void refill_afterAnothersSlice_isThatOfTheTimeAway() {
    Costs costs =
        only(CostParameter.CACHE_CORE, 80 * US)
            .with(CostParameter.CACHE_SATURATION, Cost.fixed(40 * MS));
    run(Machine.flat(1, 1), Assembly.CORE, costs, hog("a"), hog("b"));
    assertThat(logs.getFirst().lines())
        .startsWith("30ms a/task:t cache-refill 20us", "40ms b/task:t cache-refill 20us");
  }

  @Test
  void dispatch_underRoot_isPaidAtEveryTickAndSwitch() {
    Costs costs =
        only(CostParameter.DISPATCH, 10 * US).with(CostParameter.FLUSH_CALLER, Cost.fixed(US));
    RunResult alone = run(Machine.flat(1, 1), Assembly.ROOT, costs, hog("a"));
    // One dispatch at the start; each of the 249 ticks up to 996 ms ends one and begins another,
    // as does the one at the end, which is not paid any more.
    EntityResult task = entity(alone, "a/task:t");
    assertThat(task.overheadNs().get(CostKind.DISPATCH)).isEqualTo(250 * 10 * US);
    assertThat(task.overheadNs().get(CostKind.SPECULATION_FLUSH)).isEqualTo(250 * US);
    assertThat(entity(alone, "root/thread:a/vcpu0").overheadNs()).isEqualTo(task.overheadNs());
    assertThat(entity(alone, "lp0").overheadNs()).isEqualTo(task.overheadNs());
  }

  @Test
  void kvm_hasNoDispatchFlags() {
    Costs costs = only(CostParameter.FLUSH_CALLER, 100 * US);
    RunResult result = run(Machine.flat(1, 1), Assembly.KVM, costs, hog("a"));
    assertThat(entity(result, "lp0").overheadNs()).isEmpty();
  }

  @Test
  void siblings_bothBusy_progressByTheFactor_andBlameEachOther() {
    RunResult result =
        run(Machine.flat(1, 2), Assembly.CLASSIC, Costs.NONE.withSmt(650), hog("a"), hog("b"));
    for (String path : new String[] {"a/task:t", "a/vp0", "b/task:t", "lp0", "lp1"}) {
      EntityResult entity = entity(result, path);
      assertThat(entity.runNs()).as(path).isEqualTo(650 * MS);
      assertThat(entity.waitNs().get(WaitReason.SMT)).as(path).isEqualTo(350 * MS);
      assertThat(entity.share()).isEqualTo(1.0);
      assertThat(entity.residualNs()).isZero();
    }
    assertThat(logs.getFirst().lines())
        .containsExactlyInAnyOrder("1s a/task:t smt 350ms b/vp0", "1s b/task:t smt 350ms a/vp0");
    assertThat(result.theft())
        .anyMatch(theft ->
            theft.victim().equals("a/task:t")
                && theft.occupant().equals("b/vp0")
                && theft.reason() == WaitReason.SMT
                && theft.ns() == 350 * MS);
  }

  /// The order of R16 (sysbench on one core, events/s): alone 1307; both hardware threads 828 to
  /// 864; both tasks on one hardware thread 650.
  @Test
  void oneCore_aloneSharedOrOneThread_areInTheOrderOfR16() {
    Costs costs = Costs.TYPICAL;
    RunResult alone = run(Machine.flat(1, 2), Assembly.CLASSIC, costs, hog("a"));
    RunResult both = run(Machine.flat(1, 2), Assembly.CLASSIC, costs, hog("a"), hog("b"));
    RunResult noSmt = run(Machine.flat(1, 1), Assembly.CLASSIC, costs, hog("a"), hog("b"));
    double full = entity(alone, "a").runNs();
    assertThat(full / SECOND).isGreaterThan(0.998);
    assertThat(entity(both, "a").runNs() / full).isBetween(828.0 / 1307 - 0.01, 864.0 / 1307);
    assertThat(entity(noSmt, "a").runNs() / full).isCloseTo(650.0 / 1307, within(0.005));
  }

  @Test
  void sibling_thatComesAndGoes_slowsOnlyMeanwhile() {
    PartitionSpec other = guest("b", new WorkloadSpec.Batch(65 * MS));
    RunResult result =
        run(Machine.flat(1, 2), Assembly.CLASSIC, Costs.NONE.withSmt(650), hog("a"), other);
    // 65 ms of work take 100 ms beside a busy thread; then the other goes on alone.
    assertThat(logs.getFirst().lines())
        .containsExactlyInAnyOrder(
            "100ms b/task:t smt 35ms a/vp0", "100ms a/task:t smt 35ms b/vp0");
    assertThat(entity(result, "a").runNs()).isEqualTo(SECOND - 35 * MS);
  }

  @Test
  void signal_underRoot_delaysTheGuestsWakeUp() {
    PartitionSpec periodic = guest("a", new WorkloadSpec.Periodic(MS, 10 * MS, MS));
    RunResult result =
        run(Machine.flat(1, 1), Assembly.ROOT, only(CostParameter.SIGNAL, 200 * US), periodic);
    EntityResult task = entity(result, "a/task:t");
    assertThat(task.metrics().get("start_latency_ns").minNs()).isEqualTo(200 * US);
    assertThat(task.metrics().get("start_latency_ns").maxNs()).isEqualTo(200 * US);
    assertThat(task.waitNs().get(WaitReason.OVERHEAD_SIGNAL))
        .isGreaterThanOrEqualTo(100 * 200 * US);
    assertThat(entity(result, "lp0").runNs()).isEqualTo(100 * MS);
  }

  @Test
  void intercept_costsTheGuestTheWayThereAndBack() {
    PartitionSpec io = guest("a", new WorkloadSpec.Io(MS, 20 * US, 0));
    RunResult result =
        run(Machine.flat(1, 1), Assembly.ROOT, only(CostParameter.INTERCEPT, 10 * US), io);
    long paidNs = entity(result, "a/task:t").overheadNs().get(CostKind.INTERCEPT);
    // 1 ms of work, 20 us of the VMM, 10 us on the way: 1.03 ms each.
    assertThat(paidNs).isEqualTo(SECOND / (1_030 * US) * 10 * US);
  }
}
