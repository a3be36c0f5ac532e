package dev.stint.model.linux;

import org.jspecify.annotations.Nullable;

/// The completely fair scheduler, as Linux scheduled up to 6.5 (rules as of 6.1;
/// docs/models/cfs.md): the entity that has run least, by its weight, runs, and for as long as its
/// part of a period in which everybody runs once.
final class Cfs implements FairRules {
  /*
   * A queue's `minVruntime` follows the least vruntime but never goes back: it is where those that
   * join are placed. There is no lag: who sleeps comes back at most half a latency before
   * minVruntime, whatever it was owed or owed; who moves keeps its distance to minVruntime.
   *
   * Buddies bend the order within one wake-up granularity: `next` was woken and preempted or its
   * group goes on, `last` was preempted, `skip` yielded. Ties in vruntime go to the entity inserted
   * first.
   */
  private static final long LATENCY_NS = 6_000_000L;
  private static final long MIN_GRANULARITY_NS = 750_000L;

  /// Of an entity of the idle class beside others; not scaled.
  private static final long IDLE_MIN_GRANULARITY_NS = 750_000L;

  private static final long WAKEUP_GRANULARITY_NS = 1_000_000L;

  /// Up to so many tasks share one latency; beyond, the period grows (`sched_nr_latency`).
  private static final int TASKS_PER_LATENCY = 8;

  private final long latencyNs;
  private final long minGranularityNs;
  private final long wakeupGranularityNs;

  /// The rules with the defaults scaled by `scaling`, 1 + log2 of the CPUs.
  Cfs(int scaling) {
    latencyNs = LATENCY_NS * scaling;
    minGranularityNs = MIN_GRANULARITY_NS * scaling;
    wakeupGranularityNs = WAKEUP_GRANULARITY_NS * scaling;
  }

  // --- The slice ---

  /// The entity's part of the period, ns of run time: its weight's part of its queue's, at every
  /// level, of a period that all tasks of the CPU share (`sched_slice`). If the entity is not on
  /// its queue, it is counted as if it were.
  long sliceNs(FairQueue queue, Entity entity) {
    int tasks = queue.runqueue.root.queuedTaskCount + (entity.onQueue ? 0 : 1);
    long sliceNs = periodNs(tasks);
    for (Entity level = entity; level != null; level = level.parent()) {
      long load = level.queue.loadWeight + (level.onQueue ? 0 : level.weight);
      sliceNs = Weights.portion(sliceNs, level.weight, load);
    }
    boolean idleBesideOthers = entity.isIdleClass() && !onlyIdleClass(queue);
    return Math.max(sliceNs, idleBesideOthers ? IDLE_MIN_GRANULARITY_NS : minGranularityNs);
  }

  private long periodNs(int tasks) {
    return tasks > TASKS_PER_LATENCY ? tasks * minGranularityNs : latencyNs;
  }

  private static boolean onlyIdleClass(FairQueue queue) {
    Entity running = queue.queuedCurrent();
    boolean only = running == null || running.isIdleClass();
    for (int i = 0; only && i < queue.treeSize(); i++) {
      only = queue.treeEntity(i).isIdleClass();
    }
    return only && queue.queuedCount > 0;
  }

  // --- Placement ---

  /// A new entity starts a slice behind (START_DEBIT); one that slept, up to half a latency before,
  /// of the idle class half a granularity (GENTLE_FAIR_SLEEPERS), but never before its own vruntime
  /// (`place_entity`).
  @Override
  public void place(FairQueue queue, Entity entity, boolean initial) {
    if (initial) {
      entity.vruntime = queue.minVruntime + entity.virtual(sliceNs(queue, entity));
      return;
    }
    if (entity.vruntimeRelative) {
      entity.vruntime += queue.minVruntime;
      entity.vruntimeRelative = false;
    }
    long credit = entity.isIdleClass() ? minGranularityNs : latencyNs;
    entity.vruntime = Math.max(entity.vruntime, queue.minVruntime - credit / 2);
  }

  @Override
  public boolean delaysDequeue(FairQueue queue, Entity entity) {
    return false;
  }

  @Override
  public void leave(FairQueue queue, Entity entity, boolean moving) {}

  @Override
  public void changeQueue(FairQueue from, Entity entity) {
    if (entity.vruntimeRelative) {
      return;
    }
    entity.vruntime -= from.minVruntime;
    entity.vruntimeRelative = true;
  }

  @Override
  public void left(FairQueue queue) {
    updateMinVruntime(queue);
  }

  @Override
  public void requeueDelayed(FairQueue queue, Entity entity) {
    throw new IllegalStateException("CFS delays no dequeue: " + entity);
  }

  /// Nothing is kept in service: vruntime stays where it is (`reweight_entity`).
  @Override
  public void reweight(FairQueue queue, Entity entity, long weight, long inverse, long nowNs) {
    if (!entity.onQueue) {
      entity.setWeight(weight, inverse);
      return;
    }
    if (queue.current == entity) {
      queue.updateCurrent(nowNs);
    }
    queue.reweighQueued(entity, weight, inverse);
  }

  // --- The running entity ---

  @Override
  public void switchedIn(FairQueue queue, Entity entity) {
    entity.sumExecAtSwitchNs = entity.sumExecNs;
  }

  @Override
  public boolean charged(FairQueue queue, Entity current) {
    updateMinVruntime(queue);
    return false;
  }

  private static void updateMinVruntime(FairQueue queue) {
    Entity running = queue.queuedCurrent();
    long least = running == null ? Long.MAX_VALUE : running.vruntime;
    for (int i = 0; i < queue.treeSize(); i++) {
      least = Math.min(least, queue.treeEntity(i).vruntime);
    }
    if (least != Long.MAX_VALUE) {
      queue.minVruntime = Math.max(queue.minVruntime, least);
    }
  }

  /// It must give way once it has run its slice, or, after the least granularity, once it is a
  /// slice ahead of the one that has run least (`check_preempt_tick`).
  @Override
  public void tick(FairQueue queue, Entity current) {
    Entity leftmost = leftmost(queue);
    if (leftmost == null) {
      return;
    }
    long sliceNs = sliceNs(queue, current);
    long ranNs = current.sumExecNs - current.sumExecAtSwitchNs;
    if (ranNs > sliceNs) {
      queue.runqueue.requestReschedule();
      clearBuddies(queue, current);
    } else if (ranNs >= minGranularityNs && current.vruntime - leftmost.vruntime > sliceNs) {
      queue.runqueue.requestReschedule();
    }
  }

  /// It is passed over once, at every level, if another is near (`set_skip_buddy`).
  @Override
  public void yield(FairQueue queue, Entity entity) {
    for (Entity level = entity; level != null; level = level.parent()) {
      level.queue.skip = level;
    }
  }

  // --- Wake-up preemption and buddies ---

  /// A fork, too, may preempt.
  @Override
  public boolean preempts(FairClass fair, Entity woken, Entity current, boolean fork, long nowNs) {
    if (!within(current, woken)) {
      Yield.setNextBuddy(woken);
      if (crowded(current.queue.runqueue) && current.task != null) {
        setLastBuddy(current);
      }
      return true;
    }
    return false;
  }

  /// Whether `entity` is at most a wake-up granularity behind `first`, scaled by the weight of the
  /// latter: near enough to let the order be bent (`wakeup_preempt_entity`).
  private boolean within(Entity entity, Entity first) {
    return entity.vruntime - first.vruntime <= first.virtual(wakeupGranularityNs);
  }

  private static boolean crowded(Runqueue runqueue) {
    Task running = runqueue.current();
    return running != null && running.entity.queue.queuedCount >= TASKS_PER_LATENCY;
  }

  private static void setLastBuddy(Entity from) {
    Entity level = from;
    while (level != null && level.onQueue && !level.isIdleClass()) {
      level.queue.last = level;
      level = level.parent();
    }
  }

  /// Upwards, too, as far as the levels name it.
  @Override
  public void clearBuddies(FairQueue queue, Entity entity) {
    for (Entity e = entity; e != null && e.queue.last == e; e = e.parent()) {
      e.queue.last = null;
    }
    for (Entity e = entity; e != null && e.queue.next == e; e = e.parent()) {
      e.queue.next = null;
    }
    for (Entity e = entity; e != null && e.queue.skip == e; e = e.parent()) {
      e.queue.skip = null;
    }
  }

  // --- Picking ---

  /// The entity that has run least, unless it is to be skipped or a buddy is near
  /// (`pick_next_entity`).
  @Override
  public Entity pick(FairQueue queue) {
    Entity running = queue.queuedCurrent();
    Entity inTree = leftmost(queue);
    Entity first = inTree;
    if (first == null || (running != null && running.vruntime < first.vruntime)) {
      first = running;
    }
    if (first == null) {
      throw new IllegalStateException("nobody to pick on " + queue);
    }
    Entity picked = first;
    if (queue.skip == first) {
      Entity second = first == running ? inTree : second(queue, first, running);
      if (second != null && within(second, first)) {
        picked = second;
      }
    }
    if (queue.next != null && within(queue.next, first)) {
      picked = queue.next;
    } else if (queue.last != null && within(queue.last, first)) {
      picked = queue.last;
    }
    return picked;
  }

  private @Nullable Entity leftmost(FairQueue queue) {
    Entity best = null;
    for (int i = 0; i < queue.treeSize(); i++) {
      Entity entity = queue.treeEntity(i);
      if (best == null || before(entity, best)) {
        best = entity;
      }
    }
    return best;
  }

  /// The one that follows `first` of the tree, there or running.
  private @Nullable Entity second(FairQueue queue, Entity first, @Nullable Entity running) {
    Entity best = null;
    for (int i = 0; i < queue.treeSize(); i++) {
      Entity entity = queue.treeEntity(i);
      if (entity != first && (best == null || before(entity, best))) {
        best = entity;
      }
    }
    boolean runningBefore = running != null && (best == null || running.vruntime < best.vruntime);
    return runningBefore ? running : best;
  }

  @Override
  public boolean before(Entity a, Entity b) {
    return a.vruntime < b.vruntime || (a.vruntime == b.vruntime && a.treeSequence < b.treeSequence);
  }
}
