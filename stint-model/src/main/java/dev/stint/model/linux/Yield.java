package dev.stint.model.linux;

import org.jspecify.annotations.Nullable;

/// What a task that gives its CPU away forfeits (`yield_task_fair`, `yield_to_task_fair`).
final class Yield {
  private Yield() {}

  /// The running task yields, to a target if there is one.
  static void giveWay(Task running, @Nullable Task target, long nowNs) {
    if (target == null) {
      yieldCurrent(running, nowNs);
    } else {
      yieldTo(running, target, nowNs);
    }
  }

  /// sched_yield: the task lets others go first, on its own level only.
  static void yieldCurrent(Task running, long nowNs) {
    Runqueue runqueue = running.runqueue();
    if (runqueue.queuedTaskCount == 1) {
      return;
    }
    Entity entity = running.entity;
    FairQueue queue = entity.queue;
    runqueue.kernel.rules.clearBuddies(queue, entity);
    queue.updateCurrent(nowNs);
    runqueue.kernel.rules.yield(queue, entity);
  }

  /// yield_to, KVM's directed yield: the target becomes the next buddy of every level of its CPU,
  /// and the caller yields. No effect when the target runs, sleeps or is throttled, or when both
  /// are alone on their CPUs.
  static void yieldTo(Task running, Task target, long nowNs) {
    Runqueue from = running.runqueue();
    Runqueue to = target.runqueue();
    boolean alone = from.queuedTaskCount == 1 && to.queuedTaskCount == 1;
    if (alone
        || to.current() == target
        || target.blocked()
        || !target.entity.onQueue
        || target.entity.queue.throttleCount > 0) {
      return;
    }
    setNextBuddy(target.entity);
    yieldCurrent(running, nowNs);
    if (to != from) {
      to.requestReschedule();
    }
  }

  /// Favours an entity and all above it in the next pick, up to the first of the idle class
  /// (`set_next_buddy`).
  static void setNextBuddy(@Nullable Entity from) {
    Entity entity = from;
    while (entity != null && entity.onQueue && !entity.isIdleClass()) {
      entity.queue.next = entity;
      entity = entity.parent();
    }
  }
}
