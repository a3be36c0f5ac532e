package dev.stint.model.linux;

import dev.stint.model.linux.FairClass.Dequeue;
import dev.stint.model.trace.TraceKind;
import org.jspecify.annotations.Nullable;

/// Moves waiting tasks to idle CPUs: when a CPU is about to idle (newidle) and, from a busy CPU's
/// tick, to one that idles already (nohz idle balance; facts: linux.md §5.3). First form: no costs,
/// no dice, counts instead of loads.
final class Balancer {
  private final LinuxKernel kernel;

  Balancer(LinuxKernel kernel) {
    this.kernel = kernel;
  }

  /// A CPU found nothing to run: pulls one task from the busiest CPU that can give one, nearest
  /// cache first (`sched_balance_newidle`).
  boolean pullToIdle(Runqueue idle, long nowNs) {
    if (kernel.idleCpuCount == kernel.cpuCount()) {
      return false;
    }
    Task task = candidate(idle, true);
    if (task == null) {
      task = candidate(idle, false);
    }
    if (task == null) {
      return false;
    }
    move(kernel, task, idle, nowNs);
    return true;
  }

  /// The task to pull: from the CPU with most tasks, the one that last ran longest ago.
  private @Nullable Task candidate(Runqueue idle, boolean sameCache) {
    Task best = null;
    for (int cpu = 0; cpu < kernel.cpuCount(); cpu++) {
      Runqueue source = kernel.runqueue(cpu);
      if (source == idle
          || source.queuedTaskCount < 2
          || kernel.shareCache(cpu, idle.cpu) != sameCache
          || (best != null && best.runqueue().queuedTaskCount >= source.queuedTaskCount)) {
        continue;
      }
      Task found = oldest(source.root, idle.cpu, null);
      best = found == null ? best : found;
    }
    return best;
  }

  private static @Nullable Task oldest(FairQueue queue, int destination, @Nullable Task soFar) {
    Task best = soFar;
    for (int i = 0; i < queue.treeSize(); i++) {
      best = older(queue.treeEntity(i), destination, best);
    }
    Entity current = queue.current;
    if (current != null && current.childQueue != null) {
      best = oldest(current.childQueue, destination, best);
    }
    return best;
  }

  private static @Nullable Task older(Entity entity, int destination, @Nullable Task soFar) {
    if (entity.childQueue != null) {
      return oldest(entity.childQueue, destination, soFar);
    }
    Task task = entity.task;
    if (task == null
        || entity.delayed
        || task.parkRequested
        || !task.allowed.contains(destination)
        || task.group.queues[destination].throttleCount > 0) {
      return soFar;
    }
    return soFar == null || task.lastStopNs < soFar.lastStopNs ? task : soFar;
  }

  /// A busy CPU's tick with more than one task: an idle CPU that may take one is kicked to pull.
  void tick(Runqueue busy, long nowNs) {
    if (kernel.idleCpuCount == 0 || busy.queuedTaskCount < 2) {
      return;
    }
    for (int cpu = 0; cpu < kernel.cpuCount(); cpu++) {
      Runqueue idle = kernel.runqueue(cpu);
      if (idle.idle() && oldest(busy.root, cpu, null) != null) {
        idle.balanceByInterrupt(nowNs);
        return;
      }
    }
  }

  /// Takes a waiting task to another CPU's queue (`detach_task`, `attach_task`).
  static void move(LinuxKernel kernel, Task task, Runqueue to, long nowNs) {
    Runqueue from = task.runqueue();
    from.fair.dequeue(task, Dequeue.MOVE, nowNs);
    task.entity.queue = task.group.queues[to.cpu];
    to.fair.enqueue(task, false, nowNs);
    kernel.trace.event(nowNs, TraceKind.MOVE, task.id(), from.processor.id(), to.processor.id(), 0);
  }
}
