package dev.stint.testkit.mshv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.kvm.KvmConfig;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
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
import dev.stint.model.stats.Theft;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.testkit.Timeline;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// A guest whose task needs its VMM: the VM's VP is `l1vh/vm/vp0`, drawn 0, and its vCPU thread is
/// confined to the L1VH's VP 1, drawn 1.
final class InterceptTimelineTest {
  private static final long US = 1_000;
  private static final long MS = 1_000_000;
  private static final String TASK = "l1vh/vm/task:t";
  private static final String THREAD = "l1vh/thread:vm/vcpu0";

  private Optional<Timeline> timeline = Optional.empty();

  private static TaskSpec task(String name, Optional<CpuSet> affinity, WorkloadSpec workload) {
    return new TaskSpec(name, "", 0, OptionalLong.empty(), affinity, 0, workload);
  }

  private static PartitionSpec guest(
      String name, List<CpuSet> affinity, Optional<CpuSet> lps, WorkloadSpec workload) {
    return new PartitionSpec(
        name,
        PartitionKind.GUEST,
        1,
        1,
        Controls.DEFAULT,
        lps,
        "",
        affinity,
        LinuxConfig.DEFAULT,
        List.of(),
        List.of(task("t", Optional.empty(), workload)),
        List.of());
  }

  private static PartitionSpec l1vh(List<TaskSpec> agents, WorkloadSpec workload) {
    return new PartitionSpec(
        "l1vh",
        PartitionKind.L1VH,
        2,
        1,
        Controls.DEFAULT,
        Optional.empty(),
        "",
        List.of(),
        LinuxConfig.DEFAULT,
        List.of(),
        agents,
        List.of(guest("vm", List.of(CpuSet.of(1)), Optional.empty(), workload)));
  }

  private RunResult run(Assembly assembly, int lps, long durationNs, PartitionSpec... partitions) {
    Scenario scenario =
        new Scenario(
            "test",
            "",
            1,
            durationNs,
            Machine.flat(lps, 1),
            HypervisorConfig.DEFAULT,
            Costs.NONE,
            KvmConfig.DEFAULT,
            List.of(),
            List.of(partitions),
            List.of(assembly));
    return Experiment.run(
        scenario,
        assembly,
        new RunOptions(
            true,
            Optional.of(run -> {
              Timeline drawn = new Timeline(run.entities());
              timeline = Optional.of(drawn);
              return Watch.events(drawn);
            }),
            _ -> {}));
  }

  private String line(String processor, long stepNs, long untilNs) {
    return timeline.orElseThrow().draw(processor, stepNs, untilNs);
  }

  private static EntityResult entity(RunResult result, String path) {
    return result.entity(path).orElseThrow();
  }

  private static long wait(RunResult result, String path, WaitReason reason) {
    return entity(result, path).waitNs().getOrDefault(reason, 0L);
  }

  private static long theft(RunResult result, String victim, WaitReason reason, String occupant) {
    return result.theft().stream()
        .filter(each -> each.victim().equals(victim) && each.occupant().equals(occupant))
        .filter(each -> each.reason() == reason)
        .mapToLong(Theft::ns)
        .sum();
  }

  private static final WorkloadSpec IO = new WorkloadSpec.Io(300 * US, 100 * US, 0);

  @Test
  void core_vmmRunsOnTheParentsVp_whileTheGuestsIsSuspended() {
    RunResult result = run(Assembly.CORE, 1, 4 * MS, l1vh(List.of(), IO));
    assertThat(line("lp0", 100 * US, 2 * MS)).isEqualTo("00010001000100010001");
    assertThat(line("l1vh/vp1", 100 * US, 2 * MS)).isEqualTo("...0...0...0...0...0");
    assertThat(entity(result, TASK).runNs()).isEqualTo(3 * MS);
    assertThat(wait(result, TASK, WaitReason.OVERHEAD_INTERCEPT)).isEqualTo(MS);
    assertThat(theft(result, TASK, WaitReason.OVERHEAD_INTERCEPT, THREAD)).isEqualTo(MS);
    assertThat(entity(result, THREAD).runNs()).isEqualTo(MS);
  }

  @Test
  void integrated_threadLeavesTheDispatch_andDoesTheWork() {
    RunResult result = run(Assembly.INTEGRATED, 1, 4 * MS, l1vh(List.of(), IO));
    assertThat(line("lp0", 100 * US, 2 * MS)).isEqualTo("1".repeat(20));
    assertThat(line("l1vh/vp1", 100 * US, 2 * MS)).isEqualTo("0".repeat(20));
    assertThat(entity(result, TASK).runNs()).isEqualTo(3 * MS);
    assertThat(wait(result, TASK, WaitReason.OVERHEAD_INTERCEPT)).isEqualTo(MS);
    assertThat(entity(result, THREAD).runNs()).isEqualTo(4 * MS);
    assertThat(entity(result, "l1vh/vm/vp0").dispatches())
        .as("one per access, the last at the very end")
        .isEqualTo(11);
  }

  @Test
  void device_taskBlocksUntilItsInterrupt() {
    WorkloadSpec io = new WorkloadSpec.Io(300 * US, 100 * US, 100 * US);
    RunResult core = run(Assembly.CORE, 1, 4 * MS, l1vh(List.of(), io));
    assertThat(line("lp0", 100 * US, 2 * MS)).isEqualTo("0001.0001.0001.0001.");
    assertThat(entity(core, TASK).blockedNs()).isEqualTo(800 * US);
    assertThat(entity(core, TASK).metrics().get("response_ns").maxNs()).isEqualTo(200 * US);
    RunResult integrated = run(Assembly.INTEGRATED, 1, 4 * MS, l1vh(List.of(), io));
    assertThat(line("lp0", 100 * US, 2 * MS)).isEqualTo("1111.1111.1111.1111.");
    assertThat(entity(integrated, TASK).blockedNs()).isEqualTo(800 * US);
  }

  @Test
  void core_parentsVpWaitsForAnLp_isBlamedOnTheHypervisor() {
    PartitionSpec neighbour = guest("n", List.of(), Optional.empty(), new WorkloadSpec.Busy());
    RunResult result = run(Assembly.CORE, 1, 100 * MS, l1vh(List.of(), IO), neighbour);
    assertThat(wait(result, TASK, WaitReason.OVERHEAD_INTERCEPT))
        .isEqualTo(entity(result, THREAD).runNs());
    assertThat(theft(result, TASK, WaitReason.HYPERVISOR_WAIT, "n/vp0"))
        .as("whenever the neighbour runs, the VMM's VP or the guest's own waits for it")
        .isEqualTo(entity(result, "n/vp0").runNs())
        .isGreaterThan(40 * MS);
    assertThat(wait(result, TASK, WaitReason.VMM_QUEUE)).isZero();
  }

  @Test
  void parentsTask_beforeTheVmm_isBlamedOnItsQueue() {
    TaskSpec agent = task("a", Optional.of(CpuSet.of(1)), new WorkloadSpec.Busy());
    RunResult integrated = run(Assembly.INTEGRATED, 2, 100 * MS, l1vh(List.of(agent), IO));
    assertThat(theft(integrated, TASK, WaitReason.VMM_QUEUE, "l1vh/task:a"))
        .as("agent and thread share the CPU evenly")
        .isBetween(48 * MS, 52 * MS);
    RunResult core = run(Assembly.CORE, 2, 100 * MS, l1vh(List.of(agent), IO));
    assertThat(entity(core, THREAD).runNs())
        .isEqualTo(wait(core, TASK, WaitReason.OVERHEAD_INTERCEPT));
  }

  @Test
  void guestWithoutModelledParent_isHandledOutside() {
    PartitionSpec alone = guest("n", List.of(), Optional.empty(), IO);
    RunResult result = run(Assembly.CORE, 1, 4 * MS, alone);
    assertThat(line("lp0", 100 * US, MS)).isEqualTo("000.000.00");
    assertThat(theft(result, "n/task:t", WaitReason.OVERHEAD_INTERCEPT, "idle")).isEqualTo(MS);
  }

  @Test
  void kvm_threadHandlesItInUserSpace() {
    RunResult result = run(Assembly.KVM, 1, 4 * MS, guest("n", List.of(), Optional.empty(), IO));
    assertThat(entity(result, "n/task:t").runNs()).isEqualTo(3 * MS);
    assertThat(wait(result, "n/task:t", WaitReason.OVERHEAD_INTERCEPT)).isEqualTo(MS);
  }
}
