package dev.stint.model.linux;

import dev.stint.model.linux.FairClass.Dequeue;

/// Changes a task's attributes while it may be queued, delayed or running (`set_user_nice`,
/// `__sched_setscheduler`: dequeue and put, change, enqueue and set, tell the class; 6.18).
///
/// Lag and the progress of its request are kept, in units of service: both are scaled by old over
/// new weight. A task that sleeps or is parked is only reweighted.
final class SchedChange {
  private SchedChange() {}

  static void apply(Task task, SchedulingAttributes to, long nowNs) {
    Entity entity = task.entity;
    Runqueue runqueue = task.runqueue();
    boolean queued = entity.onQueue;
    boolean delayed = entity.delayed;
    boolean running = runqueue.current() == task;
    int niceBefore = task.attributes().nice();
    if (queued) {
      runqueue.fair.dequeue(task, Dequeue.SAVE, nowNs);
    }
    if (running) {
      runqueue.fair.switchCurrent(task, null, nowNs);
    }
    task.assign(to);
    entity.queue.reweight(entity, to.weight(), to.inverse(), nowNs);
    if (queued) {
      runqueue.fair.enqueue(task, false, nowNs);
      if (delayed) {
        runqueue.root.load.expectNoMore(entity);
        FairClass.setDelayed(entity);
      }
    }
    if (running) {
      runqueue.fair.setCurrentAgain(task, nowNs);
    }
    if (queued && to.nice() != niceBefore && runqueue.root.queuedCount > 1) {
      priorityChanged(task, running && to.nice() > niceBefore, nowNs);
    }
  }

  /// A running task that lost priority gives others a chance; a waiting one may preempt
  /// (`prio_changed_fair`).
  private static void priorityChanged(Task task, boolean demoted, long nowNs) {
    Runqueue runqueue = task.runqueue();
    if (runqueue.current() != task) {
      runqueue.fair.checkPreempt(task, false, nowNs);
    } else if (demoted) {
      runqueue.requestReschedule();
    }
  }
}
