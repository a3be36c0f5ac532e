package dev.stint.testkit.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.stats.Percentiles;
import dev.stint.model.stats.RunResult;
import dev.stint.model.workload.WorkloadSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Lock-holder preemption: parties that spin for one whose VP has lost its LP.
final class LockHolderTest {
  private static final long MS = 1_000_000L;

  private static PartitionSpec vm(String name, int vps, WorkloadSpec workload) {
    List<TaskSpec> tasks = new ArrayList<>();
    for (int i = 0; i < vps; i++) {
      tasks.add(
          new TaskSpec(
              name + i, "", 0, OptionalLong.empty(), Optional.of(CpuSet.of(i)), 0, workload));
    }
    return new PartitionSpec(
        name,
        PartitionKind.GUEST,
        vps,
        1,
        Controls.DEFAULT,
        Optional.empty(),
        "",
        List.of(),
        LinuxConfig.DEFAULT,
        List.of(),
        tasks,
        List.of());
  }

  /// Barrier phases in ten seconds: three spinning parties beside a busy VM, on two LPs.
  private static long phases(long longSpinNs, Assembly assembly) {
    Scenario scenario =
        new Scenario(
            "test",
            "",
            1,
            10_000 * MS,
            Machine.flat(2, 1),
            HypervisorConfig.DEFAULT.withLongSpin(longSpinNs),
            List.of(
                vm("team", 3, new WorkloadSpec.Barrier("b", MS, true)),
                vm("busy", 1, new WorkloadSpec.Busy())),
            List.of(assembly));
    RunResult result =
        Experiment.run(scenario, assembly, new RunOptions(false, Optional.empty(), _ -> {}));
    long phases = 0;
    for (var entity : result.entities()) {
      if (entity.path().startsWith("team/task:")) {
        phases += entity.metrics().getOrDefault("phase_ns", Percentiles.EMPTY).count();
      }
    }
    return phases;
  }

  @Test
  void hint_helpsTheHolder() {
    for (Assembly assembly : List.of(Assembly.CLASSIC, Assembly.CORE)) {
      long without = phases(0, assembly);
      long with = phases(MS / 10, assembly);
      assertThat(without).as("phases without the hint, %s", assembly).isPositive();
      assertThat(with).as("phases with it, %s", assembly).isGreaterThan(without * 3 / 2);
    }
  }

  /// Where a Linux schedules the VPs the hint ends a dispatch, and the driver dispatches again:
  /// READY with LONGSPINWAIT is one of the returns after which it only looks for work of its own.
  @Test
  void hint_whereLinuxSchedules_changesNothing() {
    for (Assembly assembly : List.of(Assembly.ROOT, Assembly.KVM, Assembly.CREDIT2)) {
      assertThat(phases(MS / 10, assembly)).as("%s", assembly).isEqualTo(phases(0, assembly));
    }
  }
}
