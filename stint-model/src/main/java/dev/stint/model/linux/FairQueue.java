package dev.stint.model.linux;

import dev.stint.model.time.Invariant;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One CPU's queue of a task group's entities (`struct cfs_rq`; facts: linux.md §1). Who of them
/// runs is for the kernel's [FairRules] to say.
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
   * The "tree" is a flat array: with the few entities that share a CPU a scan beats a balanced
   * tree.
   */
  /// From this distance on zero moves to V when an entity leaves: w * (v - zero) stays below 2^50.
  private static final long ZERO_FAR_NS = 1L << 30;

  private static final FairQueue[] NONE = {};

  final Runqueue runqueue;
  final TaskGroup group;
  private final FairRules rules;

  /// The group's entity one level up, null for the root queue.
  @Nullable Entity ownEntity;

  /// The queues of its group's children on this CPU, as far as made, in the order of the children.
  private FairQueue[] below = NONE;

  private int belowCount;

  @Nullable Entity current;

  /// Buddies: the entity to favour, and under CFS the one to return to and the one to pass over.
  @Nullable Entity next;

  @Nullable Entity last;
  @Nullable Entity skip;

  /// Under CFS: the least vruntime, never going back.
  long minVruntime;

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

  /// The load of all its entities, asleep or not (`cfs_rq.avg`), and how it is kept.
  final LoadAverage average = new LoadAverage();

  final QueueLoad load;

  /// Bandwidth: see [Bandwidth].
  long runtimeRemainingNs;

  /// Charged since its CPU was last able to stop the task.
  long unstoppedChargeNs;

  boolean throttled;

  /// Throttled and off its parent's queue with all its tasks: see [GroupThrottle].
  boolean heldBack;

  int throttleCount;
  long throttledSinceNs = -1;
  long throttledHierarchySinceNs = -1;
  long throttledHierarchyNs;
  boolean unthrottlePending;

  /// Tasks that parked themselves until the queue is unthrottled, last parked first.
  final ArrayDeque<Task> limbo = new ArrayDeque<>(0);

  FairQueue(Runqueue runqueue, TaskGroup group) {
    this.runqueue = runqueue;
    this.group = group;
    rules = runqueue.kernel.rules;
    load = new QueueLoad(this, runqueue.kernel.cpuCount() > 1);
  }

  // --- The queues below ---

  void addBelow(FairQueue queue) {
    if (belowCount == below.length) {
      below = Arrays.copyOf(below, Math.max(2, 2 * belowCount));
    }
    int at = belowCount++;
    while (at > 0 && below[at - 1].group.order() > queue.group.order()) {
      below[at] = below[at - 1];
      at--;
    }
    below[at] = queue;
  }

  int belowCount() {
    return belowCount;
  }

  FairQueue below(int index) {
    return below[index];
  }

  // --- Virtual time ---

  /// The current entity while it is on the queue (it may be about to sleep), else null.
  @Nullable Entity queuedCurrent() {
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
    if (treeSize > 1 && Math.abs(entity.vruntime - zero) > ZERO_FAR_NS) {
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
    Entity running = queuedCurrent();
    if (queuedCount == 1 && running != null) {
      zero = running.vruntime;
    }
  }

  /// The least slice on the queue, current included; `Long.MAX_VALUE` when empty.
  long minSliceNs() {
    Entity running = queuedCurrent();
    return Math.min(running == null ? Long.MAX_VALUE : running.sliceNs, minTreeSliceNs());
  }

  long minTreeSliceNs() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < treeSize; i++) {
      least = Math.min(least, tree[i].sliceNs);
    }
    return least;
  }

  long maxSliceNs() {
    Entity running = queuedCurrent();
    long most = running == null ? 0 : running.sliceNs;
    for (int i = 0; i < treeSize; i++) {
      most = Math.max(most, tree[i].sliceNs);
    }
    return most;
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
    boolean givesWay = rules.charged(this, entity);
    group.bandwidth.charge(this, delta, nowNs);
    if (givesWay) {
      runqueue.requestRescheduleLazily();
      rules.clearBuddies(this, entity);
    }
  }

  /// Whether every task below is a SCHED_IDLE task or within a group with `cpu.idle`; walks all of
  /// them.
  boolean onlyIdleClass() {
    Entity running = queuedCurrent();
    if (running != null && !running.onlyIdleClass()) {
      return false;
    }
    for (int i = 0; i < treeSize; i++) {
      if (!tree[i].onlyIdleClass()) {
        return false;
      }
    }
    return true;
  }

  // --- Accounting of members ---

  void accountEnqueue(Entity entity) {
    loadWeight += entity.weight;
    queuedCount++;
    if (entity.task != null) {
      runqueue.balance.tasks.addFirst(entity.task);
    }
  }

  void accountDequeue(Entity entity) {
    keepVirtualTime();
    loadWeight -= entity.weight;
    queuedCount--;
    if (entity.task != null) {
      runqueue.balance.tasks.remove(entity.task);
    }
  }

  /// Gives an entity of the queue another weight where it stands.
  void reweighQueued(Entity entity, long weight, long inverse) {
    changeLoad(weight - entity.weight);
    long before = entity.downWeight;
    entity.setWeight(weight, inverse);
    if (current != entity) {
      treeWeight += entity.downWeight - before;
      treeWeightedVruntime += (entity.vruntime - zero) * (entity.downWeight - before);
    }
  }

  /// The weight of an entity of the queue changes: the sums follow.
  void changeLoad(long weightDelta) {
    loadWeight += weightDelta;
  }

  /// Gives a group entity another weight, on the queue or off it.
  void reweight(Entity entity, long weight, long nowNs) {
    reweight(entity, weight, Weights.inverseOf(weight), nowNs);
  }

  /// Changes an entity's weight, on the queue or off it (`reweight_entity`).
  void reweight(Entity entity, long weight, long inverse, long nowNs) {
    load.reweighting(entity);
    rules.reweight(this, entity, weight, inverse, nowNs);
    load.reweighted(entity);
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
        .append(
            group.bandwidth.limited()
                ? " left=" + runtimeRemainingNs + " pool=" + group.bandwidth.runtimeNs()
                : "")
        .append(throttled ? " throttled" : "");
    if (current != null) {
      text.append("\n  current ").append(current);
    }
    Entity[] sorted = Arrays.copyOf(tree, treeSize);
    Arrays.sort(sorted, (a, b) -> rules.before(a, b) ? -1 : 1);
    for (Entity entity : sorted) {
      text.append("\n  ").append(entity.vruntime <= virtualTime() ? "E " : "N ").append(entity);
    }
    return text.toString();
  }
}
