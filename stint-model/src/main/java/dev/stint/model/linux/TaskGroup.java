package dev.stint.model.linux;

import dev.stint.model.linux.cpuset.Cpuset;
import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A cgroup with the cpu and cpuset controllers: weight, bandwidth limit and CPUs, and on every CPU
/// a queue of its members (`struct task_group`).
public final class TaskGroup {
  private final int id;
  private final String path;
  private final @Nullable TaskGroup parent;
  private final Cpuset cpuset;

  /// Internal weight of the whole group: 1,024 x shares.
  long sharesWeight;

  private boolean idle;

  /// Its queue on each CPU; the root group's are made by the runqueues.
  final FairQueue[] queues;

  final List<TaskGroup> children = new ArrayList<>();
  final Bandwidth bandwidth;

  /// Sum over CPUs of the load that each last published (`task_group.load_avg`).
  long loadAvg;

  /// Where ticks found its tasks and those below.
  final GroupTimes times = new GroupTimes();

  TaskGroup(
      LinuxKernel kernel,
      int id,
      String path,
      @Nullable TaskGroup parent,
      GroupWeight weight,
      Optional<Quota> quota,
      Cpuset cpuset) {
    this.id = id;
    this.path = path;
    this.parent = parent;
    sharesWeight = Weights.ofShares(weight.shares());
    idle = weight instanceof GroupWeight.Idle;
    kernel.idleClassUsed |= idle;
    this.cpuset = cpuset;
    queues = new FairQueue[kernel.cpuCount()];
    for (int cpu = 0; parent != null && cpu < queues.length; cpu++) {
      queues[cpu] = new FairQueue(kernel.runqueue(cpu), this);
      Entity entity = new Entity(null, queues[cpu], parent.queues[cpu]);
      entity.setWeight(sharesWeight, Weights.inverseOf(sharesWeight));
      entity.sliceNs = kernel.baseSliceNs;
      queues[cpu].ownEntity = entity;
      entity.queue.load.attachGroup(entity, kernel.simulation.nowNs());
    }
    bandwidth = new Bandwidth(kernel, this, quota);
    if (parent != null) {
      parent.children.add(this);
    }
  }

  /// Its entity id.
  public int id() {
    return id;
  }

  /// `cpuset.cpus.effective`.
  public CpuSet cpus() {
    return cpuset.effective();
  }

  /// Its cpuset files; changed through [LinuxKernel#cpusets()].
  public Cpuset cpuset() {
    return cpuset;
  }

  /// Its bandwidth limit and the counters of cpu.stat.
  public Bandwidth bandwidth() {
    return bandwidth;
  }

  /// `cpu.stat.local`: time its queues were throttled, by its own limit or one above, with a task
  /// parked, summed over CPUs.
  public long throttledNs() {
    long sum = 0;
    for (FairQueue queue : queues) {
      sum += queue.throttledHierarchyNs;
    }
    return sum;
  }

  /// Whether this is `other` or below it.
  boolean isWithin(TaskGroup other) {
    return this == other || (parent != null && parent.isWithin(other));
  }

  @Nullable TaskGroup parent() {
    return parent;
  }

  /// Whether `cpu.idle` is 1.
  public boolean idle() {
    return idle;
  }

  /// Writes `cpu.weight`, `cpu.weight.nice` or 1 to `cpu.idle`. The kernel refuses a weight while
  /// the group is idle (EINVAL): an IllegalStateException.
  public void write(GroupWeight weight, long nowNs) {
    boolean toIdle = weight instanceof GroupWeight.Idle;
    if (idle && !toIdle) {
      throw new IllegalStateException("EINVAL: " + path + " has cpu.idle 1 and takes no weight");
    }
    idle = toIdle;
    queues[0].runqueue.kernel.idleClassUsed |= idle;
    changeShares(weight.shares(), nowNs);
  }

  /// Writes 0 to `cpu.idle`: an idle group gets the default weight.
  public void clearIdle(long nowNs) {
    if (idle) {
      idle = false;
      changeShares(GroupWeight.DEFAULT.shares(), nowNs);
    }
  }

  /// Every CPU's part of the group, and of those above, is weighed anew
  /// (`__sched_group_set_shares`).
  private void changeShares(long shares, long nowNs) {
    sharesWeight = Weights.ofShares(shares);
    for (FairQueue queue : queues) {
      for (Entity entity = queue.ownEntity; entity != null; entity = entity.parent()) {
        queue.runqueue.fair.updateGroupWeight(entity, nowNs);
      }
    }
  }

  @Override
  public String toString() {
    return path;
  }
}
