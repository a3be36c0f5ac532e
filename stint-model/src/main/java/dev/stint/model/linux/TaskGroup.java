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

  private final LinuxKernel kernel;

  /// Its queue on each CPU, null where it has none yet.
  private final @Nullable FairQueue[] queues;

  /// Its place among its parent's children.
  private final int order;

  /// The weight of an entity that nothing has been queued below yet.
  private final long firstWeight;

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
    this.kernel = kernel;
    firstWeight = sharesWeight;
    queues = new FairQueue[kernel.cpuCount()];
    order = parent == null ? 0 : parent.children.size();
    if (parent != null) {
      announce(parent);
      parent.children.add(this);
    }
    bandwidth = new Bandwidth(kernel, this, quota);
  }

  // --- Its queues ---

  /*
   * A host has hundreds of CPUs and may have thousands of groups, of which each uses few CPUs: a
   * queue is made when something first needs it. Until then it would not change, but for two
   * things. Its entity, though without load, starts the sums of the queue above (announce), so a
   * group with children has all its queues; and throttling above stops its clock, so then it is
   * made. The load of a queue made during the run could not be that of one that was there from the
   * start, so a group made during the run has all queues at once.
   */

  private void announce(TaskGroup above) {
    for (int cpu = 0; cpu < queues.length; cpu++) {
      QueueLoad load = above.queue(cpu).load;
      if (kernel.simulation.nowNs() == 0) {
        load.announceGroup(Weights.down(firstWeight));
      } else {
        load.attachGroup(ownEntity(queue(cpu)), kernel.simulation.nowNs());
      }
    }
  }

  private static Entity ownEntity(FairQueue queue) {
    Entity own = queue.ownEntity;
    if (own == null) {
      throw new IllegalStateException("the root group has no entity");
    }
    return own;
  }

  /// Its queue on a CPU, made if need be.
  FairQueue queue(int cpu) {
    FairQueue queue = queues[cpu];
    return queue != null ? queue : make(cpu);
  }

  private FairQueue make(int cpu) {
    Runqueue runqueue = kernel.runqueue(cpu);
    FairQueue made = new FairQueue(runqueue, this);
    queues[cpu] = made;
    if (parent != null) {
      FairQueue above = parent.queue(cpu);
      Entity entity = new Entity(null, made, above);
      entity.setWeight(firstWeight, Weights.inverseOf(firstWeight));
      entity.sliceNs = kernel.baseSliceNs;
      made.ownEntity = entity;
      above.load.attachAnnounced(entity);
      above.addBelow(made);
    }
    return made;
  }

  /// Gives the root group its queue on a CPU.
  void rootQueue(int cpu, FairQueue queue) {
    queues[cpu] = queue;
  }

  /// The queues made so far, in the order of their CPUs.
  List<FairQueue> madeQueues() {
    List<FairQueue> made = new ArrayList<>();
    for (FairQueue queue : queues) {
      if (queue != null) {
        made.add(queue);
      }
    }
    return made;
  }

  /// Makes the queues of all CPUs.
  List<FairQueue> allQueues() {
    for (int cpu = 0; cpu < queues.length; cpu++) {
      queue(cpu);
    }
    return madeQueues();
  }

  /// Its place among its parent's children.
  int order() {
    return order;
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
      sum += queue == null ? 0 : queue.throttledHierarchyNs;
    }
    return sum;
  }

  /// What its CPUs hold of its run time, less what they owe.
  long localRuntimeNs() {
    long sum = 0;
    for (FairQueue queue : queues) {
      sum += queue == null ? 0 : queue.runtimeRemainingNs;
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
    kernel.idleClassUsed |= idle;
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
    for (int cpu = 0; cpu < queues.length; cpu++) {
      FairQueue queue = queues[cpu];
      if (queue == null && parent != null) {
        queue = parent.queue(cpu); // nothing is queued below: only the weights above may change
      }
      for (Entity entity = queue == null ? null : queue.ownEntity;
          entity != null;
          entity = entity.parent()) {
        kernel.runqueue(cpu).fair.updateGroupWeight(entity, nowNs);
      }
    }
  }

  @Override
  public String toString() {
    return path;
  }
}
