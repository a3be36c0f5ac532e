package dev.stint.model.linux;

import dev.stint.model.linux.FairClass.Dequeue;
import dev.stint.model.trace.TraceKind;

/// Takes a task off a CPU that it may no longer use (`affine_move_task`): a waiting one moves at
/// once, a running one is pushed by its CPU's stopper, a sleeping one chooses when it wakes.
final class AffinityMove {
  private AffinityMove() {}

  static void apply(Task task, int destination, long nowNs) {
    Runqueue runqueue = task.runqueue();
    if (task.exiting() || task.allowed.contains(runqueue.cpu)) {
      return;
    }
    if (runqueue.current() == task) {
      task.pushTo = destination;
      runqueue.pushByInterrupt(nowNs);
    } else if (task.parked) {
      moveParked(task, destination, nowNs);
    } else if (task.entity.delayed) {
      runqueue.fair.finishDequeue(task.entity, nowNs);
    } else if (task.entity.onQueue) {
      runqueue.fair.dequeue(task, Dequeue.MOVE, nowNs);
      arrive(task, destination, nowNs);
    }
  }

  /// The CPU's stopper has the CPU: the running task goes (`migration_cpu_stop`). False when its
  /// mask has become wider meanwhile.
  static boolean push(Task task, Runqueue from, long nowNs) {
    int destination = task.pushTo;
    task.pushTo = -1;
    if (task.allowed.contains(from.cpu)) {
      return false;
    }
    task.stop(nowNs);
    from.fair.dequeue(task, Dequeue.MOVE, nowNs);
    from.reschedule(nowNs);
    boolean stillAllowed = task.allowed.contains(destination);
    arrive(task, stillAllowed ? destination : task.allowed.next(0), nowNs);
    return true;
  }

  /// `move_queued_task`, the half after the dequeue.
  private static void arrive(Task task, int destination, long nowNs) {
    Runqueue to = moveTo(task, destination, nowNs);
    to.fair.enqueue(task, false, nowNs);
    task.kernel.settled(task, nowNs);
    if (to.current() == null) {
      to.rescheduleByInterrupt(nowNs);
    } else {
      to.fair.checkPreempt(task, false, nowNs);
    }
  }

  /// A task that waits for its group's quota waits on, on another CPU; there the group may not be
  /// throttled.
  private static void moveParked(Task task, int destination, long nowNs) {
    task.entity.queue.limbo.remove(task);
    Runqueue to = moveTo(task, destination, nowNs);
    to.parkOrEnqueue(task, nowNs);
    task.kernel.settled(task, nowNs);
  }

  private static Runqueue moveTo(Task task, int destination, long nowNs) {
    Runqueue from = task.runqueue();
    Runqueue to = task.kernel.runqueue(destination);
    task.entity.queue.load.remove(task.entity, nowNs);
    task.kernel.rules.changeQueue(task.entity.queue, task.entity);
    task.entity.queue = task.group.queue(destination);
    task.kernel.trace.event(
        nowNs, TraceKind.MOVE, task.id(), from.processor.id(), to.processor.id(), 0);
    return to;
  }
}
