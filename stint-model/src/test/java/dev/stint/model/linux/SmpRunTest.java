package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.sim.RandomStream;
import dev.stint.model.time.Time;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.model.workload.Workloads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class SmpRunTest {
  private static final WorkloadSpec HOG = new WorkloadSpec.Busy();

  private static Task start(SmpRig rig, String name, CpuSet cpus, long startNs, WorkloadSpec work) {
    return start(rig, name, rig.kernel.rootGroup(), cpus, startNs, work);
  }

  private static Task start(
      SmpRig rig, String name, TaskGroup group, CpuSet cpus, long startNs, WorkloadSpec work) {
    return (Task)
        rig.kernel.createTask(
            new TaskParameters(
                "task:" + name, EntityKind.TASK, 0, OptionalLong.empty(), Optional.of(cpus)),
            group,
            new Workloads(rig.simulation).program(work, "task:" + name, startNs),
            startNs);
  }

  /// A waiting task is pinned and the other one runs: only the stopper can help the idle CPU.
  @Test
  void runningTaskBesidePinnedOne_isPushedToTheIdleCpu() {
    SmpRig rig = new SmpRig(CpuTopology.flat(2, 1));
    Task free = start(rig, "free", CpuSet.range(0, 2), 0, HOG);
    Task pinned = start(rig, "pinned", CpuSet.of(0), Time.MS, HOG);
    rig.simulation.run(100 * Time.MS);
    assertThat(free.runqueue().cpu).isEqualTo(1);
    assertThat(free.progressNs(100 * Time.MS) + pinned.progressNs(100 * Time.MS))
        .isGreaterThan(160 * Time.MS);
  }

  /// Of two tasks on one CPU, one moves when the other CPU has finished its own.
  @Test
  void idleCpu_pullsAWaitingTask() {
    SmpRig rig = new SmpRig(CpuTopology.flat(2, 1));
    CpuSet both = CpuSet.range(0, 2);
    start(rig, "short", CpuSet.of(1), 0, new WorkloadSpec.Batch(50 * Time.MS));
    start(rig, "a", both, 0, HOG);
    start(rig, "b", both, 0, HOG);
    rig.simulation.run(200 * Time.MS);
    assertThat(rig.kernel.runqueue(0).queuedTaskCount).isEqualTo(1);
    assertThat(rig.kernel.runqueue(1).queuedTaskCount).isEqualTo(1);
  }

  /// A group's only task that is moved right after it came leaves nothing behind, though a CPU
  /// publishes a group's load no more than once in a millisecond.
  @Test
  void groupThatMovedAtOnce_load_isThatOfItsNewCpu() {
    SmpRig rig = new SmpRig(CpuTopology.flat(2, 1));
    LinuxKernel kernel = rig.kernel;
    TaskGroup group =
        kernel.createGroup("g", kernel.rootGroup(), 50, Optional.empty(), Optional.empty());
    Task mover = start(rig, "mover", group, CpuSet.range(0, 2), Time.SECOND, HOG);
    kernel.activate(mover, kernel.runqueue(0), true, 5 * Time.MS);
    kernel.runqueue(0).fair.dequeue(mover, FairClass.Dequeue.MOVE, 5 * Time.MS + 20 * Time.US);
    kernel.activate(mover, kernel.runqueue(1), false, 5 * Time.MS + 20 * Time.US);
    BlockedLoad.decay(kernel.runqueue(0), 50 * Time.MS);
    assertThat(group.queue(0).load.contribution).isZero();
    assertThat(group.loadAvg).isEqualTo(group.queue(1).load.contribution);
  }

  @Test
  void newTasks_idleMachine_spreadOverNodesCachesAndCores() {
    SmpRig rig = new SmpRig(CpuTopology.of(new Machine(2, 1, 2, 2, 2)));
    List<Task> tasks = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      tasks.add(start(rig, "T" + i, CpuSet.range(0, 16), i * Time.MS, HOG));
    }
    rig.simulation.run(20 * Time.MS);
    assertThat(tasks.stream().map(task -> task.runqueue().cpu / 2).distinct().count()).isEqualTo(8);
  }

  /// No CPU idles for long while another has a task that waits and may run there. The bound follows
  /// from the rules: the busy CPU's next tick kicks the idle one, whose domain is due at the latest
  /// after its longest interval; one attempt may fail since the task ran just before, and the next
  /// is due an interval later; each is rounded up to a tick.
  @Test
  void randomLoads_idleCpu_findsWaitingTasksWithinTheBound() {
    for (int seed = 1; seed <= 20; seed++) {
      int cpus = 2 + seed % 4;
      SmpRig rig = new SmpRig(CpuTopology.flat(cpus, 1), seed);
      RandomStream random = rig.simulation.random().stream("loads");
      for (int i = 0; i < 3 * cpus; i++) {
        start(
            rig,
            "T" + i,
            randomCpus(random, cpus),
            random.nextBelow(Time.SECOND),
            randomWork(random));
      }
      long tickNs = rig.kernel.tickNs;
      long intervalNs = (2 * cpus * Time.MS + tickNs - 1) / tickNs * tickNs;
      IdleWatch watch = new IdleWatch(rig.kernel);
      rig.simulation.afterEachInstant(() -> watch.look(rig.simulation.nowNs()));
      rig.simulation.afterEachInstant(rig.kernel::audit);
      rig.simulation.run(4 * Time.SECOND);
      assertThat(watch.longestNs)
          .as("seed %d", seed)
          .isLessThanOrEqualTo(2 * (tickNs + intervalNs));
    }
  }

  private static WorkloadSpec randomWork(RandomStream random) {
    long on = Time.MS / 10 + random.nextBelow(20 * Time.MS);
    long off = Time.MS / 10 + random.nextBelow(30 * Time.MS);
    return switch ((int) random.nextBelow(4)) {
      case 0 -> HOG;
      case 1 -> new WorkloadSpec.Batch(on * 20);
      case 2 -> new WorkloadSpec.Periodic(on, on + off, 0);
      default -> new WorkloadSpec.OnOff(on, off, 0);
    };
  }

  private static CpuSet randomCpus(RandomStream random, int cpus) {
    int first = (int) random.nextBelow(cpus);
    return random.nextBelow(2) == 0 ? CpuSet.range(0, cpus) : CpuSet.range(first, cpus);
  }

  /// How long at most a CPU idled while some other had a waiting task that may run there and that
  /// balancing could take (nothing else pinned stands in the way).
  private static final class IdleWatch {
    private final LinuxKernel kernel;
    private final long[] sinceNs;
    long longestNs;

    IdleWatch(LinuxKernel kernel) {
      this.kernel = kernel;
      sinceNs = new long[kernel.cpuCount()];
      Arrays.fill(sinceNs, -1);
    }

    void look(long nowNs) {
      for (int cpu = 0; cpu < sinceNs.length; cpu++) {
        if (!kernel.runqueue(cpu).idle() || !anyWaitsFor(cpu)) {
          sinceNs[cpu] = -1;
        } else if (sinceNs[cpu] < 0) {
          sinceNs[cpu] = nowNs;
        } else {
          longestNs = Math.max(longestNs, nowNs - sinceNs[cpu]);
        }
      }
    }

    private boolean anyWaitsFor(int cpu) {
      for (int other = 0; other < sinceNs.length; other++) {
        Runqueue busy = kernel.runqueue(other);
        for (Task task = busy.balance.tasks.oldest(); task != null; task = task.newer) {
          if (task != busy.current() && !task.entity.delayed && task.allowed.contains(cpu)) {
            return true;
          }
        }
      }
      return false;
    }
  }
}
