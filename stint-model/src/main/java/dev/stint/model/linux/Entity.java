package dev.stint.model.linux;

import org.jspecify.annotations.Nullable;

/// What the fair class schedules: a task, or a task group on one CPU (`struct sched_entity`).
final class Entity {
  /// The task, or null for a group.
  final @Nullable Task task;

  /// The group's own queue below this entity, or null for a task.
  final @Nullable FairQueue childQueue;

  /// The queue that this entity competes on; changes when a task migrates or changes group.
  FairQueue queue;

  long weight;
  long downWeight;
  private long inverse;

  /// Virtual run time, ns.
  long vruntime;

  /// Virtual deadline; relative to vruntime while `deadlineRelative`.
  long deadline;

  boolean deadlineRelative;

  /// Under CFS: vruntime is relative to the least of the queue that it left.
  boolean vruntimeRelative;

  /// V - vruntime when last dequeued, delayed or reweighted.
  long vlag;

  /// While vruntime is below this, the entity is protected from being out-picked.
  long protectedUntil;

  /// Request size, ns; of a group, the least slice queued below it.
  long sliceNs;

  /// Whether `sliceNs` was asked for (or propagated) and so is not refreshed from the base slice.
  boolean sliceCustom;

  boolean onQueue;

  /// Dequeued by a sleep but kept competing until eligible (DELAY_DEQUEUE).
  boolean delayed;

  /// Clock value up to which run time has been charged.
  long execStartNs;

  long sumExecNs;

  /// `sumExecNs` when it was last switched in.
  long sumExecAtSwitchNs;

  /// Its load (`sched_entity.avg`).
  final LoadAverage average = new LoadAverage();

  /// Of a group: the runnable tasks below when last enqueued, dequeued or passed by such
  /// (`runnable_weight`).
  long runnableBelow;

  /// Place in the queue's tree array, -1 when not in it.
  int treeIndex = -1;

  /// Order of insertion into the tree: the tie-break among equal deadlines.
  long treeSequence;

  Entity(@Nullable Task task, @Nullable FairQueue childQueue, FairQueue queue) {
    this.task = task;
    this.childQueue = childQueue;
    this.queue = queue;
  }

  /// The group entity one level up, or null at the root.
  @Nullable Entity parent() {
    return queue.ownEntity;
  }

  /// `se_update_runnable`.
  void noteRunnable() {
    if (childQueue != null) {
      runnableBelow = childQueue.runnableTaskCount;
    }
  }

  /// Whether it is of the idle class: a SCHED_IDLE task, or a group with `cpu.idle` (`se_is_idle`).
  boolean isIdleClass() {
    if (childQueue != null) {
      return childQueue.group.idle();
    }
    return task != null && task.attributes().policy() == SchedulingPolicy.IDLE;
  }

  boolean onlyIdleClass() {
    return isIdleClass() || (childQueue != null && childQueue.onlyIdleClass());
  }

  void setWeight(long newWeight, long newInverse) {
    weight = newWeight;
    downWeight = Weights.down(newWeight);
    inverse = newInverse;
  }

  /// Virtual time for `deltaNs` of this entity's run time.
  long virtual(long deltaNs) {
    return Weights.calcDelta(deltaNs, weight, inverse);
  }

  boolean isProtected() {
    return vruntime < protectedUntil;
  }

  void cancelProtection() {
    if (isProtected()) {
      protectedUntil = vruntime;
    }
  }

  @Override
  public String toString() {
    String name =
        task != null ? task.name() : "group " + (childQueue == null ? "" : childQueue.group);
    return name
        + " w="
        + downWeight
        + " v="
        + vruntime
        + " d="
        + deadline
        + " slice="
        + sliceNs
        + (isProtected() ? " until=" + protectedUntil : "")
        + (delayed ? " delayed" : "")
        + (onQueue ? "" : " off");
  }
}
