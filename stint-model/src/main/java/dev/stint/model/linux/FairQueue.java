package dev.stint.model.linux;

import dev.stint.model.time.Invariant;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One CPU's queue of a task group's entities, scheduled by EEVDF (`struct cfs_rq`; Stoica and
/// Abdel-Wahab, "Earliest Eligible Virtual Deadline First", 1995; facts: linux.md §1).
///
/// The running entity is *current* and not in the tree, but it counts in every sum while it is on
/// the queue. Delayed entities stay in the tree.
final class FairQueue {
  /*
   * V, the queue's virtual time, is floor(sum(w*v) / sum(w)) over current and tree. The sums over
   * the tree are kept relative to `zero`, so that products stay small:
   * treeWeightedVruntime = sum(w * (v - zero)). Moving zero by x subtracts x * treeWeight, and V
   * does not change. An entity is eligible when its lag is not negative; with integers and a floor
   * that is exactly v <= V:
   * sum(w_j*(v_j - v)) >= 0  <=>  sum(w_j*v_j)/W >= v  <=>  floor(...) >= v.
   *
   * The "tree" is a flat array: with the few entities that share a CPU a scan beats a balanced tree
   * (docs/performance.md).
   * Ties in deadline go to the entity inserted first.
   */
  final Runqueue runqueue;
  final TaskGroup group;

  /// The group's entity one level up, null for the root queue.
  @Nullable Entity ownEntity;

  @Nullable Entity current;
  @Nullable Entity next;

  private Entity[] tree = new Entity[4];
  private int treeSize;
  private long treeWeight;
  private long treeWeightedVruntime;
  private long zero;
  private long insertSequence;

  /// Entities on the queue, current and delayed ones included.
  int queuedCount;

  /// Sum of internal weights of the entities on the queue.
  long loadWeight;

  /// Tasks below, all levels: those not delayed, and all.
  int runnableTaskCount;

  int queuedTaskCount;

  /// Bandwidth: see [Bandwidth].
  long runtimeRemainingNs;

  boolean throttled;
  int throttleCount;
  long throttledSinceNs = -1;
  boolean unthrottlePending;

  /// Tasks that parked themselves until the queue is unthrottled, last parked first.
  final ArrayDeque<Task> limbo = new ArrayDeque<>(0);

  FairQueue(Runqueue runqueue, TaskGroup group) {
    this.runqueue = runqueue;
    this.group = group;
  }

  // --- Virtual time ---

  private @Nullable Entity queuedCurrent() {
    Entity entity = current;
    return entity != null && entity.onQueue ? entity : null;
  }

  /// Sum of the user-scale weights of current and tree.
  long totalWeight() {
    Entity running = queuedCurrent();
    return treeWeight + (running == null ? 0 : running.downWeight);
  }

  /// V: the weighted mean of all vruntimes, rounded down; of an empty queue, the last one.
  long virtualTime() {
    long weight = treeWeight;
    long weighted = treeWeightedVruntime;
    Entity running = queuedCurrent();
    if (running != null) {
      weight += running.downWeight;
      weighted += (running.vruntime - zero) * running.downWeight;
    }
    return weight == 0 ? zero : zero + Math.floorDiv(weighted, weight);
  }

  boolean eligible(Entity entity) {
    return entity.vruntime <= virtualTime();
  }

  private void moveZero(long target) {
    treeWeightedVruntime -= (target - zero) * treeWeight;
    zero = target;
  }

  // --- The tree ---

  void insert(Entity entity) {
    Invariant.check(entity.treeIndex < 0, "an entity is in one tree once");
    if (treeSize == 0) {
      zero = queuedCurrent() == null ? entity.vruntime : virtualTime();
      treeWeightedVruntime = 0;
    }
    if (treeSize == tree.length) {
      tree = Arrays.copyOf(tree, treeSize * 2);
    }
    entity.treeIndex = treeSize;
    entity.treeSequence = insertSequence++;
    tree[treeSize++] = entity;
    treeWeight += entity.downWeight;
    treeWeightedVruntime += (entity.vruntime - zero) * entity.downWeight;
  }

  void remove(Entity entity) {
    int at = entity.treeIndex;
    Invariant.check(at >= 0 && tree[at] == entity, "an entity leaves the tree it is in");
    if (treeSize > 1) {
      moveZero(virtualTime());
    }
    treeWeight -= entity.downWeight;
    treeWeightedVruntime -= (entity.vruntime - zero) * entity.downWeight;
    if (treeSize == 1) {
      zero = entity.vruntime;
    }
    Entity last = tree[--treeSize];
    tree[at] = last;
    last.treeIndex = at;
    entity.treeIndex = -1;
  }

  int treeSize() {
    return treeSize;
  }

  Entity treeEntity(int index) {
    return tree[index];
  }

  /// Called before the last entity leaves, so that an empty queue keeps its V.
  private void keepVirtualTime() {
    if (queuedCount == 1 && treeSize == 0 && current != null) {
      zero = current.vruntime;
    }
  }

  /// The least slice on the queue, current included; `Long.MAX_VALUE` when empty.
  long minSliceNs() {
    Entity running = queuedCurrent();
    return Math.min(running == null ? Long.MAX_VALUE : running.sliceNs, minTreeSliceNs());
  }

  private long minTreeSliceNs() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < treeSize; i++) {
      least = Math.min(least, tree[i].sliceNs);
    }
    return least;
  }

  private long maxSliceNs() {
    Entity running = queuedCurrent();
    long most = running == null ? 0 : running.sliceNs;
    for (int i = 0; i < treeSize; i++) {
      most = Math.max(most, tree[i].sliceNs);
    }
    return most;
  }

  // --- Lag, placement, protection ---

  /// Stores the entity's lag, clamped; the entity still counts in V (`update_entity_lag`).
  void captureLag(Entity entity) {
    LinuxKernel kernel = runqueue.kernel;
    long bound =
        kernel.config.version().lagClampedByQueue()
            ? maxSliceNs() + kernel.tickNs
            : Math.max(2 * entity.sliceNs, kernel.tickNs);
    long limit = entity.virtual(bound);
    entity.vlag = Math.clamp(virtualTime() - entity.vruntime, -limit, limit);
  }

  /// Gives an entity that joins (or is re-placed) its vruntime and deadline (`place_entity`). With
  /// lag kept, joining would move V by the newcomer's own weight and so shrink its lag; it is
  /// inflated by (W + w) / W to come out right.
  void place(Entity entity, boolean initial) {
    if (!entity.sliceCustom) {
      entity.sliceNs = runqueue.kernel.baseSliceNs;
    }
    long virtualSlice = entity.virtual(entity.sliceNs);
    long lag = 0;
    if (queuedCount > 0 && entity.vlag != 0) {
      long load = totalWeight();
      lag = entity.vlag * (load + entity.downWeight) / Math.max(1, load);
    }
    entity.vruntime = virtualTime() - lag;
    if (entity.deadlineRelative) {
      entity.deadline += entity.vruntime;
      entity.deadlineRelative = false;
      return;
    }
    entity.deadline = entity.vruntime + (initial ? virtualSlice / 2 : virtualSlice);
  }

  /// Protects a newly switched-in entity for the shortest request that waits (`set_protect_slice`).
  void protect(Entity entity) {
    entity.protectedUntil = entity.deadline;
    if (!runqueue.kernel.config.version().sliceProtection()) {
      return;
    }
    long quantum = Math.min(minTreeSliceNs(), entity.sliceNs);
    if (quantum < entity.sliceNs) {
      entity.protectedUntil = Math.min(entity.deadline, entity.vruntime + entity.virtual(quantum));
    }
  }

  /// Before slice protection: a waking entity with a shorter request ends the current one's
  /// protection if it is eligible and its deadline is earlier or the other is not eligible
  /// (`do_preempt_short`).
  boolean shorterPreempts(Entity woken, Entity running) {
    return eligible(woken) && (woken.deadline < running.deadline || !eligible(running));
  }

  /// After a wake-up that did not preempt: the current entity's protection shrinks to the least
  /// slice queued.
  void trimProtection(Entity entity) {
    entity.protectedUntil =
        Math.min(entity.protectedUntil, entity.vruntime + entity.virtual(minSliceNs()));
  }

  // --- Charging ---

  /// Charges the current entity up to now (`update_curr`).
  void updateCurrent(long nowNs) {
    Entity entity = current;
    if (entity == null) {
      return;
    }
    long clock = runqueue.clockTaskNs(nowNs);
    long delta = clock - entity.execStartNs;
    if (delta <= 0) {
      return;
    }
    entity.execStartNs = clock;
    entity.sumExecNs += delta;
    entity.vruntime += entity.virtual(delta);
    boolean expired = entity.vruntime >= entity.deadline;
    if (expired) {
      if (!entity.sliceCustom) {
        entity.sliceNs = runqueue.kernel.baseSliceNs;
      }
      entity.deadline = entity.vruntime + entity.virtual(entity.sliceNs);
    }
    group.bandwidth.charge(this, delta, nowNs);
    if (queuedCount <= 1) {
      return;
    }
    if (expired || mayBeOutpicked(entity)) {
      runqueue.requestReschedule();
      clearBuddy(entity);
    }
  }

  /// Whether the current entity's protection is over. Before slice protection, only a shorter
  /// request could end it early, and then its eligibility counts (`did_preempt_short`).
  private boolean mayBeOutpicked(Entity entity) {
    return !entity.isProtected()
        && (runqueue.kernel.config.version().sliceProtection() || !eligible(entity));
  }

  void clearBuddy(Entity entity) {
    if (next == entity) {
      next = null;
    }
  }

  // --- Accounting of members ---

  void accountEnqueue(Entity entity) {
    changeLoad(entity.weight);
    queuedCount++;
  }

  void accountDequeue(Entity entity) {
    keepVirtualTime();
    changeLoad(-entity.weight);
    queuedCount--;
  }

  private void changeLoad(long weightDelta) {
    long before = Weights.down(loadWeight);
    loadWeight += weightDelta;
    group.totalLoad += Weights.down(loadWeight) - before;
  }

  /// Changes an entity's weight, keeping its lag in service and the progress of its request
  /// (`reweight_entity`).
  void reweight(Entity entity, long weight, long inverse, long nowNs) {
    boolean isCurrent = current == entity;
    boolean keepProtection = false;
    if (entity.onQueue) {
      updateCurrent(nowNs);
      captureLag(entity);
      entity.deadline -= entity.vruntime;
      entity.deadlineRelative = true;
      keepProtection = isCurrent && entity.isProtected() && keepProtectionOnReweight(entity);
      queuedCount--;
      if (!isCurrent) {
        remove(entity);
      }
      changeLoad(-entity.weight);
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
      changeLoad(entity.weight);
      place(entity, false);
      if (keepProtection) {
        entity.protectedUntil += entity.vruntime;
      }
      if (!isCurrent) {
        insert(entity);
      }
      queuedCount++;
    }
  }

  /// Whether the protection of a current entity must be scaled with its weight. If not, it stays as
  /// it is, or (before slice protection) is lost.
  private boolean keepProtectionOnReweight(Entity entity) {
    KernelVersion version = runqueue.kernel.config.version();
    if (version.protectionFollowsReweight()) {
      entity.protectedUntil -= entity.vruntime;
      return true;
    }
    if (!version.sliceProtection()) {
      entity.cancelProtection();
    }
    return false;
  }

  // --- Picking ---

  /// The entity to run: earliest virtual deadline among the eligible (`pick_eevdf`). It may be a
  /// delayed one.
  Entity pick(boolean honourProtection) {
    Entity running = queuedCurrent();
    if (queuedCount == 1) {
      return running != null ? running : tree[0];
    }
    long virtualTime = virtualTime();
    Entity buddy = next;
    if (buddy != null
        && buddy.vruntime <= virtualTime
        && runqueue.kernel.config.version().pickBuddy()) {
      return buddy;
    }
    if (running != null && running.vruntime > virtualTime) {
      running = null;
    }
    if (running != null && honourProtection && running.isProtected()) {
      return running;
    }
    Entity best = earliestEligible(virtualTime);
    if (best == null || (running != null && running.deadline < best.deadline)) {
      best = running;
    }
    if (best == null) {
      throw new IllegalStateException("no eligible entity on " + this);
    }
    return best;
  }

  private @Nullable Entity earliestEligible(long virtualTime) {
    Entity best = null;
    for (int i = 0; i < treeSize; i++) {
      Entity entity = tree[i];
      if (entity.vruntime <= virtualTime && (best == null || before(entity, best))) {
        best = entity;
      }
    }
    return best;
  }

  private static boolean before(Entity a, Entity b) {
    return a.deadline < b.deadline || (a.deadline == b.deadline && a.treeSequence < b.treeSequence);
  }

  /// The sum of w x (V - v) over the queue: lags cancel, but for the floor in V, so it lies in (-W,
  /// 0].
  long lagSum() {
    long virtualTime = virtualTime();
    long sum = 0;
    Entity running = queuedCurrent();
    if (running != null) {
      sum += running.downWeight * (virtualTime - running.vruntime);
    }
    for (int i = 0; i < treeSize; i++) {
      sum += tree[i].downWeight * (virtualTime - tree[i].vruntime);
    }
    return sum;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(group)
        .append(" on cpu")
        .append(runqueue.cpu)
        .append(" V=")
        .append(virtualTime())
        .append(" queued=")
        .append(queuedCount)
        .append(throttled ? " throttled" : "");
    if (current != null) {
      text.append("\n  current ").append(current);
    }
    Entity[] sorted = Arrays.copyOf(tree, treeSize);
    Arrays.sort(sorted, (a, b) -> before(a, b) ? -1 : 1);
    for (Entity entity : sorted) {
      text.append("\n  ").append(entity.vruntime <= virtualTime() ? "E " : "N ").append(entity);
    }
    return text.toString();
  }
}
