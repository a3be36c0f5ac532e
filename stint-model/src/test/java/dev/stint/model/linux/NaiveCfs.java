package dev.stint.model.linux;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// CFS written down from its formulas, one CPU, lists and big integers: the oracle of [Cfs].
final class NaiveCfs {
  private static final BigInteger TWO_32 = BigInteger.ONE.shiftLeft(32);

  final long latencyNs;
  final long minGranularityNs;
  final long wakeupGranularityNs;
  final Queue root = new Queue(null);
  boolean reschedule;
  @Nullable Node running;

  NaiveCfs(int scaling) {
    latencyNs = 6_000_000L * scaling;
    minGranularityNs = 750_000L * scaling;
    wakeupGranularityNs = 1_000_000L * scaling;
  }

  /// A group's queue, or the root's.
  static final class Queue {
    final @Nullable Node owner;
    final List<Node> waiting = new ArrayList<>();
    @Nullable Node current;
    @Nullable Node next;
    @Nullable Node last;
    @Nullable Node skip;
    BigInteger min = BigInteger.ZERO;

    Queue(@Nullable Node owner) {
      this.owner = owner;
    }

    List<Node> queued() {
      List<Node> all = new ArrayList<>(waiting);
      if (current != null && current.queued) {
        all.add(current);
      }
      return all;
    }

    long load() {
      return queued().stream().mapToLong(node -> node.weight).sum();
    }

    /// Waiting entities, least vruntime first, then first come.
    List<Node> inOrder() {
      List<Node> sorted = new ArrayList<>(waiting);
      sorted.sort(Comparator.comparing(node -> node.vruntime));
      return sorted;
    }

    void raiseMin() {
      Optional<BigInteger> least =
          queued().stream().map(node -> node.vruntime).min(Comparator.naturalOrder());
      least.ifPresent(value -> min = min.max(value));
    }
  }

  /// A task or a group.
  static final class Node {
    final String name;
    Queue on;
    final @Nullable Queue below;
    long weight;
    final String policy;
    BigInteger inverse;
    BigInteger vruntime = BigInteger.ZERO;
    boolean queued;
    boolean relative;
    long chargedUntil;
    long ran;
    long ranAtSwitch;

    Node(String name, Queue on, boolean group, String policy, long weight, long inverse) {
      this.name = name;
      this.on = on;
      this.weight = weight;
      this.policy = policy;
      this.inverse = BigInteger.valueOf(inverse);
      below = group ? new Queue(this) : null;
    }

    boolean idle() {
      return policy.equals("idle");
    }

    @Nullable Node parent() {
      return on.owner;
    }

    int depth() {
      Node parent = parent();
      return parent == null ? 0 : 1 + parent.depth();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  // --- Arithmetic ---

  private static long down(long weight) {
    return Math.max(2, weight >> 10);
  }

  private static BigInteger scaled(BigInteger delta, BigInteger factor) {
    int cut = Math.max(0, factor.bitLength() - 32);
    return delta.multiply(factor.shiftRight(cut)).shiftRight(32 - cut);
  }

  static BigInteger virtual(long deltaNs, Node node) {
    BigInteger delta = BigInteger.valueOf(deltaNs);
    return node.weight == 1 << 20 ? delta : scaled(delta, node.inverse.shiftLeft(10));
  }

  static long inverseOf(long weight) {
    return TWO_32.subtract(BigInteger.ONE).divide(BigInteger.valueOf(down(weight))).longValue();
  }

  int taskCount(Queue queue) {
    int count = 0;
    for (Node node : queue.queued()) {
      count += node.below == null ? 1 : taskCount(node.below);
    }
    return count;
  }

  BigInteger slice(Node node) {
    int tasks = taskCount(root) + (node.queued ? 0 : 1);
    BigInteger slice = BigInteger.valueOf(tasks > 8 ? tasks * minGranularityNs : latencyNs);
    for (Node level = node; level != null; level = level.parent()) {
      long load = level.on.load() + (level.queued ? 0 : level.weight);
      BigInteger factor =
          BigInteger.valueOf(down(level.weight)).multiply(BigInteger.valueOf(inverseOf(load)));
      slice = scaled(slice, factor);
    }
    boolean idleBesideOthers = node.idle() && !(idleOnly(node.on) && !node.on.queued().isEmpty());
    return slice.max(BigInteger.valueOf(idleBesideOthers ? 750_000 : minGranularityNs));
  }

  private static boolean idleOnly(Queue queue) {
    return queue.queued().stream().allMatch(Node::idle);
  }

  private void charge(Queue queue, long now) {
    Node node = queue.current;
    if (node == null || now <= node.chargedUntil) {
      return;
    }
    node.vruntime = node.vruntime.add(virtual(now - node.chargedUntil, node));
    node.ran += now - node.chargedUntil;
    node.chargedUntil = now;
    queue.raiseMin();
  }

  // --- Operations ---

  void enqueue(Node task, boolean fork, long now) {
    boolean isNew = fork;
    for (Node node = task; node != null && !node.queued; node = node.parent()) {
      Queue queue = node.on;
      charge(queue, now);
      if (isNew) {
        long slice = slice(node).longValueExact();
        node.vruntime = queue.min.add(virtual(slice, node));
      } else {
        if (node.relative) {
          node.vruntime = node.vruntime.add(queue.min);
          node.relative = false;
        }
        long credit = (node.idle() ? minGranularityNs : latencyNs) / 2;
        node.vruntime = node.vruntime.max(queue.min.subtract(BigInteger.valueOf(credit)));
      }
      isNew = false;
      node.queued = true;
      if (queue.current != node) {
        queue.waiting.add(node);
      }
    }
  }

  /// The task leaves by a sleep, or to move on.
  void dequeue(Node task, boolean moving, long now) {
    boolean takesAlong = moving;
    Node node = task;
    while (node != null) {
      Queue queue = node.on;
      charge(queue, now);
      forget(node);
      if (takesAlong) {
        node.vruntime = node.vruntime.subtract(queue.min);
        node.relative = true;
      }
      takesAlong = false;
      node.queued = false;
      queue.waiting.remove(node);
      queue.raiseMin();
      node = node.parent();
      if (!queue.queued().isEmpty()) {
        break;
      }
    }
    if (!moving && node != null) {
      favour(node);
    }
  }

  /// A task that left sleeps on and wakes up elsewhere.
  void leaveAsleep(Node task) {
    task.vruntime = task.vruntime.subtract(task.on.min);
    task.relative = true;
  }

  private static void favour(Node from) {
    for (Node node = from; node != null && node.queued && !node.idle(); node = node.parent()) {
      node.on.next = node;
    }
  }

  private static void forget(Node from) {
    for (Node node = from; node != null && node.on.next == node; node = node.parent()) {
      node.on.next = null;
    }
    for (Node node = from; node != null && node.on.last == node; node = node.parent()) {
      node.on.last = null;
    }
    for (Node node = from; node != null && node.on.skip == node; node = node.parent()) {
      node.on.skip = null;
    }
  }

  private boolean near(Node node, Node first) {
    return node.vruntime.subtract(first.vruntime).compareTo(virtual(wakeupGranularityNs, first))
        <= 0;
  }

  void checkPreempt(Node woken, long now) {
    Node runner = running;
    if (runner == null || runner == woken || reschedule) {
      return;
    }
    if (runner.idle() && !woken.idle()) {
      reschedule = true;
      return;
    }
    if (!woken.policy.equals("normal")) {
      return;
    }
    Node a = woken;
    Node b = runner;
    while (a.depth() > b.depth()) {
      a = a.parent();
    }
    while (b.depth() > a.depth()) {
      b = b.parent();
    }
    while (a.on != b.on) {
      a = a.parent();
      b = b.parent();
    }
    if (a == b) {
      return;
    }
    if (b.idle() != a.idle()) {
      reschedule = b.idle();
      return;
    }
    charge(b.on, now);
    if (near(b, a)) {
      return;
    }
    favour(a);
    reschedule = true;
    if (runner.on.queued().size() >= 8 && b.below == null) {
      for (Node node = b; node != null && node.queued && !node.idle(); node = node.parent()) {
        node.on.last = node;
      }
    }
  }

  void tick(long now) {
    for (Node node = running; node != null; node = node.parent()) {
      Queue queue = node.on;
      charge(queue, now);
      if (queue.queued().size() < 2) {
        continue;
      }
      BigInteger slice = slice(node);
      long ran = node.ran - node.ranAtSwitch;
      BigInteger ahead = node.vruntime.subtract(queue.inOrder().getFirst().vruntime);
      if (BigInteger.valueOf(ran).compareTo(slice) > 0) {
        reschedule = true;
        forget(node);
      } else if (ran >= minGranularityNs && ahead.compareTo(slice) > 0) {
        reschedule = true;
      }
    }
  }

  void yield(long now) {
    Node runner = running;
    if (runner == null || taskCount(root) == 1) {
      return;
    }
    forget(runner);
    charge(runner.on, now);
    for (Node node = runner; node != null; node = node.parent()) {
      node.on.skip = node;
    }
  }

  void reweigh(Node node, long weight, long now) {
    if (node.on.current == node && node.queued) {
      charge(node.on, now);
    }
    node.weight = weight;
    node.inverse = BigInteger.valueOf(inverseOf(weight));
  }

  // --- schedule() ---

  @Nullable Node pick(long now) {
    Queue queue = root;
    if (queue.queued().isEmpty()) {
      return null;
    }
    while (true) {
      if (queue.current != null && queue.current.queued) {
        charge(queue, now);
      }
      Node node = pickOf(queue);
      if (node.below == null) {
        return node;
      }
      queue = node.below;
    }
  }

  private Node pickOf(Queue queue) {
    Node current = queue.current != null && queue.current.queued ? queue.current : null;
    List<Node> order = queue.inOrder();
    if (current != null) {
      int at = 0;
      while (at < order.size() && order.get(at).vruntime.compareTo(current.vruntime) <= 0) {
        at++;
      }
      order.add(at, current);
    }
    Node first = order.getFirst();
    Node picked = first;
    if (queue.skip == first && order.size() > 1 && near(order.get(1), first)) {
      picked = order.get(1);
    }
    if (queue.next != null && near(queue.next, first)) {
      return queue.next;
    }
    return queue.last != null && near(queue.last, first) ? queue.last : picked;
  }

  void switchTo(@Nullable Node next, long now) {
    reschedule = false;
    Node previous = running;
    if (next == previous) {
      return;
    }
    List<Node> out = path(previous);
    List<Node> in = path(next);
    List<Node> shared = new ArrayList<>(out);
    shared.retainAll(in);
    out.removeAll(shared);
    in.removeAll(shared);
    for (Node node : out) {
      if (node.queued) {
        charge(node.on, now);
        node.on.waiting.add(node);
      }
      node.on.current = null;
    }
    for (Node node : in) {
      forget(node);
      node.on.waiting.remove(node);
      node.on.current = node;
      node.chargedUntil = now;
      node.ranAtSwitch = node.ran;
    }
    running = next;
  }

  private static List<Node> path(@Nullable Node from) {
    List<Node> path = new ArrayList<>();
    for (Node node = from; node != null; node = node.parent()) {
      path.add(node);
    }
    return path;
  }
}
