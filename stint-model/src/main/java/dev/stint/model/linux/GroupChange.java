package dev.stint.model.linux;

import dev.stint.model.linux.FairClass.Dequeue;

/// Moves a task to another group's queue on its CPU, be it queued, delayed, running or asleep
/// (`sched_move_task`). Lag and the progress of its request come along, and so does its load.
final class GroupChange {
  private GroupChange() {}

  static void apply(Task task, TaskGroup to, long nowNs) {
    Entity entity = task.entity;
    Runqueue runqueue = task.runqueue();
    if (task.parked) {
      entity.queue.limbo.remove(task);
    }
    boolean queued = entity.onQueue;
    boolean delayed = entity.delayed;
    boolean running = runqueue.current() == task;
    if (queued) {
      runqueue.fair.dequeue(task, Dequeue.SAVE, nowNs);
    }
    if (running) {
      runqueue.fair.switchCurrent(task, null, nowNs);
    }
    if (entity.average.attached()) {
      entity.queue.load.updateAndDetach(entity, nowNs);
    }
    task.kernel.rules.changeQueue(entity.queue, entity);
    task.group.times.departed(task);
    task.group = to;
    entity.queue = to.queue(runqueue.cpu);
    if (task.parked) {
      runqueue.parkOrEnqueue(task, nowNs);
    }
    if (queued) {
      runqueue.fair.enqueue(task, false, nowNs);
      if (delayed) {
        runqueue.root.load.expectNoMore(entity);
        FairClass.setDelayed(entity);
      }
    }
    if (running) {
      runqueue.fair.setCurrentAgain(task, nowNs);
      runqueue.requestReschedule();
    } else if (runqueue.current() == null && runqueue.queuedTaskCount > 0) {
      // It left a group that was throttled as a whole: the CPU idled beside it.
      runqueue.rescheduleByInterrupt(nowNs);
    }
    task.kernel.settled(task, nowNs);
  }
}
