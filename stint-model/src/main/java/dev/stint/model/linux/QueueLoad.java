package dev.stint.model.linux;

import org.jspecify.annotations.Nullable;

/// The load of one queue and how it changes as entities come, go, sleep and move; and how a group's
/// load shows in the entity that stands for it (`update_load_avg` and below; facts: linux.md §4).
///
/// On a kernel with one CPU nothing reads a load, so none is kept: [#tracked] is false and every
/// method returns at once.
final class QueueLoad {
  /*
   * A queue's sums contain those of all its entities, sleeping ones included: they decay together,
   * so a sleeper needs no visit. An entity that leaves for good takes its part with it: at once
   * when the balancer moves it; by a note (removed*) that the queue reads at its next update when
   * it wakes elsewhere.
   *
   * A group entity's utilisation and runnable load are those of the queue below it. Its load is its
   * own, weight times the time it was queued; a task that arrives or leaves below adds or takes its
   * load sum (propagated), within the bounds 0..divider, and not below the time the group ran.
   */
  private static final int SCALE_SHIFT = 10;
  private static final long CAPACITY = 1024;

  /// A hundredth of the capacity (`UTIL_EST_MARGIN`).
  private static final long ESTIMATE_MARGIN = CAPACITY / 100;

  private final FairQueue queue;
  private final LoadAverage average;
  private final boolean tracked;
  private PeltClock clock = PeltClock.NEVER_STOPPED;
  private final PeltStep step;

  private int removedCount;
  private long removedLoad;
  private long removedUtil;
  private long removedRunnable;

  private boolean propagated;
  private long propagatedSum;

  /// Its part of [TaskGroup#loadAvg] (`tg_load_avg_contrib`).
  long contribution;

  /// When that was last changed.
  long publishedNs = Long.MIN_VALUE / 2;

  private long hierarchicalLoad;
  private long hierarchicalJiffy = -1;

  QueueLoad(FairQueue queue, boolean tracked) {
    this.queue = queue;
    this.average = queue.average;
    this.tracked = tracked;
    step = queue.runqueue.peltStep;
    average.lastUpdateNs = 0;
  }

  boolean tracked() {
    return tracked;
  }

  private long clockNs(long nowNs) {
    return clock.readNs(queue.runqueue.clockTaskNs(nowNs));
  }

  // --- Updates ---

  /// Ages one of this queue's entities and the queue up to now (`update_load_avg`).
  void update(Entity entity, long nowNs) {
    if (tracked) {
      age(entity, nowNs);
    }
  }

  /// As [#update], and tells the group of the change.
  void updateAndPublish(Entity entity, long nowNs) {
    if (tracked && age(entity, nowNs)) {
      GroupShares.publish(queue, nowNs);
    }
  }

  /// As [#updateAndPublish], for an entity that joins: one that came from elsewhere brings its
  /// load.
  void updateAndAttach(Entity entity, long nowNs) {
    if (!tracked) {
      return;
    }
    boolean changed = age(entity, nowNs);
    if (!entity.average.attached()) {
      attach(entity);
      changed = true;
    }
    if (changed) {
      GroupShares.publish(queue, nowNs);
    }
  }

  /// As [#updateAndPublish], for a task that the balancer takes away: its load goes with it.
  void updateAndDetach(Entity entity, long nowNs) {
    if (!tracked) {
      return;
    }
    age(entity, nowNs);
    detach(entity);
    GroupShares.publish(queue, nowNs);
  }

  private boolean age(Entity entity, long nowNs) {
    long clockNs = clockNs(nowNs);
    LoadAverage own = entity.average;
    if (own.attached()) {
      boolean running = queue.current == entity;
      long queued = entity.onQueue ? 1 : 0;
      if (own.update(step, clockNs, queued, runnable(entity), running, entity.downWeight)) {
        own.utilEstimated = false;
      }
    }
    boolean changed = ageQueue(clockNs);
    return propagate(entity) | changed;
  }

  private static long runnable(Entity entity) {
    if (entity.childQueue != null) {
      return entity.runnableBelow;
    }
    return entity.onQueue && !entity.delayed ? 1 : 0;
  }

  /// `update_cfs_rq_load_avg`.
  private boolean ageQueue(long clockNs) {
    boolean changed = removedCount > 0;
    if (changed) {
      subtractRemoved();
    }
    long load = Weights.down(queue.loadWeight);
    boolean running = queue.current != null;
    return average.update(step, clockNs, load, queue.runnableTaskCount, running, 1) | changed;
  }

  private void subtractRemoved() {
    long divider = average.divider();
    average.removeLoad(removedLoad, removedLoad * divider);
    average.removeUtil(removedUtil, removedUtil * divider);
    average.removeRunnable(removedRunnable, removedRunnable * divider);
    // Nobody knows the load sum of those that left; the runnable sum is taken for it.
    addPropagation(-(removedRunnable * divider) >> SCALE_SHIFT);
    removedCount = 0;
    removedLoad = 0;
    removedUtil = 0;
    removedRunnable = 0;
  }

  private void addPropagation(long sum) {
    propagated = true;
    propagatedSum += sum;
  }

  // --- Coming and going ---

  /// `attach_entity_load_avg`: the newcomer's segments are aligned to the queue's, and its sums
  /// follow from its averages.
  private void attach(Entity entity) {
    LoadAverage joining = entity.average;
    long divider = average.divider();
    joining.lastUpdateNs = average.lastUpdateNs;
    joining.periodContrib = average.periodContrib;
    joining.utilSum = joining.utilAvg * divider;
    joining.runnableSum = joining.runnableAvg * divider;
    long weighted = joining.loadAvg * divider;
    joining.loadSum = entity.downWeight < weighted ? weighted / entity.downWeight : 1;
    average.addLoad(joining, entity.downWeight);
    average.utilAvg += joining.utilAvg;
    average.utilSum += joining.utilSum;
    average.runnableAvg += joining.runnableAvg;
    average.runnableSum += joining.runnableSum;
    addPropagation(joining.loadSum);
  }

  /// `detach_entity_load_avg`.
  private void detach(Entity entity) {
    LoadAverage leaving = entity.average;
    average.removeLoad(leaving.loadAvg, entity.downWeight * leaving.loadSum);
    average.removeUtil(leaving.utilAvg, leaving.utilSum);
    average.removeRunnable(leaving.runnableAvg, leaving.runnableSum);
    addPropagation(-leaving.loadSum);
    leaving.lastUpdateNs = LoadAverage.DETACHED;
  }

  /// Before the run begins, as [#attachGroup] of an entity of this weight that has still to be
  /// made: a load sum of 1, the least that an entity with a weight has.
  void announceGroup(long downWeight) {
    if (tracked) {
      average.loadSum += downWeight;
      addPropagation(1);
    }
  }

  /// Makes an entity what it would be by now had it been made when it was announced, and nothing
  /// been queued below it.
  void attachAnnounced(Entity entity) {
    if (tracked) {
      entity.average.lastUpdateNs = 0;
      entity.average.loadSum = 1;
    }
  }

  /// A new group's entity starts without load.
  void attachGroup(Entity entity, long nowNs) {
    if (tracked) {
      ageQueue(clockNs(nowNs));
      attach(entity);
      GroupShares.publish(queue, nowNs);
    }
  }

  /// A new task counts as always queued, and as using part of what is spare here
  /// (`init_entity_runnable_average`, `post_init_entity_util_avg`).
  void startTask(Entity entity) {
    if (!tracked) {
      return;
    }
    LoadAverage fresh = entity.average;
    fresh.loadAvg = entity.downWeight;
    long cap = (CAPACITY - average.utilAvg) / 2;
    if (cap > 0) {
      fresh.utilAvg =
          average.utilAvg == 0
              ? cap
              : Math.min(cap, average.utilAvg * entity.downWeight / (average.loadAvg + 1));
    }
    fresh.runnableAvg = fresh.utilAvg;
  }

  /// A sleeping task leaves this queue for ever: it wakes on another CPU, or has ended
  /// (`remove_entity_load_avg`, `migrate_se_pelt_lag`).
  void remove(Entity entity, long nowNs) {
    LoadAverage leaving = entity.average;
    if (!tracked || !leaving.attached()) {
      return;
    }
    leaving.update(step, average.lastUpdateNs, 0, 0, false, entity.downWeight);
    removedCount++;
    removedLoad += leaving.loadAvg;
    removedUtil += leaving.utilAvg;
    removedRunnable += leaving.runnableAvg;
    if (queue.runqueue.current() == null && !leaving.decayed()) {
      leaving.update(step, clockNs(nowNs), 0, 0, false, entity.downWeight);
    }
    leaving.lastUpdateNs = LoadAverage.DETACHED;
  }

  /// An entity's weight changes (`reweight_entity`): between this and [#reweighted].
  void reweighting(Entity entity) {
    if (tracked && entity.average.attached()) {
      average.removeLoad(entity.average.loadAvg, entity.downWeight * entity.average.loadSum);
    }
  }

  /// The entity has its new weight.
  void reweighted(Entity entity) {
    if (tracked && entity.average.attached()) {
      LoadAverage own = entity.average;
      own.loadAvg = entity.downWeight * own.loadSum / own.divider();
      average.addLoad(own, entity.downWeight);
    }
  }

  // --- From a group's queue to its entity ---

  /// `propagate_entity_load_avg`.
  private boolean propagate(Entity entity) {
    FairQueue child = entity.childQueue;
    if (child == null || !child.load.propagated) {
      return false;
    }
    QueueLoad below = child.load;
    below.propagated = false;
    addPropagation(below.propagatedSum);
    copyUtil(entity.average, child.average);
    copyRunnable(entity.average, child.average);
    propagateLoad(entity, below);
    return true;
  }

  private void copyUtil(LoadAverage own, LoadAverage below) {
    long change = below.utilAvg - own.utilAvg;
    if (change == 0) {
      return;
    }
    own.utilAvg = below.utilAvg;
    long sumChange = own.utilAvg * average.divider() - own.utilSum;
    own.utilSum += sumChange;
    average.removeUtil(-change, -sumChange);
  }

  private void copyRunnable(LoadAverage own, LoadAverage below) {
    long change = below.runnableAvg - own.runnableAvg;
    if (change == 0) {
      return;
    }
    own.runnableAvg = below.runnableAvg;
    long sumChange = own.runnableAvg * average.divider() - own.runnableSum;
    own.runnableSum += sumChange;
    average.removeRunnable(-change, -sumChange);
  }

  private void propagateLoad(Entity entity, QueueLoad below) {
    long sum = below.propagatedSum;
    if (sum == 0) {
      return;
    }
    below.propagatedSum = 0;
    LoadAverage own = entity.average;
    long divider = average.divider();
    if (sum > 0) {
      // The union of two loads is at most their sum, and at most everything.
      sum = Math.min(own.loadSum + sum, divider);
    } else {
      // What is left cannot be more than before, nor than the mean of what is queued below.
      long weightBelow = Weights.down(below.queue.loadWeight);
      long mean = weightBelow == 0 ? 0 : below.average.loadSum / weightBelow;
      sum = Math.min(own.loadSum, mean);
    }
    sum = Math.max(sum, own.utilSum >> SCALE_SHIFT);
    long weighted = entity.downWeight * sum;
    long change = weighted / divider - own.loadAvg;
    if (change == 0) {
      return;
    }
    long sumChange = weighted - entity.downWeight * own.loadSum;
    own.loadSum = sum;
    own.loadAvg += change;
    average.removeLoad(-change, -sumChange);
  }

  // --- Blocked load ---

  /// Ages the queue though nothing happens on it, and tells the group and its entity one level up:
  /// one queue's part of [BlockedLoad].
  void decayBlocked(long nowNs) {
    if (queue.queuedCount == 0
        && removedCount == 0
        && !propagated
        && average.decayed()
        && contribution == 0) {
      return;
    }
    if (ageQueue(clockNs(nowNs))) {
      GroupShares.publish(queue, nowNs);
    }
    Entity own = queue.ownEntity;
    if (own != null && (own.average.loadAvg != 0 || own.average.utilAvg != 0 || propagated)) {
      own.queue.load.updateAndPublish(own, nowNs);
    }
  }

  // --- Throttling ---

  /// The queue's last entity has left, or it was throttled while empty.
  void stopClock(long nowNs) {
    boolean asWhole = queue.runqueue.kernel.groupThrottle != null;
    if (tracked && queue.throttleCount > 0 && (asWhole || queue.queuedCount == 0)) {
      clock = clock.stop(queue.runqueue.clockTaskNs(nowNs));
    }
  }

  /// The queue has an entity, or is not throttled any more.
  void startClock(long nowNs) {
    boolean asWhole = queue.runqueue.kernel.groupThrottle != null;
    if (tracked && (!asWhole || queue.throttleCount == 0)) {
      clock.start(queue.runqueue.clockTaskNs(nowNs));
    }
  }

  // --- Estimated utilisation ---

  /// A task is enqueued on this root queue's CPU: what it is expected to use counts at once
  /// (`util_est_enqueue`).
  void expect(Entity task) {
    average.utilEst += task.average.utilEst;
  }

  /// It leaves the CPU (`util_est_dequeue`).
  void expectNoMore(Entity task) {
    average.utilEst -= Math.min(average.utilEst, task.average.utilEst);
  }

  /// A task goes to sleep: its estimate follows what it used, upwards at once, downwards by a
  /// quarter, and not where it did not get all it wanted (`util_est_update`).
  static void estimate(LoadAverage task) {
    if (task.utilEstimated) {
      return;
    }
    long used = task.utilAvg;
    long excess = task.utilEst - used;
    if (excess <= 0) {
      task.utilEst = used;
    } else if (excess >= ESTIMATE_MARGIN) {
      if (used > CAPACITY) {
        return;
      }
      if (used + ESTIMATE_MARGIN >= task.runnableAvg) {
        task.utilEst = ((task.utilEst << 2) - excess) >> 2;
      }
    }
    task.utilEstimated = true;
  }

  // --- Reading ---

  /// A task's part of its CPU's load, through all levels of groups (`task_h_load`).
  static long hLoad(Task task, long nowNs) {
    QueueLoad load = task.entity.queue.load;
    return task.entity.average.loadAvg * load.hierarchicalLoad(nowNs) / (load.average.loadAvg + 1);
  }

  /// What of the CPU's load this queue is, as of the current jiffy (`update_cfs_rq_h_load`).
  private long hierarchicalLoad(long nowNs) {
    long jiffy = queue.runqueue.kernel.jiffy(nowNs);
    if (hierarchicalJiffy != jiffy) {
      hierarchicalJiffy = jiffy;
      hierarchicalLoad = loadWithinCpu(queue.ownEntity, nowNs);
    }
    return hierarchicalLoad;
  }

  private long loadWithinCpu(@Nullable Entity own, long nowNs) {
    if (own == null) {
      return average.loadAvg;
    }
    QueueLoad above = own.queue.load;
    return above.hierarchicalLoad(nowNs) * own.average.loadAvg / (above.average.loadAvg + 1);
  }

  @Override
  public String toString() {
    return average + " contrib " + contribution;
  }
}
