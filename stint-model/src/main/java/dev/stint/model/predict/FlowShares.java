package dev.stint.model.predict;

import dev.stint.model.time.Invariant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/// Hierarchical weighted max-min shares over CPUs that not every leaf may use: the general case.
final class FlowShares {
  /*
   * One maximum flow settles the root's total. Then, level by level, each node's total is divided
   * among its children while the totals of that level stay and are only rerouted.
   *
   * What the children of one node can receive is a polymatroid (sets of terminals that a network
   * can serve; those that are settled contracted), so the decomposition of Groenevelt (1991) and
   * Fujishige (1980) applies:
   *   1. divide the sum by WaterLevel as if only each member's own maximum bound;
   *   2. if the network can carry that division, it is the answer, since it is the best of a larger
   *      set;
   *   3. if not, let S be the members on the source side of a minimum cut: S is most overcharged,
   *      so in the true answer S receives exactly what it can have at most. Give S that (the arcs
   *      out of S's side are then full, so what follows cannot change it) and repeat with S and
   *      with the others.
   * Every failure splits the members, so n children need at most 2n - 1 rounds, mostly one.
   *
   * Step 2 is exact though the division is in fractions p/q: the flow first moves whole nanoseconds
   * to within one of the aim, or as near as the network allows; what may remain to be moved is then
   * less than one per member, so the rest is a flow in units of 1/q with all capacities cut to
   * (members + 1)q, which fits a long. When the division is feasible so is one of whole numbers
   * next to it (polymatroids of integers are integral), and that is what is kept.
   *
   * The children of two nodes of one level may want the same CPU more than it has. Then the level
   * is filled as a whole, see LevelFilling.
   */
  private final Family family;
  private final FlowTree tree;
  private final FlowNetwork network;
  private final long[] wantedNs;
  private final long[] shareNs;

  private FlowShares(Family family, long[] classCapacityNs) {
    this.family = family;
    this.tree = new FlowTree(family, classCapacityNs);
    this.network = tree.network();
    this.wantedNs = family.wantedNs(classCapacityNs);
    this.shareNs = new long[family.nodeCount()];
  }

  /// The share of every node if the root receives no more than `mostNs`.
  static long[] of(Family family, long[] classCapacityNs, long mostNs) {
    FlowShares shares = new FlowShares(family, classCapacityNs);
    shares.shareNs[0] = shares.tree.fill(mostNs);
    int[] level = {0};
    while (level.length > 0) {
      shares.settleLevel(level);
      level = family.childrenOf(level);
    }
    return shares.shareNs;
  }

  private void settleLevel(int[] parents) {
    for (int parent : parents) {
      int[] children = family.children(parent);
      for (int child : children) {
        shareNs[child] = network.flow(tree.arcTo(child));
        network.freeze(tree.arcTo(child));
      }
      settle(children);
      for (int child : children) {
        network.thaw(tree.arcTo(child), shareNs[child], 0);
      }
    }
    int[] all = family.childrenOf(parents);
    if (!carryTogether(all)) {
      new LevelFilling(family, tree, parents, shareNs, wantedNs).fill();
    }
    for (int child : all) {
      network.freeze(tree.arcTo(child));
    }
  }

  /// Whether what each parent's children would receive can be carried together; if not, the network
  /// stays.
  private boolean carryTogether(int[] members) {
    long[] need = new long[members.length];
    long[] spare = new long[members.length];
    boolean changed = false;
    long[] carriedNs = new long[members.length];
    for (int i = 0; i < members.length; i++) {
      carriedNs[i] = network.flow(tree.arcTo(members[i]));
      need[i] = Math.max(0, shareNs[members[i]] - carriedNs[i]);
      spare[i] = Math.max(0, carriedNs[i] - shareNs[members[i]]);
      changed |= need[i] != spare[i];
    }
    if (!changed) {
      return true;
    }
    long[] saved = network.saved();
    for (int member : members) {
      network.freeze(tree.arcTo(member));
    }
    if (network.push(entries(members), need, spare)) {
      return true;
    }
    network.restore(saved);
    return false;
  }

  private void settle(int[] siblings) {
    Deque<int[]> open = new ArrayDeque<>();
    open.push(siblings);
    while (!open.isEmpty()) {
      int[] members = open.pop();
      if (members.length > 1 && !divide(members)) {
        boolean[] tight = tighten(members);
        open.push(picked(members, tight, false));
        open.push(picked(members, tight, true));
      }
    }
  }

  /// Whether the members' sum could be divided as if only their own maxima bound. If not, the
  /// network's last search has reached the most overcharged set.
  private boolean divide(int[] members) {
    long[] weights = new long[members.length];
    long[] mostNs = new long[members.length];
    long totalNs = 0;
    for (int i = 0; i < members.length; i++) {
      weights[i] = family.weight(members[i]);
      mostNs[i] = wantedNs[members[i]];
      totalNs += shareNs[members[i]];
    }
    WaterLevel level = WaterLevel.of(weights, mostNs, totalNs);
    long[] aim = level.rounded();
    boolean rounded = move(members, aim, aim);
    if (rounded && level.divisor() == 1) {
      return true;
    }
    long[] floor = new long[members.length];
    long[] ceil = new long[members.length];
    for (int i = 0; i < members.length; i++) {
      floor[i] = level.floorNs(i);
      ceil[i] = level.ceilNs(i);
    }
    if (!rounded) {
      move(members, floor, ceil);
    }
    if (!carriesExactly(members, level)) {
      return false;
    }
    if (!rounded) {
      bringWithin(members, floor, ceil);
    }
    return true;
  }

  /// Moves time from members above `high` to members below `low`, as much as the network allows.
  private boolean move(int[] members, long[] low, long[] high) {
    long[] need = new long[members.length];
    long[] spare = new long[members.length];
    for (int i = 0; i < members.length; i++) {
      need[i] = Math.max(0, low[i] - shareNs[members[i]]);
      spare[i] = Math.max(0, shareNs[members[i]] - high[i]);
    }
    return push(members, need, spare);
  }

  private boolean push(int[] members, long[] need, long[] spare) {
    long[] needBefore = need.clone();
    long[] spareBefore = spare.clone();
    boolean met = network.push(entries(members), need, spare);
    for (int i = 0; i < members.length; i++) {
      shareNs[members[i]] += needBefore[i] - need[i] - (spareBefore[i] - spare[i]);
    }
    return met;
  }

  /// Whether the network can carry the division to the last fraction; changes nothing.
  private boolean carriesExactly(int[] members, WaterLevel level) {
    long most = members.length + 1L;
    long[] need = new long[members.length];
    long[] spare = new long[members.length];
    for (int i = 0; i < members.length; i++) {
      long aboveNs = shareNs[members[i]] - level.floorNs(i);
      long distanceNs = Math.clamp(aboveNs, -most, most);
      long distance = distanceNs * level.divisor() - level.numerator(i);
      need[i] = Math.max(0, -distance);
      spare[i] = Math.max(0, distance);
    }
    return network.push(network.scaled(level.divisor(), most), entries(members), need, spare);
  }

  /// Brings every member between the two roundings of its part, which is known to be possible.
  private void bringWithin(int[] members, long[] floor, long[] ceil) {
    Invariant.check(move(members, floor, floor), "parts rounded down can be carried");
    long[] need = new long[members.length];
    long[] spare = new long[members.length];
    for (int i = 0; i < members.length; i++) {
      need[i] = Math.max(0, ceil[i] - shareNs[members[i]]);
      spare[i] = Math.max(0, shareNs[members[i]] - ceil[i]);
    }
    push(members, need, spare);
    Invariant.check(
        Arrays.stream(spare).allMatch(ns -> ns == 0), "parts rounded up can be carried");
  }

  /// Gives the reached members all they can take from the others. Returns who the set is then.
  private boolean[] tighten(int[] members) {
    boolean[] tight = new boolean[members.length];
    long totalNs = 0;
    for (int i = 0; i < members.length; i++) {
      tight[i] = network.reached(tree.entry(members[i]));
      totalNs += shareNs[members[i]];
    }
    long[] need = new long[members.length];
    long[] spare = new long[members.length];
    for (int i = 0; i < members.length; i++) {
      need[i] = tight[i] ? totalNs + 1 : 0;
      spare[i] = tight[i] ? 0 : shareNs[members[i]];
    }
    push(members, need, spare);
    for (int i = 0; i < members.length; i++) {
      tight[i] = network.reached(tree.entry(members[i]));
    }
    return tight;
  }

  private int[] entries(int[] members) {
    return Arrays.stream(members).map(tree::entry).toArray();
  }

  private static int[] picked(int[] members, boolean[] which, boolean value) {
    int[] picked = new int[members.length];
    int count = 0;
    for (int i = 0; i < members.length; i++) {
      if (which[i] == value) {
        picked[count++] = members[i];
      }
    }
    return Arrays.copyOf(picked, count);
  }
}
