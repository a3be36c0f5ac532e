package dev.stint.model.linux;

import dev.stint.model.machine.CpuSet;

/// Which CPU a waking or new task is put on (`select_task_rq_fair`; facts: linux.md §5.2). First
/// form: idle siblings are found by a full scan of the cache domain, loads are what is queued now.
final class Placement {
  /// `100 + (imbalance_pct - 100) / 2` of a cache-sharing domain, the handicap of the previous CPU.
  private static final int PREVIOUS_CPU_PERCENT = 108;

  private final LinuxKernel kernel;

  Placement(LinuxKernel kernel) {
    this.kernel = kernel;
  }

  /// The CPU for a task woken from `waker`'s CPU.
  int select(Task task, Runqueue waker) {
    CpuSet allowed = task.allowed;
    int previous = task.runqueue().cpu;
    if (!allowed.contains(previous)) {
      return leastLoaded(allowed);
    }
    int target = previous;
    if (waker.cpu != previous && allowed.contains(waker.cpu)) {
      target = affine(task, waker, kernel.runqueue(previous));
    }
    return idleSibling(allowed, previous, target);
  }

  /// `wake_affine`: pull the task to the waker's CPU or leave it where it was.
  private int affine(Task task, Runqueue waker, Runqueue previous) {
    if (waker.idle() && kernel.shareCache(waker.cpu, previous.cpu)) {
      return previous.idle() ? previous.cpu : waker.cpu;
    }
    if (previous.idle()) {
      return previous.cpu;
    }
    long here = (Weights.down(waker.root.loadWeight) + task.entity.downWeight) * 100;
    long there = Weights.down(previous.root.loadWeight) * PREVIOUS_CPU_PERCENT;
    return here < there ? waker.cpu : previous.cpu;
  }

  /// `select_idle_sibling`: an idle CPU that shares the target's cache, or the target.
  private int idleSibling(CpuSet allowed, int previous, int target) {
    if (kernel.idleCpuCount == 0 || kernel.runqueue(target).idle()) {
      return target;
    }
    if (kernel.shareCache(previous, target) && kernel.runqueue(previous).idle()) {
      return previous;
    }
    int count = kernel.cpuCount();
    for (int i = 1; i < count; i++) {
      int cpu = (target + i) % count;
      if (allowed.contains(cpu) && kernel.shareCache(cpu, target) && kernel.runqueue(cpu).idle()) {
        return cpu;
      }
    }
    return target;
  }

  /// The CPU for a new task: the one with the fewest tasks, the least loaded of those, the first of
  /// those (`sched_balance_find_dst_cpu`).
  int selectForNew(Task task) {
    return leastLoaded(task.allowed);
  }

  private int leastLoaded(CpuSet allowed) {
    int best = allowed.next(0);
    for (int cpu = allowed.next(best + 1); cpu >= 0; cpu = allowed.next(cpu + 1)) {
      if (lessLoaded(kernel.runqueue(cpu), kernel.runqueue(best))) {
        best = cpu;
      }
    }
    return best;
  }

  private static boolean lessLoaded(Runqueue a, Runqueue b) {
    int countA = a.queuedTaskCount + a.pendingWakeCount();
    int countB = b.queuedTaskCount + b.pendingWakeCount();
    return countA < countB || (countA == countB && a.root.loadWeight < b.root.loadWeight);
  }
}
