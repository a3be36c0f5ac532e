package dev.stint.peers;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.machine.Machine;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.workload.ReplayedJob;
import dev.stint.model.workload.WorkloadSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// The same in Stint: hosts of ten LPs, one after another; ten VMs of two VPs and four tasks on
/// each; 10 ms and 3 ms slices.
final class StintWorld {
  private static final long MS = 1_000_000;
  private static final int HOST_LPS = 10;
  private static final int VPS = 2;
  private static final int TASKS = 4;
  private static final int HZ = 250;
  private static final LinuxConfig LINUX =
      new LinuxConfig(KernelVersion.V6_18, HZ, OptionalLong.of(3 * MS), true);

  private StintWorld() {}

  /// Endless tasks, if `jobs` is 0, else so many jobs in each slot; returns how many of them ended.
  static long run(int vms, int jobs, double simulatedMs) {
    long completed = 0;
    for (int first = 0; first < vms; first += HOST_LPS) {
      List<PartitionSpec> guests = new ArrayList<>();
      for (int vm = first; vm < first + HOST_LPS; vm++) {
        List<TaskSpec> tasks = new ArrayList<>();
        for (int task = 0; task < TASKS; task++) {
          tasks.add(task("t" + task, 0, workload(vm * TASKS + task, jobs)));
        }
        guests.add(guest("vm" + vm, VPS, tasks));
      }
      RunResult result = run(Machine.flat(HOST_LPS, 1), guests, simulatedMs);
      for (EntityResult entity : result.entities()) {
        if (entity.kind() == EntityKind.TASK
            && entity.metrics().containsKey(Metric.RESPONSE.jsonName())) {
          completed += entity.metrics().get(Metric.RESPONSE.jsonName()).count();
        }
      }
    }
    return completed;
  }

  private static WorkloadSpec workload(int slot, int jobs) {
    if (jobs == 0) {
      return new WorkloadSpec.Busy();
    }
    List<ReplayedJob> all = new ArrayList<>();
    for (int number = 0; number < jobs; number++) {
      all.add(new ReplayedJob(0, Jobs.ms(Jobs.index(slot, number)) * MS));
    }
    return new WorkloadSpec.Replay(all);
  }

  /// What part of one LP a task of nice -5 gets beside one of nice 0.
  static double secondShare(double simulatedMs) {
    List<TaskSpec> tasks =
        List.of(
            task("first", 0, new WorkloadSpec.Busy()), task("second", -5, new WorkloadSpec.Busy()));
    RunResult result = run(Machine.flat(1, 1), List.of(guest("vm", 1, tasks)), simulatedMs);
    return result.entity("vm/task:second").orElseThrow().share();
  }

  private static RunResult run(Machine machine, List<PartitionSpec> guests, double simulatedMs) {
    Scenario scenario =
        new Scenario(
            "peers",
            "",
            1,
            (long) (simulatedMs * MS),
            machine,
            HypervisorConfig.DEFAULT,
            guests,
            List.of(Assembly.CORE));
    return Experiment.run(scenario, Assembly.CORE, RunOptions.DEFAULT);
  }

  private static PartitionSpec guest(String name, int vps, List<TaskSpec> tasks) {
    return new PartitionSpec(
        name,
        PartitionKind.GUEST,
        vps,
        1,
        Controls.DEFAULT,
        Optional.empty(),
        "",
        List.of(),
        LINUX,
        List.of(),
        tasks,
        List.of());
  }

  private static TaskSpec task(String name, int nice, WorkloadSpec workload) {
    return new TaskSpec(name, "", nice, OptionalLong.empty(), Optional.empty(), 0, workload);
  }
}
