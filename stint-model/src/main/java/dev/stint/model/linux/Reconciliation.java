package dev.stint.model.linux;

import org.jspecify.annotations.Nullable;

/// Brings the model's virtual times in line with a recorded choice that they contradict, by the
/// smallest change that gives this choice.
///
/// A recording's times are rounded to microseconds and taken some microseconds after the kernel
/// read its clock, and it does not say what lag tasks brought with them: so the model's virtual
/// times differ a little from the kernel's, and without a correction one near tie would be decided
/// wrongly over and over. How much had to change tells such a tie from a wrong rule.
final class Reconciliation {
  private static final int ROUNDS_MAX = 8;

  /// From the kernel's reading of its clock to the line of the recording lie an interrupt or a pass
  /// of the scheduler: a choice that is proved right by less than this may be wrong the next time.
  private static final long MARGIN_NS = 10_000;

  private final FairClass fair;
  private final FairRules rules;

  Reconciliation(FairClass fair, FairRules rules) {
    this.fair = fair;
    this.rules = rules;
  }

  /// A limited group's tasks ran and slept before the recording: each CPU kept what a queue keeps
  /// when it empties.
  static void keepRunTime(TaskGroup group) {
    for (FairQueue queue : group.allQueues()) {
      if (group.bandwidth.limited()) {
        queue.runtimeRemainingNs = Bandwidth.KEPT_NS;
      }
    }
  }

  /// Makes every level of `chosen`'s path pick towards it; returns the sum of the changes of
  /// virtual time, in nanoseconds.
  long towards(Task chosen, long nowNs) {
    long changed = 0;
    for (Entity entity = chosen.entity; entity != null; entity = entity.parent()) {
      changed += reconcile(entity.queue, entity, nowNs);
    }
    return changed;
  }

  /// The kernel idles though the model has a task to run: the task's limit must have been used up.
  /// Returns the run time that the model had too much.
  long towardsIdle(@Nullable Task picked, long nowNs) {
    long changed = 0;
    if (picked == null) {
      return changed;
    }
    for (Entity entity = picked.entity; entity != null; entity = entity.parent()) {
      Bandwidth bandwidth = entity.queue.group.bandwidth;
      if (bandwidth.limited() && changed == 0) {
        changed = bandwidth.exhaust(entity.queue);
      }
    }
    Task again = changed == 0 ? null : fair.pick(nowNs);
    if (again != null && again.parkRequested) {
      again.runqueue().park(again, nowNs);
    }
    return changed;
  }

  /// A recording shows a task running that the model's limits hold back: they must have had
  /// something left.
  static void release(Task task, long nowNs) {
    for (Entity entity = task.entity; entity != null; entity = entity.parent()) {
      if (entity.queue.throttled) {
        entity.queue.runtimeRemainingNs = 1;
        entity.queue.group.bandwidth.unthrottle(entity.queue, nowNs);
      }
    }
  }

  private long reconcile(FairQueue queue, Entity chosen, long nowNs) {
    long changed = 0;
    for (int round = 0; round < ROUNDS_MAX && chosen.onQueue; round++) {
      Entity picked = rules.pick(queue);
      if (picked == chosen) {
        return changed;
      }
      if (picked.delayed) {
        fair.finishDequeue(picked, nowNs);
      } else if (queue.next == picked) {
        queue.next = null;
      } else if (rules instanceof Cfs) {
        changed += bringBefore(queue, chosen, picked);
      } else {
        changed += step(queue, chosen, picked);
      }
    }
    return changed;
  }

  /// Makes the chosen entity eligible, or the picked one ineligible or due later.
  private static long step(FairQueue queue, Entity chosen, Entity picked) {
    long lower = chosen.vruntime - virtualTimeWithout(queue, chosen);
    if (lower > 0) {
      shift(queue, chosen, -lower - MARGIN_NS);
      return lower;
    }
    long raise = virtualTimeWithout(queue, picked) + 1 - picked.vruntime;
    long advance = chosen.deadline - picked.deadline + 1;
    boolean isProtected = queue.current == picked && picked.isProtected();
    if (!isProtected && advance > 0 && advance < raise) {
      shift(queue, chosen, -advance - MARGIN_NS);
      return advance;
    }
    if (raise > 0) {
      shift(queue, picked, raise + MARGIN_NS);
      return raise;
    }
    picked.cancelProtection();
    return 0;
  }

  /// Under CFS only the order counts.
  private static long bringBefore(FairQueue queue, Entity chosen, Entity picked) {
    queue.last = null;
    queue.skip = null;
    long advance = Math.max(0, chosen.vruntime - picked.vruntime + 1);
    shift(queue, chosen, -advance);
    return advance;
  }

  private static long virtualTimeWithout(FairQueue queue, Entity excluded) {
    long weight = 0;
    long weighted = 0;
    Entity running = queue.queuedCurrent();
    if (running != null && running != excluded) {
      weight += running.downWeight;
      weighted += (running.vruntime - excluded.vruntime) * running.downWeight;
    }
    for (int i = 0; i < queue.treeSize(); i++) {
      Entity entity = queue.treeEntity(i);
      if (entity != excluded) {
        weight += entity.downWeight;
        weighted += (entity.vruntime - excluded.vruntime) * entity.downWeight;
      }
    }
    return weight == 0 ? excluded.vruntime : excluded.vruntime + Math.floorDiv(weighted, weight);
  }

  private static void shift(FairQueue queue, Entity entity, long delta) {
    boolean inTree = queue.current != entity;
    if (inTree) {
      queue.remove(entity);
    }
    entity.vruntime += delta;
    entity.deadline += delta;
    entity.protectedUntil += delta;
    if (inTree) {
      queue.insert(entity);
    }
  }
}
