package dev.stint.model.linux;

import dev.stint.model.linux.FairClass.Dequeue;
import dev.stint.model.sim.Deferred;
import dev.stint.model.trace.TraceKind;
import java.util.ArrayDeque;

/// Throttling up to 6.17: a queue without run time leaves its parent as a whole, with all that is
/// below it, and comes back as a whole (`throttle_cfs_rq`, `unthrottle_cfs_rq`; facts: linux.md
/// §3.4).
///
/// From 6.18 on tasks leave one by one instead (see [Bandwidth]).
final class GroupThrottle implements Deferred {
  /*
   * The trace tells of tasks, not of queues: [TraceKind#THROTTLE] for every ready task below a
   * throttled queue. It must follow the SWITCH away from the one that still runs, so a queue's
   * tasks are told at the end of the instant and the running one when it leaves its CPU.
   */
  private final LinuxKernel kernel;
  private final int tellAll;
  private final ArrayDeque<FairQueue> untold = new ArrayDeque<>();

  GroupThrottle(LinuxKernel kernel) {
    this.kernel = kernel;
    tellAll = kernel.simulation.newDeferred(this);
  }

  /// Takes a throttled queue off its parent. A level that has other entities stays.
  void detach(FairQueue queue, long nowNs) {
    int queued = queue.queuedTaskCount;
    int runnable = queue.runnableTaskCount;
    Runqueue runqueue = queue.runqueue;
    queue.heldBack = true;
    if (untold.isEmpty()) {
      kernel.simulation.defer(tellAll);
    }
    untold.addLast(queue);
    Entity entity = queue.ownEntity;
    boolean leaves = true;
    while (entity != null) {
      if (!entity.onQueue) {
        return;
      }
      FairQueue above = entity.queue;
      if (leaves) {
        runqueue.fair.dequeueEntity(entity, Dequeue.THROTTLE, entity.delayed, nowNs);
        leaves = above.loadWeight == 0;
      } else {
        above.load.updateAndPublish(entity, nowNs);
        entity.noteRunnable();
      }
      above.queuedTaskCount -= queued;
      above.runnableTaskCount -= runnable;
      entity = entity.parent();
    }
    runqueue.queuedTaskCount -= queued;
  }

  /// Puts a queue that is throttled no more back on its parent, unless it has become empty.
  void attach(FairQueue queue, long nowNs) {
    queue.heldBack = false;
    if (queue.loadWeight == 0) {
      return;
    }
    int queued = queue.queuedTaskCount;
    int runnable = queue.runnableTaskCount;
    Runqueue runqueue = queue.runqueue;
    boolean joins = true;
    for (Entity entity = queue.ownEntity; entity != null; entity = entity.parent()) {
      FairQueue above = entity.queue;
      if (joins && entity.delayed) {
        runqueue.fair.dequeueEntity(entity, Dequeue.SLEEP, true, nowNs);
      } else if (entity.onQueue) {
        joins = false;
      }
      if (joins) {
        runqueue.fair.enqueueEntity(entity, false, nowNs);
      } else {
        above.load.updateAndPublish(entity, nowNs);
        entity.noteRunnable();
      }
      above.queuedTaskCount += queued;
      above.runnableTaskCount += runnable;
      if (above.heldBack) {
        return;
      }
    }
    runqueue.queuedTaskCount += queued;
    runqueue.endPoll(nowNs);
  }

  // --- The trace ---

  /// No limit holds this queue any more: its own tasks wait for the CPU again.
  void release(FairQueue queue, long nowNs) {
    for (int i = 0; i < queue.treeSize(); i++) {
      Task task = queue.treeEntity(i).task;
      if (task != null) {
        tell(task, nowNs);
      }
    }
  }

  @Override
  public void runDeferred(long nowNs) {
    while (!untold.isEmpty()) {
      tellBelow(untold.removeFirst(), nowNs);
    }
  }

  private void tellBelow(FairQueue queue, long nowNs) {
    for (int i = 0; i < queue.treeSize(); i++) {
      tell(queue.treeEntity(i), nowNs);
    }
    Entity current = queue.current;
    if (current != null) {
      tell(current, nowNs);
    }
  }

  private void tell(Entity entity, long nowNs) {
    if (entity.task != null) {
      tell(entity.task, nowNs);
    }
    if (entity.childQueue != null) {
      tellBelow(entity.childQueue, nowNs);
    }
  }

  /// Tells if a task is held by a limit now and was not before, or the other way round.
  void tell(Task task, long nowNs) {
    FairQueue queue = task.entity.queue;
    Runqueue runqueue = queue.runqueue;
    boolean held = queue.throttleCount > 0 && !task.blocked() && runqueue.current() != task;
    if (held == task.toldThrottled) {
      return;
    }
    task.toldThrottled = held;
    int cpu = runqueue.processor.id();
    if (held) {
      kernel.trace.event(
          nowNs, TraceKind.THROTTLE, task.id(), cpu, kernel.throttlingRule(queue), 0);
    } else {
      kernel.trace.event(nowNs, TraceKind.UNTHROTTLE, task.id(), cpu, 0, 0);
    }
  }
}
