package dev.stint.model.linux;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One queue of [NaiveEevdf]: its entities in a list, and what follows from them by the formulas.
final class NaiveQueue {
  final @Nullable Node owner;

  /// In order of arrival, without the current one.
  final List<Node> waiting = new ArrayList<>();

  @Nullable Node current;
  @Nullable Node buddy;
  long lastV;

  NaiveQueue(@Nullable Node owner) {
    this.owner = owner;
  }

  List<Node> all() {
    List<Node> all = new ArrayList<>(waiting);
    Node now = current;
    if (now != null && now.queued) {
      all.add(now);
    }
    return all;
  }

  /// A task or group.
  static final class Node {
    final String name;
    final NaiveQueue level;

    /// Of a group: its members.
    final @Nullable NaiveQueue below;

    long weight;
    long inverse;

    /// Of a group: what its weight must become at the next chance.
    long shares;

    boolean idle;
    boolean normal = true;
    int nice;
    long slice;
    boolean custom;
    long v;
    long d;
    long vlag;
    boolean relative;
    long vprot;

    /// 6.12: the deadline at the switch, while that protects.
    Optional<Long> mark = Optional.empty();

    boolean queued;
    boolean delayed;
    long chargedUntil;

    Node(String name, NaiveQueue level, boolean group) {
      this.name = name;
      this.level = level;
      below = group ? new NaiveQueue(this) : null;
    }

    long down() {
      return weight == 0 ? 0 : Math.max(2, weight / 1024);
    }

    /// Virtual time for `ns` of run time.
    long virtual(long ns) {
      return calcDelta(ns, weight, inverse);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /// delta * 2^20 / weight as the kernel rounds it: 2^32 / w has at most 32 bits left.
  static long calcDelta(long delta, long weight, long inverse) {
    if (weight == 1 << 20) {
      return delta;
    }
    BigInteger factor = BigInteger.valueOf(inverse).multiply(BigInteger.valueOf(1024));
    int shift = 32;
    while (factor.bitLength() > 32) {
      factor = factor.shiftRight(1);
      shift--;
    }
    return BigInteger.valueOf(delta).multiply(factor).shiftRight(shift).longValueExact();
  }

  /// W: the weight of all.
  BigInteger weight() {
    long sum = 0;
    for (Node node : all()) {
      sum += node.down();
    }
    return BigInteger.valueOf(sum);
  }

  /// The sum of w v.
  private BigInteger weightedSum() {
    BigInteger sum = BigInteger.ZERO;
    for (Node node : all()) {
      sum = sum.add(BigInteger.valueOf(node.down()).multiply(BigInteger.valueOf(node.v)));
    }
    return sum;
  }

  /// V: the mean, rounded down.
  long mean() {
    BigInteger weight = weight();
    if (weight.signum() == 0) {
      return lastV;
    }
    BigInteger[] parts = weightedSum().divideAndRemainder(weight);
    return parts[0].longValueExact() - (parts[1].signum() < 0 ? 1 : 0);
  }

  /// Which entities satisfy sum w_j (v_j - v) >= 0; no division.
  Predicate<Node> eligible() {
    BigInteger weight = weight();
    BigInteger sum = weightedSum();
    return node -> sum.compareTo(BigInteger.valueOf(node.v).multiply(weight)) >= 0;
  }

  boolean eligible(Node node) {
    return eligible().test(node);
  }

  static long scaled(long value, long from, long to) {
    return BigInteger.valueOf(value)
        .multiply(BigInteger.valueOf(from))
        .divide(BigInteger.valueOf(to))
        .longValueExact();
  }

  static long leastSlice(List<Node> nodes) {
    return nodes.stream().mapToLong(node -> node.slice).min().orElse(Long.MAX_VALUE);
  }

  static List<Node> path(@Nullable Node task) {
    List<Node> path = new ArrayList<>();
    for (Node node = task; node != null; node = node.level.owner) {
      path.add(node);
    }
    return path;
  }

  /// The entity of `of` on the level where its path meets that of `other`.
  static Node lifted(Node of, Node other) {
    List<NaiveQueue> levels = path(other).stream().map(node -> node.level).toList();
    return path(of).stream().filter(node -> levels.contains(node.level)).findFirst().orElseThrow();
  }

  /// What sched_setattr gives a task: its weight, its slice or none of its own.
  record Attributes(
      long weight, long inverse, boolean idle, boolean normal, int nice, long slice) {}

  /// The entity leaves the list; V of an emptied queue stays.
  static void take(NaiveQueue level, Node node) {
    if (level.current != node) {
      level.waiting.remove(node);
    }
    if (level.all().isEmpty() || (level.all().size() == 1 && level.all().getFirst() == node)) {
      level.lastV = node.v;
    }
  }

  /// Buddies, as far up as no idle entity is met.
  static void favour(@Nullable Node from) {
    for (Node node = from; node != null && node.queued && !node.idle; node = node.level.owner) {
      node.level.buddy = node;
    }
  }
}
