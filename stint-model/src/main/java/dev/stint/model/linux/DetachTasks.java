package dev.stint.model.linux;

import dev.stint.model.linux.FairClass.Dequeue;
import java.util.Arrays;

/// Takes tasks off one CPU and puts them on another: which may go, and how many (`detach_tasks`,
/// `can_migrate_task`, `attach_tasks`; facts: linux.md §5.3).
final class DetachTasks {
  /// How many tasks one attempt examines at most (`sysctl_sched_nr_migrate`).
  private static final int EXAMINED_MAX = 32;

  private final LinuxKernel kernel;
  private Task[] detached = new Task[2];
  private int detachedCount;
  private final boolean sparesIneligible;

  DetachTasks(LinuxKernel kernel) {
    this.kernel = kernel;
    sparesIneligible = kernel.config.version().balanceSparesIneligible();
  }

  /// Moves what fits the attempt's imbalance, oldest first; returns how many tasks.
  int move(BalanceAttempt attempt, Runqueue source, long nowNs) {
    int tasks = source.queuedTaskCount;
    if (tasks <= 1) {
      attempt.allPinned = false;
      return 0;
    }
    int examinedMax = examinedMax(source);
    TaskList list = source.balance.tasks;
    Task task = list.oldest();
    while (task != null && attempt.imbalance > 0) {
      if (attempt.forIdle() && source.queuedTaskCount <= 1) {
        break;
      }
      if (++attempt.examinedCount > examinedMax) {
        break;
      }
      if (!takes(attempt, task, source, nowNs)) {
        list.moveFirst(task);
      } else {
        count(attempt, task, nowNs);
        detach(task, source, nowNs);
        if (attempt.idle == IdleKind.NEWLY_IDLE) {
          break;
        }
      }
      task = list.oldest();
    }
    return attach(attempt.destination, attempt.idle == IdleKind.NEWLY_IDLE, nowNs);
  }

  /// How many of a CPU's tasks an attempt looks at.
  static int examinedMax(Runqueue source) {
    return Math.min(EXAMINED_MAX, source.queuedTaskCount);
  }

  /// Whether the attempt takes the task: it may go to the destination and is no more than what is
  /// wanted.
  boolean takes(BalanceAttempt attempt, Task task, Runqueue source, long nowNs) {
    return movable(attempt, task, source, nowNs) && fits(attempt, task, nowNs);
  }

  /// Moves the oldest task that may go: the running one is among them, since it was stopped
  /// (`detach_one_task`).
  boolean moveOne(BalanceAttempt attempt, Runqueue source, long nowNs) {
    for (Task task = source.balance.tasks.oldest(); task != null; task = task.newer) {
      if (movable(attempt, task, source, nowNs)) {
        detach(task, source, nowNs);
        attach(attempt.destination, false, nowNs);
        return true;
      }
    }
    return false;
  }

  /// Whether the task may go to the destination (`can_migrate_task`).
  private boolean movable(BalanceAttempt attempt, Task task, Runqueue source, long nowNs) {
    Entity entity = task.entity;
    int to = attempt.destination.cpu;
    FairQueue there = task.group.queue(to);
    if (entity.delayed || there.throttleCount > 0) {
      return false;
    }
    SchedDomain domain = attempt.domain;
    if (sparesIneligible
        && domain.failedCount == 0
        && there.queuedCount > 0
        && !entity.queue.eligible(entity)) {
      return false;
    }
    if (!task.allowed.contains(to)) {
      notePinned(attempt, task);
      return false;
    }
    attempt.allPinned = false;
    if (!attempt.active && task == source.current()) {
      return false;
    }
    return attempt.active
        || domain.failedCount > domain.level.cacheNiceTries
        || !hot(attempt, task, source, nowNs);
  }

  private static void notePinned(BalanceAttempt attempt, Task task) {
    attempt.somePinned = true;
    if (attempt.idle == IdleKind.NEWLY_IDLE || attempt.alternative >= 0 || attempt.active) {
      return;
    }
    for (int cpu : attempt.domain.localGroup().cpus) {
      if (cpu != attempt.home.cpu && attempt.considers(cpu) && task.allowed.contains(cpu)) {
        attempt.alternative = cpu;
        return;
      }
    }
  }

  /// The task's data is still in the source's cache (`task_hot`).
  private static boolean hot(BalanceAttempt attempt, Task task, Runqueue source, long nowNs) {
    if (attempt.domain.level.sharesCapacity() || task.entity.isIdleClass()) {
      return false;
    }
    Entity entity = task.entity;
    if (attempt.destination.queuedTaskCount > 0 && entity.queue.next == entity) {
      return true;
    }
    return source.clockTaskNs(nowNs) - entity.execStartNs < CpuBalance.MIGRATION_COST_NS;
  }

  /// Whether the task is no more than what is wanted. After failures a larger one will do.
  private static boolean fits(BalanceAttempt attempt, Task task, long nowNs) {
    return attempt.migration == Migration.TASK
        || shiftBounded(amount(attempt, task, nowNs), attempt.domain.failedCount)
            <= attempt.imbalance;
  }

  /// A task is taken: that much less is wanted.
  void count(BalanceAttempt attempt, Task task, long nowNs) {
    attempt.imbalance -= amount(attempt, task, nowNs);
  }

  private static long amount(BalanceAttempt attempt, Task task, long nowNs) {
    return switch (attempt.migration) {
      case LOAD -> Math.max(1, QueueLoad.hLoad(task, nowNs));
      case UTIL -> Math.max(task.entity.average.utilAvg, task.entity.average.utilEst);
      case TASK -> 1;
    };
  }

  /// `shr_bound`: a shift by no more than the width.
  static long shiftBounded(long value, int shift) {
    return value >> Math.min(shift, Long.SIZE - 1);
  }

  private void detach(Task task, Runqueue source, long nowNs) {
    source.fair.dequeue(task, Dequeue.MOVE, nowNs);
    task.entity.execStartNs = 0;
    if (detachedCount == detached.length) {
      detached = Arrays.copyOf(detached, 2 * detachedCount);
    }
    detached[detachedCount++] = task;
  }

  /// The last detached is attached first, as the kernel's list has it.
  private int attach(Runqueue destination, boolean picksNext, long nowNs) {
    int count = detachedCount;
    while (detachedCount > 0) {
      Task task = detached[--detachedCount];
      kernel.activate(task, destination, false, nowNs);
      if (picksNext) {
        continue;
      }
      if (destination.current() == null) {
        destination.rescheduleByInterrupt(nowNs);
      } else {
        destination.fair.checkPreempt(task, false, nowNs);
      }
    }
    return count;
  }
}
