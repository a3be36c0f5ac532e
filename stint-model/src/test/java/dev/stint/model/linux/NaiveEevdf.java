package dev.stint.model.linux;

import dev.stint.model.linux.NaiveQueue.Node;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// EEVDF written from its formulas (docs/models/eevdf.md): lists instead of trees, exact integers
/// of any size, nothing kept that can be computed. The oracle of [Eevdf], [FairQueue], [FairClass],
/// [SchedChange] and [Yield] on one CPU.
final class NaiveEevdf {
  /// The points at which the rules changed, told by a number of its own: 612 or 618 and the patch.
  private final boolean marker;

  private final boolean clampByQueue;
  private final boolean relativeProtection;
  private final boolean newPreemption;
  private final long base;
  private final long tick;
  final NaiveQueue root = new NaiveQueue(null);

  /// The running task.
  @Nullable Node running;

  boolean reschedule;

  /// Tasks on the CPU, delayed ones too.
  int tasks;

  /// @param patch 0 for 6.12, else the patch level of 6.18
  NaiveEevdf(int patch, long baseSliceNs, long tickNs) {
    marker = patch == 0;
    clampByQueue = patch >= 26;
    relativeProtection = patch >= 26;
    newPreemption = patch >= 35;
    base = baseSliceNs;
    tick = tickNs;
  }

  // --- Lag and placement ---

  private void captureLag(NaiveQueue level, Node node) {
    long most = level.all().stream().mapToLong(each -> each.slice).max().orElse(0);
    long limit = node.virtual(clampByQueue ? most + tick : Math.max(2 * node.slice, tick));
    node.vlag = Math.max(-limit, Math.min(limit, level.mean() - node.v));
  }

  private void place(NaiveQueue level, Node node, boolean othersQueued, boolean initial) {
    if (!node.custom) {
      node.slice = base;
    }
    long lag = 0;
    if (othersQueued && node.vlag != 0) {
      BigInteger weight = level.weight();
      lag =
          BigInteger.valueOf(node.vlag)
              .multiply(weight.add(BigInteger.valueOf(node.down())))
              .divide(weight.max(BigInteger.ONE))
              .longValueExact();
    }
    node.v = level.mean() - lag;
    long request = node.virtual(node.slice);
    if (node.relative) {
      node.d += node.v;
      node.relative = false;
    } else {
      node.d = node.v + (initial ? request / 2 : request);
    }
  }

  boolean isProtected(Node node) {
    return marker ? node.mark.equals(Optional.of(node.d)) : node.v < node.vprot;
  }

  private static void unprotect(Node node) {
    node.mark = Optional.empty();
    node.vprot = Math.min(node.vprot, node.v);
  }

  // --- Charging ---

  private void charge(NaiveQueue level, long now) {
    Node node = level.current;
    if (node == null || now <= node.chargedUntil) {
      return;
    }
    long ran = now - node.chargedUntil;
    node.chargedUntil = now;
    node.v += node.virtual(ran);
    boolean served = node.v >= node.d;
    if (served) {
      nextRequest(node);
    }
    boolean open = !isProtected(node) && (!marker || !level.eligible(node));
    if (level.all().size() > 1 && (served || open)) {
      reschedule = true;
      if (level.buddy == node) {
        level.buddy = null;
      }
    }
  }

  private void nextRequest(Node node) {
    if (!node.custom) {
      node.slice = base;
    }
    node.d = node.v + node.virtual(node.slice);
  }

  // --- Joining and leaving ---

  void reweight(Node node, long weight, long inverse, long now) {
    NaiveQueue level = node.level;
    boolean current = level.current == node;
    long left = -1;
    if (node.queued) {
      charge(level, now);
      captureLag(level, node);
      node.d -= node.v;
      node.relative = true;
      if (current && marker) {
        node.mark = Optional.empty();
      } else if (current && relativeProtection && isProtected(node)) {
        left = node.vprot - node.v;
      }
      if (!current) {
        NaiveQueue.take(level, node);
      }
    }
    node.vlag = NaiveQueue.scaled(node.vlag, node.weight, weight);
    if (node.relative) {
      node.d = NaiveQueue.scaled(node.d, node.weight, weight);
    }
    left = left < 0 ? left : NaiveQueue.scaled(left, node.weight, weight);
    node.weight = weight;
    node.inverse = inverse;
    if (node.queued) {
      place(level, node, level.all().size() > (current ? 1 : 0), false);
      if (left >= 0) {
        node.vprot = node.v + left;
      }
      if (!current) {
        level.waiting.add(node);
      }
    }
  }

  /// A group's entity follows the group's shares, unless the group is empty. One CPU has them all.
  private void follow(Node node, long now) {
    NaiveQueue below = node.below;
    if (below != null && !below.all().isEmpty() && node.weight != node.shares) {
      long user = Math.max(2, node.shares / 1024);
      reweight(node, node.shares, ((1L << 32) - 1) / user, now);
    }
  }

  private void followUp(@Nullable Node from, long leastSlice, long now) {
    long slice = leastSlice;
    for (Node node = from; node != null; node = node.level.owner) {
      follow(node, now);
      node.slice = slice;
      slice = NaiveQueue.leastSlice(node.level.all());
    }
  }

  void setShares(Node group, long shares, long now) {
    group.shares = shares;
    for (Node node = group; node != null; node = node.level.owner) {
      follow(node, now);
    }
  }

  /// A task joins.
  void enqueue(Node task, boolean initial, long now) {
    tasks++;
    long slice = -1;
    Node node = task;
    while (node != null && !node.queued) {
      if (slice >= 0) {
        node.slice = slice;
        node.custom = true;
      }
      NaiveQueue level = node.level;
      charge(level, now);
      follow(node, now);
      place(level, node, !level.all().isEmpty(), initial && node == task);
      level.waiting.add(node);
      node.queued = true;
      slice = NaiveQueue.leastSlice(level.all());
      node = level.owner;
    }
    if (node != null && node.delayed) {
      revive(node);
    }
    followUp(node, slice, now);
  }

  /// A delayed entity is wanted again: it keeps what it owes and loses what it is owed. The running
  /// one is not charged for it.
  void revive(Node node) {
    NaiveQueue level = node.level;
    captureLag(level, node);
    node.delayed = false;
    if (node.vlag > 0) {
      node.vlag = 0;
      boolean current = level.current == node;
      if (!current) {
        NaiveQueue.take(level, node);
      }
      place(level, node, level.all().size() > (current ? 1 : 0), false);
      if (!current) {
        level.waiting.add(node);
      }
    }
  }

  /// How an entity leaves.
  enum Leave {
    SLEEP,
    MOVE,
    SAVE,
    /// It was delayed and now leaves indeed.
    FINISH
  }

  /// An entity leaves; false if a task stays, delayed.
  boolean dequeue(Node from, Leave how, long now) {
    Node node = from;
    Leave here = how;
    long slice = -1;
    while (node != null) {
      NaiveQueue level = node.level;
      charge(level, now);
      if (level.buddy == node) {
        level.buddy = null;
      }
      if (here == Leave.SLEEP && !node.delayed && !level.eligible(node)) {
        node.delayed = true;
        if (node == from) {
          return false;
        }
        slice = NaiveQueue.leastSlice(level.all());
        break;
      }
      leave(level, node, here);
      if (!level.all().isEmpty()) {
        slice = NaiveQueue.leastSlice(level.all());
        node = level.owner;
        if (how == Leave.SLEEP || how == Leave.FINISH) {
          NaiveQueue.favour(node);
        }
        break;
      }
      here = Leave.SLEEP;
      node = level.owner;
    }
    followUp(node, slice, now);
    tasks -= from.below == null ? 1 : 0;
    return true;
  }

  private void leave(NaiveQueue level, Node node, Leave how) {
    captureLag(level, node);
    if (how == Leave.MOVE || how == Leave.SAVE) {
      node.d -= node.v;
      node.relative = true;
    }
    NaiveQueue.take(level, node);
    node.queued = false;
    if (node.delayed && how != Leave.SAVE) {
      node.delayed = false;
      node.vlag = Math.min(0, node.vlag);
    }
  }

  // --- Picking ---

  private Node best(NaiveQueue level, boolean honourProtection) {
    List<Node> all = level.all();
    if (all.size() == 1) {
      return all.getFirst();
    }
    Predicate<Node> eligible = level.eligible();
    Node buddy = level.buddy;
    if (!marker && buddy != null && eligible.test(buddy)) {
      return buddy;
    }
    Node current = level.current;
    if (current != null && (!current.queued || !eligible.test(current))) {
      current = null;
    }
    if (current != null && honourProtection && isProtected(current)) {
      return current;
    }
    Node best = null;
    for (Node node : level.waiting) {
      if (eligible.test(node) && (best == null || node.d < best.d)) {
        best = node;
      }
    }
    if (best == null || (current != null && current.d < best.d)) {
      best = current;
    }
    if (best == null) {
      throw new IllegalStateException("nobody is eligible");
    }
    return best;
  }

  /// The task to run, or null.
  @Nullable Node pick(long now) {
    NaiveQueue level = root;
    while (!root.all().isEmpty()) {
      if (level.current != null && level.current.queued) {
        charge(level, now);
      }
      Node node = best(level, true);
      if (node.delayed) {
        dequeue(node, Leave.FINISH, now);
        level = root;
      } else if (node.below == null) {
        return node;
      } else {
        level = node.below;
      }
    }
    return null;
  }

  /// The picked task takes the CPU.
  void switchTo(@Nullable Node next, long now) {
    reschedule = false;
    if (next == running) {
      return;
    }
    List<Node> put = NaiveQueue.path(running);
    List<Node> set = NaiveQueue.path(next);
    if (running != null && next != null) {
      List<Node> common = new ArrayList<>(put);
      common.retainAll(set);
      put.removeAll(common);
      set.removeAll(common);
    }
    put.forEach(node -> put(node, now));
    set.forEach(node -> set(node, true, now));
    running = next;
    reschedule = false;
  }

  private void put(Node node, long now) {
    if (node.queued) {
      charge(node.level, now);
      node.level.waiting.add(node);
    }
    node.level.current = null;
  }

  private void set(Node node, boolean protect, long now) {
    NaiveQueue level = node.level;
    if (level.buddy == node) {
      level.buddy = null;
    }
    level.waiting.remove(node);
    level.current = node;
    node.chargedUntil = now;
    if (protect) {
      long quantum = NaiveQueue.leastSlice(level.waiting);
      node.mark = Optional.of(node.d);
      node.vprot = quantum < node.slice ? Math.min(node.d, node.v + node.virtual(quantum)) : node.d;
    }
  }

  // --- Preemption ---

  void checkPreempt(Node wakee, boolean fork, long now) {
    Node runs = running;
    if (runs == null || runs == wakee || reschedule) {
      return;
    }
    Node woken = NaiveQueue.lifted(wakee, runs);
    Node current = NaiveQueue.lifted(runs, wakee);
    if (woken == current) {
      return;
    }
    if (current.idle != woken.idle) {
      if (current.idle) {
        unprotect(current);
        reschedule = true;
      }
      return;
    }
    if (wakee.normal) {
      contest(current, woken, fork, now);
    }
  }

  private void contest(Node current, Node woken, boolean fork, long now) {
    NaiveQueue level = current.level;
    charge(level, now);
    boolean shorter = woken.slice < current.slice;
    if (marker) {
      boolean first = woken.d < current.d || !level.eligible(current);
      if (shorter && level.eligible(woken) && first) {
        unprotect(current);
      }
      reschedule |= best(level, true) == woken;
      return;
    }
    if (newPreemption && !shorter && (fork || woken.delayed)) {
      return;
    }
    Node picked = best(level, !shorter);
    while (newPreemption && picked.delayed && level.all().size() > 1) {
      dequeue(picked, Leave.FINISH, now);
      picked = best(level, !shorter);
    }
    if (picked == woken) {
      if (shorter) {
        unprotect(current);
      }
      reschedule = true;
    } else if (newPreemption || shorter) {
      long trimmed = current.v + current.virtual(NaiveQueue.leastSlice(level.all()));
      current.vprot = Math.min(current.vprot, trimmed);
    }
  }

  // --- Calls ---

  void tick(long now) {
    for (Node node : NaiveQueue.path(running)) {
      charge(node.level, now);
      follow(node, now);
    }
  }

  void giveWay(long now) {
    Node node = running;
    if (node == null || tasks == 1) {
      return;
    }
    NaiveQueue level = node.level;
    if (level.buddy == node) {
      level.buddy = null;
    }
    charge(level, now);
    if (level.eligible(node)) {
      node.v = node.d;
      node.d += node.virtual(node.slice);
    }
  }

  void yieldTo(Node target, long now) {
    if (tasks > 1 && target != running && target.queued && !target.delayed) {
      NaiveQueue.favour(target);
      giveWay(now);
    }
  }

  void setAttributes(Node task, NaiveQueue.Attributes to, long now) {
    boolean queued = task.queued;
    boolean delayed = task.delayed;
    boolean runs = task == running;
    int niceBefore = task.nice;
    if (queued) {
      task.delayed = delayed;
      dequeue(task, Leave.SAVE, now);
    }
    if (runs) {
      NaiveQueue.path(task).forEach(node -> put(node, now));
    }
    task.idle = to.idle();
    task.normal = to.normal();
    task.nice = to.nice();
    task.custom = to.slice() > 0;
    task.slice = task.custom ? to.slice() : base;
    reweight(task, to.weight(), to.inverse(), now);
    if (queued) {
      task.delayed = false;
      enqueue(task, false, now);
      task.delayed = delayed;
    }
    if (runs) {
      NaiveQueue.path(task).forEach(node -> set(node, !relativeProtection, now));
    }
    if (queued && to.nice() != niceBefore && root.all().size() > 1) {
      if (!runs) {
        checkPreempt(task, false, now);
      } else if (to.nice() > niceBefore) {
        reschedule = true;
      }
    }
  }
}
