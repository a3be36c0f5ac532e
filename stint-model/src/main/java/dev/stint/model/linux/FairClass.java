package dev.stint.model.linux;

import dev.stint.model.time.Invariant;
import org.jspecify.annotations.Nullable;

/// The fair scheduling class on one CPU: how tasks join, leave, are picked and preempted through
/// the hierarchy of queues (`fair_sched_class`; facts: linux.md §1, 6.18.44).
final class FairClass {
  private final Runqueue runqueue;
  private final FairRules rules;

  FairClass(Runqueue runqueue) {
    this.runqueue = runqueue;
    rules = runqueue.kernel.rules;
  }

  // --- Enqueue ---

  /// A task joins this CPU: woken, new, migrated or unthrottled (`enqueue_task_fair`).
  void enqueue(Task task, boolean initial, long nowNs) {
    if (initial) {
      task.entity.queue.load.startTask(task.entity);
    }
    runqueue.root.load.expect(task.entity);
    long sliceNs = 0;
    boolean initialHere = initial;
    Entity entity = task.entity;
    while (entity != null && !entity.onQueue) {
      if (sliceNs != 0) {
        entity.sliceNs = sliceNs;
        entity.sliceCustom = true;
      }
      enqueueEntity(entity, initialHere, nowNs);
      initialHere = false;
      FairQueue queue = entity.queue;
      sliceNs = queue.minSliceNs();
      queue.queuedTaskCount++;
      queue.runnableTaskCount++;
      if (queue.heldBack) {
        return;
      }
      entity = entity.parent();
    }
    if (entity != null && entity.delayed) {
      requeueDelayed(entity, nowNs);
    }
    if (updateAncestors(entity, sliceNs, 1, 1, nowNs)) {
      runqueue.queuedTaskCount++;
    }
    runqueue.endPoll(nowNs);
    runqueue.kernel.smp.noteTasks(runqueue);
  }

  /// One level of an enqueue (`enqueue_entity`).
  void enqueueEntity(Entity entity, boolean initial, long nowNs) {
    FairQueue queue = entity.queue;
    boolean isCurrent = queue.current == entity;
    if (isCurrent) {
      rules.place(queue, entity, initial);
    }
    queue.updateCurrent(nowNs);
    queue.load.updateAndAttach(entity, nowNs);
    entity.noteRunnable();
    updateGroupWeight(entity, nowNs);
    if (!isCurrent) {
      rules.place(queue, entity, initial);
    }
    queue.accountEnqueue(entity);
    if (!isCurrent) {
      queue.insert(entity);
    }
    entity.onQueue = true;
    if (queue.queuedCount == 1) {
      queue.group.bandwidth.checkEnqueue(queue, nowNs);
      Bandwidth.recordFirst(queue, nowNs);
      queue.load.startClock(nowNs);
    }
  }

  /// The levels above the one where a change stopped: weights, least slices and counts follow.
  /// False when they end below the root, at a queue that is held back.
  private boolean updateAncestors(
      @Nullable Entity from, long sliceNs, int queuedDelta, int runnableDelta, long nowNs) {
    long slice = sliceNs;
    for (Entity entity = from; entity != null; entity = entity.parent()) {
      entity.queue.load.updateAndPublish(entity, nowNs);
      entity.noteRunnable();
      updateGroupWeight(entity, nowNs);
      if (slice != 0 && slice != Long.MAX_VALUE) {
        entity.sliceNs = slice;
      }
      FairQueue queue = entity.queue;
      slice = queue.minSliceNs();
      queue.queuedTaskCount += queuedDelta;
      queue.runnableTaskCount += runnableDelta;
      if (queue.heldBack) {
        return false;
      }
    }
    return true;
  }

  /// Gives a group entity the weight of its CPU's part of the group (`update_cfs_group`).
  void updateGroupWeight(Entity entity, long nowNs) {
    FairQueue child = entity.childQueue;
    if (child == null || child.loadWeight == 0) {
      return;
    }
    if (child.throttleCount > 0 && runqueue.kernel.groupThrottle != null) {
      return; // before 6.18 a group that is throttled as a whole keeps its weight
    }
    long weight = GroupShares.weightOn(child);
    if (weight != entity.weight) {
      entity.queue.reweight(entity, weight, nowNs);
    }
  }

  /// A delayed entity is wanted again before it was dequeued (`requeue_delayed_entity`).
  void requeueDelayed(Entity entity, long nowNs) {
    FairQueue queue = entity.queue;
    rules.requeueDelayed(queue, entity);
    queue.load.update(entity, nowNs);
    if (entity.task != null) {
      runqueue.root.load.expect(entity);
    }
    clearDelayed(entity);
  }

  private static void clearDelayed(Entity entity) {
    entity.delayed = false;
    if (entity.task != null) {
      for (Entity e = entity; e != null; e = e.queue.heldBack ? null : e.parent()) {
        e.queue.runnableTaskCount++;
      }
    }
  }

  static void setDelayed(Entity entity) {
    entity.delayed = true;
    if (entity.task != null) {
      for (Entity e = entity; e != null; e = e.queue.heldBack ? null : e.parent()) {
        e.queue.runnableTaskCount--;
      }
    }
  }

  // --- Dequeue ---

  /// Why a task leaves its queue.
  enum Dequeue {
    /// It sleeps: may be delayed until its lag is spent.
    SLEEP,
    /// It is parked by a bandwidth limit: like a sleep, but never delayed.
    THROTTLE,
    /// It ends, or stops: like a sleep, but never delayed.
    EXIT,
    /// It moves: it keeps lag and the progress of its request.
    MOVE,
    /// It comes back at once with other attributes: as a move, and it stays delayed if it was.
    SAVE;

    boolean keepsRequest() {
      return this == MOVE || this == SAVE;
    }
  }

  /// A task leaves; false when its dequeue was delayed (`dequeue_task_fair`).
  boolean dequeue(Task task, Dequeue how, long nowNs) {
    Entity entity = task.entity;
    if (entity.delayed && how != Dequeue.SAVE) {
      dequeueEntities(entity, how, true, nowNs);
      return true;
    }
    if (!entity.delayed) {
      runqueue.root.load.expectNoMore(entity);
    }
    if (!how.keepsRequest()) {
      QueueLoad.estimate(entity.average);
    }
    return dequeueEntities(entity, how, false, nowNs);
  }

  private boolean dequeueEntities(Entity from, Dequeue how, boolean ofDelayed, long nowNs) {
    boolean isTask = from.task != null;
    int queued = isTask ? 1 : 0;
    int runnable = isTask && !from.delayed ? 1 : 0;
    boolean sleeping = !how.keepsRequest() || ofDelayed;
    Dequeue howHere = how;
    boolean delayedHere = ofDelayed;
    long sliceNs = 0;
    Entity entity = from;
    while (entity != null) {
      FairQueue queue = entity.queue;
      if (!dequeueEntity(entity, howHere, delayedHere, nowNs)) {
        if (entity == from && isTask) {
          return false;
        }
        sliceNs = queue.minSliceNs();
        break;
      }
      queue.queuedTaskCount -= queued;
      queue.runnableTaskCount -= runnable;
      if (how == Dequeue.THROTTLE) {
        Bandwidth.recordParked(queue, nowNs);
      }
      if (queue.heldBack) {
        return true;
      }
      if (queue.loadWeight != 0) {
        sliceNs = queue.minSliceNs();
        entity = entity.parent();
        if (sleeping && entity != null && queue.throttleCount == 0) {
          Yield.setNextBuddy(entity);
        }
        break;
      }
      if (howHere.keepsRequest() || howHere == Dequeue.EXIT) {
        howHere = Dequeue.SLEEP;
      }
      delayedHere = false;
      entity = entity.parent();
    }
    for (Entity e = entity; how == Dequeue.THROTTLE && e != null; e = e.parent()) {
      Bandwidth.recordParked(e.queue, nowNs);
    }
    if (updateAncestors(entity, sliceNs, -queued, -runnable, nowNs)) {
      runqueue.queuedTaskCount -= queued;
    }
    return true;
  }

  /// One level of a dequeue; false when the entity stays as a delayed one (`dequeue_entity`).
  boolean dequeueEntity(Entity entity, Dequeue how, boolean ofDelayed, long nowNs) {
    FairQueue queue = entity.queue;
    queue.updateCurrent(nowNs);
    rules.clearBuddies(queue, entity);
    boolean mayDelay = !ofDelayed && how == Dequeue.SLEEP && !entity.delayed;
    if (mayDelay && rules.delaysDequeue(queue, entity)) {
      queue.load.update(entity, nowNs);
      setDelayed(entity);
      return false;
    }
    if (how == Dequeue.MOVE && entity.task != null) {
      queue.load.updateAndDetach(entity, nowNs);
    } else {
      queue.load.updateAndPublish(entity, nowNs);
    }
    entity.noteRunnable();
    rules.leave(queue, entity, how.keepsRequest());
    if (queue.current != entity) {
      queue.remove(entity);
    }
    if (how.keepsRequest()) {
      rules.changeQueue(queue, entity);
    }
    queue.accountDequeue(entity);
    entity.onQueue = false;
    if (how != Dequeue.SAVE) {
      rules.left(queue);
    }
    queue.group.bandwidth.returnRuntime(queue, nowNs);
    queue.load.stopClock(nowNs);
    if (entity.delayed) {
      entity.delayed = false;
      if (how != Dequeue.SAVE) {
        entity.vlag = Math.min(entity.vlag, 0);
      }
    }
    return true;
  }

  // --- Pick ---

  /// The task to run next, or null when the CPU has none. May find that the pick must be parked:
  /// then its [Task#parkRequested] is set (`pick_task_fair`).
  @Nullable Task pick(long nowNs) {
    FairQueue queue = runqueue.root;
    boolean throttled = false;
    while (runqueue.root.queuedCount > 0) {
      if (queue.current != null && queue.current.onQueue) {
        queue.updateCurrent(nowNs);
      }
      throttled |= queue.group.bandwidth.check(queue, nowNs);
      if (throttled && runqueue.kernel.groupThrottle != null) {
        queue = runqueue.root;
        throttled = false;
        continue;
      }
      Entity entity = pickOrFinishDelayed(queue, nowNs);
      if (entity == null) {
        queue = runqueue.root;
        throttled = false;
        continue;
      }
      if (entity.childQueue == null) {
        Task task = entity.task;
        Invariant.check(task != null, "an entity without a queue is a task");
        if (throttled && task != null) {
          task.parkRequested = true;
        }
        return task;
      }
      queue = entity.childQueue;
    }
    return null;
  }

  /// An entity of this queue to run, or null after a delayed one was picked and so finally
  /// dequeued.
  private @Nullable Entity pickOrFinishDelayed(FairQueue queue, long nowNs) {
    Entity entity = rules.pick(queue);
    if (!entity.delayed) {
      return entity;
    }
    finishDequeue(entity, nowNs);
    return null;
  }

  /// The dequeue that was delayed takes place.
  void finishDequeue(Entity delayed, long nowNs) {
    dequeueEntities(delayed, Dequeue.SLEEP, true, nowNs);
  }

  /// Makes `next` current at every level where its path differs from that of `previous`, which may
  /// have left the queue (`put_prev_entity`, `set_next_entity`).
  void switchCurrent(@Nullable Task previous, @Nullable Task next, long nowNs) {
    Entity put = previous == null ? null : previous.entity;
    Entity set = next == null ? null : next.entity;
    int putDepth = depth(put);
    int setDepth = depth(set);
    while (put != null && set != null && put.queue != set.queue) {
      int difference = putDepth - setDepth;
      if (difference >= 0) {
        putPrevious(put, nowNs);
        put = put.parent();
        putDepth--;
      }
      if (difference <= 0) {
        setNext(set, false, nowNs);
        set = set.parent();
        setDepth--;
      }
    }
    if (put != null && set != null) {
      putPrevious(put, nowNs);
      setNext(set, false, nowNs);
      return;
    }
    for (; put != null; put = put.parent()) {
      putPrevious(put, nowNs);
    }
    for (; set != null; set = set.parent()) {
      setNext(set, true, nowNs);
    }
  }

  private static int depth(@Nullable Entity from) {
    int depth = 0;
    for (Entity entity = from; entity != null; entity = entity.parent()) {
      depth++;
    }
    return depth;
  }

  private void putPrevious(Entity entity, long nowNs) {
    FairQueue queue = entity.queue;
    if (entity.onQueue) {
      queue.updateCurrent(nowNs);
    }
    queue.group.bandwidth.check(queue, nowNs);
    if (entity.onQueue) {
      queue.insert(entity);
      queue.load.update(entity, nowNs);
    }
    queue.current = null;
  }

  /// Makes the running task current again at every level, after [Dequeue#SAVE] took it off: it is
  /// not switched in anew (`set_next_task` with `first` unset).
  void setCurrentAgain(Task running, long nowNs) {
    boolean protect = !runqueue.kernel.config.version().protectsOnlyFirst();
    for (Entity entity = running.entity; entity != null; entity = entity.parent()) {
      long protectedUntil = entity.protectedUntil;
      setNext(entity, true, nowNs);
      if (!protect) {
        entity.protectedUntil = protectedUntil;
      }
    }
  }

  private void setNext(Entity entity, boolean fromIdle, long nowNs) {
    FairQueue queue = entity.queue;
    Invariant.check(queue.current == null, "a queue has one current entity");
    rules.clearBuddies(queue, entity);
    if (entity.onQueue) {
      queue.remove(entity);
    }
    queue.load.updateAndPublish(entity, nowNs);
    queue.current = entity;
    entity.execStartNs = runqueue.clockTaskNs(nowNs);
    rules.switchedIn(queue, entity);
    if (fromIdle) {
      queue.group.bandwidth.charge(queue, 0, nowNs);
    }
  }

  // --- Preemption ---

  /// A task was made runnable on this CPU: may it preempt the running one? (`wakeup_preempt_fair`)
  void checkPreempt(Task wakee, boolean fork, long nowNs) {
    Task running = runqueue.current();
    if (running == null
        || running == wakee
        || runqueue.rescheduleRequested()
        || wakee.throttled()) {
      return;
    }
    if (!runqueue.kernel.config.version().eevdf() && decidedByPolicy(running, wakee)) {
      return;
    }
    Entity woken = wakee.entity;
    Entity current = running.entity;
    int wokenDepth = depth(woken);
    int currentDepth = depth(current);
    while (woken.queue != current.queue) {
      if (wokenDepth >= currentDepth) {
        woken = requireParent(woken);
        wokenDepth--;
      } else {
        current = requireParent(current);
        currentDepth--;
      }
    }
    if (woken == current) {
      return;
    }
    if (current.isIdleClass() && !woken.isIdleClass()) {
      current.cancelProtection();
      runqueue.requestRescheduleLazily();
      return;
    }
    if (current.isIdleClass() != woken.isIdleClass()
        || wakee.attributes().policy() != SchedulingPolicy.NORMAL) {
      return;
    }
    current.queue.updateCurrent(nowNs);
    if (rules.preempts(this, woken, current, fork, nowNs)) {
      runqueue.requestRescheduleLazily();
    }
  }

  /// Under CFS a SCHED_IDLE task gives way to any other task, wherever their groups stand; else a
  /// task that is not SCHED_NORMAL preempts nobody.
  private boolean decidedByPolicy(Task running, Task wakee) {
    SchedulingPolicy policy = wakee.attributes().policy();
    if (running.attributes().policy() == SchedulingPolicy.IDLE && policy != SchedulingPolicy.IDLE) {
      runqueue.requestReschedule();
      return true;
    }
    return policy != SchedulingPolicy.NORMAL;
  }

  private static Entity requireParent(Entity entity) {
    Entity parent = entity.parent();
    if (parent == null) {
      throw new IllegalStateException("two tasks of one CPU share the root queue");
    }
    return parent;
  }

  /// The scheduler tick: charges every level and refreshes group weights (`task_tick_fair`).
  void tick(Task running, long nowNs) {
    for (Entity entity = running.entity; entity != null; entity = entity.parent()) {
      entity.queue.updateCurrent(nowNs);
      entity.queue.load.updateAndPublish(entity, nowNs);
      updateGroupWeight(entity, nowNs);
      rules.tick(entity.queue, entity);
    }
  }
}
