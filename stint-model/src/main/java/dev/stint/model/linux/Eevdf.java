package dev.stint.model.linux;

import org.jspecify.annotations.Nullable;

/// Earliest eligible virtual deadline first (Stoica and Abdel-Wahab, 1995), as Linux schedules from
/// 6.6 on (facts: linux.md §1). An entity is eligible while it has not received more than its part,
/// v <= V; of the eligible, the one whose request is due first runs.
final class Eevdf implements FairRules {
  /*
   * Ties in deadline go to the entity inserted first. Lag, V - v, is kept over a sleep; an entity
   * that sleeps while it owes stays on the queue, delayed, until it no longer does.
   */
  private final KernelVersion version;
  private final long baseSliceNs;
  private final long tickNs;

  Eevdf(KernelVersion version, long baseSliceNs, long tickNs) {
    this.version = version;
    this.baseSliceNs = baseSliceNs;
    this.tickNs = tickNs;
  }

  // --- Lag and placement ---

  /// Stores the entity's lag, clamped; the entity still counts in V (`update_entity_lag`).
  private void captureLag(FairQueue queue, Entity entity) {
    long bound =
        version.lagClampedByQueue()
            ? queue.maxSliceNs() + tickNs
            : Math.max(2 * entity.sliceNs, tickNs);
    long limit = entity.virtual(bound);
    entity.vlag = Math.clamp(queue.virtualTime() - entity.vruntime, -limit, limit);
  }

  /// With lag kept, joining would move V by the newcomer's own weight and so shrink its lag; it is
  /// inflated by (W + w) / W to come out right (`place_entity`).
  @Override
  public void place(FairQueue queue, Entity entity, boolean initial) {
    if (!entity.sliceCustom) {
      entity.sliceNs = baseSliceNs;
    }
    long virtualSlice = entity.virtual(entity.sliceNs);
    long lag = 0;
    if (queue.queuedCount > 0 && entity.vlag != 0) {
      long load = queue.totalWeight();
      lag = entity.vlag * (load + entity.downWeight) / Math.max(1, load);
    }
    entity.vruntime = queue.virtualTime() - lag;
    if (entity.deadlineRelative) {
      entity.deadline += entity.vruntime;
      entity.deadlineRelative = false;
      return;
    }
    entity.deadline = entity.vruntime + (initial ? virtualSlice / 2 : virtualSlice);
  }

  @Override
  public boolean delaysDequeue(FairQueue queue, Entity entity) {
    return !queue.eligible(entity);
  }

  @Override
  public void leave(FairQueue queue, Entity entity, boolean moving) {
    captureLag(queue, entity);
    if (moving) {
      entity.deadline -= entity.vruntime;
      entity.deadlineRelative = true;
    }
  }

  @Override
  public void left(FairQueue queue) {}

  @Override
  public void changeQueue(FairQueue from, Entity entity) {}

  /// What it is owed by now is forgotten (DELAY_ZERO, `requeue_delayed_entity`).
  @Override
  public void requeueDelayed(FairQueue queue, Entity entity) {
    captureLag(queue, entity);
    if (entity.vlag <= 0) {
      return;
    }
    queue.queuedCount--;
    if (queue.current != entity) {
      queue.remove(entity);
    }
    entity.vlag = 0;
    place(queue, entity, false);
    if (queue.current != entity) {
      queue.insert(entity);
    }
    queue.queuedCount++;
  }

  /// Keeps the lag in service and the progress of the request (`reweight_entity`).
  @Override
  public void reweight(FairQueue queue, Entity entity, long weight, long inverse, long nowNs) {
    boolean isCurrent = queue.current == entity;
    boolean keepProtection = false;
    if (entity.onQueue) {
      queue.updateCurrent(nowNs);
      captureLag(queue, entity);
      entity.deadline -= entity.vruntime;
      entity.deadlineRelative = true;
      keepProtection = isCurrent && keepProtectionOnReweight(entity);
      queue.queuedCount--;
      if (!isCurrent) {
        queue.remove(entity);
      }
      queue.changeLoad(-entity.weight);
    }
    long old = entity.weight;
    entity.vlag = entity.vlag * old / weight;
    if (entity.deadlineRelative) {
      entity.deadline = entity.deadline * old / weight;
    }
    if (keepProtection) {
      entity.protectedUntil = entity.protectedUntil * old / weight;
    }
    entity.setWeight(weight, inverse);
    if (entity.onQueue) {
      queue.changeLoad(entity.weight);
      place(queue, entity, false);
      if (keepProtection) {
        entity.protectedUntil += entity.vruntime;
      }
      if (!isCurrent) {
        queue.insert(entity);
      }
      queue.queuedCount++;
    }
  }

  /// Whether the protection of a current entity must be scaled with its weight. If not, it stays as
  /// it is, or (before slice protection) is lost.
  private boolean keepProtectionOnReweight(Entity entity) {
    if (version.protectionFollowsReweight() && entity.isProtected()) {
      entity.protectedUntil -= entity.vruntime;
      return true;
    }
    if (!version.sliceProtection()) {
      entity.protectedUntil = Long.MIN_VALUE;
    }
    return false;
  }

  // --- The running entity ---

  /// Protects it for the shortest request that waits (`set_protect_slice`).
  @Override
  public void switchedIn(FairQueue queue, Entity entity) {
    entity.protectedUntil = entity.deadline;
    if (!version.sliceProtection()) {
      return;
    }
    long quantum = Math.min(queue.minTreeSliceNs(), entity.sliceNs);
    if (quantum < entity.sliceNs) {
      entity.protectedUntil = Math.min(entity.deadline, entity.vruntime + entity.virtual(quantum));
    }
  }

  /// A request that is served is followed by the next one, due from now (`update_deadline`).
  @Override
  public boolean charged(FairQueue queue, Entity current) {
    boolean expired = current.vruntime >= current.deadline;
    if (expired) {
      if (!current.sliceCustom) {
        current.sliceNs = baseSliceNs;
      }
      current.deadline = current.vruntime + current.virtual(current.sliceNs);
    }
    return queue.queuedCount > 1 && (expired || mayBeOutpicked(queue, current));
  }

  /// Whether the current entity's protection is over. Before slice protection, only a shorter
  /// request could end it early, and then its eligibility counts (`did_preempt_short`).
  private boolean mayBeOutpicked(FairQueue queue, Entity entity) {
    return !entity.isProtected() && (version.sliceProtection() || !queue.eligible(entity));
  }

  /// Nothing is left to do: a request that is served is noticed when it is charged.
  @Override
  public void tick(FairQueue queue, Entity current) {}

  @Override
  public void clearBuddies(FairQueue queue, Entity entity) {
    if (queue.next == entity) {
      queue.next = null;
    }
  }

  /// It forfeits the rest of its request (`yield_task_fair`).
  @Override
  public void yield(FairQueue queue, Entity entity) {
    if (queue.eligible(entity)) {
      entity.vruntime = entity.deadline;
      entity.deadline += entity.virtual(entity.sliceNs);
    }
  }

  // --- Wake-up preemption ---

  @Override
  public boolean preempts(FairClass fair, Entity woken, Entity current, boolean fork, long nowNs) {
    FairQueue queue = current.queue;
    boolean shorter = woken.sliceNs < current.sliceNs;
    boolean unprotected = shorter && version.sliceProtection();
    if (!version.sliceProtection() && shorter && shorterPreempts(queue, woken, current)) {
      current.cancelProtection();
    }
    if (version.wakeupPreemptionRewritten() && !shorter && (fork || woken.delayed)) {
      return false;
    }
    Entity picked = pick(queue, !unprotected);
    while (picked.delayed && queue.queuedCount > 1 && version.wakeupPreemptionRewritten()) {
      fair.finishDequeue(picked, nowNs);
      picked = pick(queue, !unprotected);
    }
    if (picked == woken) {
      if (unprotected) {
        current.cancelProtection();
      }
      return true;
    }
    if (version.wakeupPreemptionRewritten() || unprotected) {
      trimProtection(queue, current);
    }
    return false;
  }

  /// Before slice protection: a waking entity with a shorter request ends the current one's
  /// protection if it is eligible and its deadline is earlier or the other is not eligible
  /// (`do_preempt_short`).
  private static boolean shorterPreempts(FairQueue queue, Entity woken, Entity running) {
    return queue.eligible(woken) && (woken.deadline < running.deadline || !queue.eligible(running));
  }

  /// After a wake-up that did not preempt: the current entity's protection shrinks to the least
  /// slice queued.
  private static void trimProtection(FairQueue queue, Entity entity) {
    entity.protectedUntil =
        Math.min(entity.protectedUntil, entity.vruntime + entity.virtual(queue.minSliceNs()));
  }

  // --- Picking ---

  @Override
  public Entity pick(FairQueue queue) {
    return pick(queue, true);
  }

  /// The entity to run: earliest virtual deadline among the eligible (`pick_eevdf`).
  Entity pick(FairQueue queue, boolean honourProtection) {
    Entity running = queue.queuedCurrent();
    if (queue.queuedCount == 1) {
      return running != null ? running : queue.treeEntity(0);
    }
    long virtualTime = queue.virtualTime();
    Entity buddy = queue.next;
    if (buddy != null && buddy.vruntime <= virtualTime && version.pickBuddy()) {
      return buddy;
    }
    if (running != null && running.vruntime > virtualTime) {
      running = null;
    }
    if (running != null && honourProtection && running.isProtected()) {
      return running;
    }
    Entity best = earliestEligible(queue, virtualTime);
    if (best == null || (running != null && running.deadline < best.deadline)) {
      best = running;
    }
    if (best == null) {
      throw new IllegalStateException("no eligible entity on " + queue);
    }
    return best;
  }

  private @Nullable Entity earliestEligible(FairQueue queue, long virtualTime) {
    Entity best = null;
    for (int i = 0; i < queue.treeSize(); i++) {
      Entity entity = queue.treeEntity(i);
      if (entity.vruntime <= virtualTime && (best == null || before(entity, best))) {
        best = entity;
      }
    }
    return best;
  }

  @Override
  public boolean before(Entity a, Entity b) {
    return a.deadline < b.deadline || (a.deadline == b.deadline && a.treeSequence < b.treeSequence);
  }
}
