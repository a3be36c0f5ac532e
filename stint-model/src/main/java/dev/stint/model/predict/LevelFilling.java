package dev.stint.model.predict;

import dev.stint.model.time.Invariant;
import java.math.BigInteger;
import java.util.Arrays;

/// The division of several parents' totals at once, when their children cannot all be given what
/// each parent alone would choose.
///
/// A child's claim is `parent's total x weight / weights of the parent's children`. The answer is
/// the max-min fair vector of received/claim among all children of the level, so that it depends
/// neither on the order of the parents nor on how many children each has. Without a conflict it is
/// the same as dividing every parent's total by itself.
final class LevelFilling {
  /*
   * Progressive filling: raise one level for all active children, so that each must get at least
   * floor(level x claim); when the network cannot carry more, those on the cut that binds stop and
   * keep that least amount, and the rest goes on. A least amount is a lower bound on the arc from
   * the parent, so a test is one flow that brings each arc to its bound and takes the excess back
   * from the siblings'. The binding level is found from above: each violated cut allows its active
   * children together A = (their least amounts) - (what could not be carried), so the level is at
   * most A / (their claims); repeat with that until all can be carried (Dinkelbach's method; levels
   * are exact fractions).
   *
   * What a child ends with is what it carries in the last flow: its least amount, and what rounding
   * down left over on its cut, less than 1 ns per child of the level in sum.
   */
  private final FlowTree tree;
  private final FlowNetwork network;
  private final int[] parents;
  private final long[] shareNs;
  private final long[] wantedNs;
  private final int[] items;
  private final int[] parentOf;
  private final BigInteger[] claim;
  private final long[] carriedNs;
  private final long[] leastNs;
  private final boolean[] active;
  private final boolean[] binding;

  private BigInteger levelAmount = BigInteger.ZERO;
  private BigInteger levelClaims = BigInteger.ONE;
  private long unmetNs;

  /// Reads the flow that the network carries to the children of `parents`; [#fill] puts their
  /// shares into `shareNs`, which holds those of the parents.
  LevelFilling(Family family, FlowTree tree, int[] parents, long[] shareNs, long[] wantedNs) {
    this.tree = tree;
    this.network = tree.network();
    this.parents = parents;
    this.shareNs = shareNs;
    this.wantedNs = wantedNs;
    this.items = family.childrenOf(parents);
    this.parentOf = new int[items.length];
    this.claim = new BigInteger[items.length];
    this.carriedNs = Arrays.stream(items).mapToLong(i -> network.flow(tree.arcTo(i))).toArray();
    this.leastNs = new long[items.length];
    this.active = new boolean[items.length];
    this.binding = new boolean[items.length];
    claimAll(family);
  }

  /// Expresses all claims in one unit: divided by the least common multiple of the sums of weights.
  private void claimAll(Family family) {
    BigInteger[] weights = new BigInteger[parents.length];
    BigInteger common = BigInteger.ONE;
    for (int p = 0; p < parents.length; p++) {
      long sum = Arrays.stream(family.children(parents[p])).mapToLong(family::weight).sum();
      weights[p] = BigInteger.valueOf(Math.max(1, sum));
      common = common.multiply(weights[p]).divide(common.gcd(weights[p]));
    }
    int at = 0;
    for (int p = 0; p < parents.length; p++) {
      BigInteger unit = BigInteger.valueOf(shareNs[parents[p]]).multiply(common.divide(weights[p]));
      for (int child : family.children(parents[p])) {
        parentOf[at] = p;
        claim[at] = unit.multiply(BigInteger.valueOf(family.weight(child)));
        active[at] = claim[at].signum() > 0;
        at++;
      }
    }
  }

  /// Settles the shares of the children.
  void fill() {
    boolean more = anyActive();
    while (more) {
      startAbove();
      while (!carry()) {
        lower();
      }
      for (int i = 0; i < items.length; i++) {
        if (binding[i]) {
          leastNs[i] = wantedLeastNs(i);
          active[i] = false;
        }
      }
      more = anyActive();
    }
    for (int i = 0; i < items.length; i++) {
      shareNs[items[i]] = carriedNs[i];
    }
  }

  private boolean anyActive() {
    for (boolean value : active) {
      if (value) {
        return true;
      }
    }
    return false;
  }

  /// Starts from the least level at which a child has all it wants or a parent has no more to give.
  private void startAbove() {
    levelClaims = BigInteger.ZERO;
    boolean[] set = new boolean[items.length];
    for (int i = 0; i < items.length; i++) {
      if (active[i]) {
        Arrays.fill(set, false);
        set[i] = true;
        offer(BigInteger.valueOf(wantedNs[items[i]]), claim[i], set);
      }
    }
    for (int parent = 0; parent < parents.length; parent++) {
      long restNs = shareNs[parents[parent]];
      BigInteger claims = BigInteger.ZERO;
      for (int i = 0; i < items.length; i++) {
        boolean mine = parentOf[i] == parent;
        set[i] = mine && active[i];
        restNs -= mine && !active[i] ? leastNs[i] : 0;
        claims = set[i] ? claims.add(claim[i]) : claims;
      }
      if (claims.signum() > 0) {
        offer(BigInteger.valueOf(restNs), claims, set);
      }
    }
  }

  /// Takes the level amount/claims if it is lower than the present one.
  private void offer(BigInteger amount, BigInteger claims, boolean[] set) {
    boolean lower =
        levelClaims.signum() == 0
            || amount.multiply(levelClaims).compareTo(levelAmount.multiply(claims)) < 0;
    if (lower) {
      levelAmount = amount;
      levelClaims = claims;
      System.arraycopy(set, 0, binding, 0, set.length);
    }
  }

  private long wantedLeastNs(int item) {
    return active[item]
        ? claim[item].multiply(levelAmount).divide(levelClaims).longValueExact()
        : leastNs[item];
  }

  /// Whether the network can carry the least amounts at the present level; if not, it stays as it
  /// was.
  private boolean carry() {
    int[] nodes = new int[items.length + parents.length];
    long[] need = new long[nodes.length];
    long[] spare = new long[nodes.length];
    long[] saved = network.saved();
    for (int p = 0; p < parents.length; p++) {
      nodes[items.length + p] = tree.exit(parents[p]);
    }
    for (int i = 0; i < items.length; i++) {
      long least = wantedLeastNs(i);
      long flowNs = Math.max(least, carriedNs[i]);
      nodes[i] = tree.entry(items[i]);
      need[i] = flowNs - carriedNs[i];
      spare[items.length + parentOf[i]] += need[i];
      network.thaw(tree.arcTo(items[i]), flowNs, least);
    }
    boolean met = network.push(nodes, need, spare);
    if (met) {
      for (int i = 0; i < items.length; i++) {
        carriedNs[i] = wantedLeastNs(i) + network.flow(tree.arcTo(items[i]));
      }
    } else {
      unmetNs = Arrays.stream(need).sum();
      network.restore(saved);
    }
    return met;
  }

  /// Lowers the level to what the cut just found allows.
  private void lower() {
    BigInteger amount = BigInteger.valueOf(-unmetNs);
    BigInteger claims = BigInteger.ZERO;
    boolean[] set = new boolean[items.length];
    for (int i = 0; i < items.length; i++) {
      set[i] =
          active[i]
              && network.reached(tree.entry(items[i]))
              && !network.reached(tree.exit(parents[parentOf[i]]));
      if (set[i]) {
        amount = amount.add(BigInteger.valueOf(wantedLeastNs(i)));
        claims = claims.add(claim[i]);
      }
    }
    Invariant.check(claims.signum() > 0, "what stopped children keep can be carried", unmetNs);
    levelAmount = amount;
    levelClaims = claims;
    System.arraycopy(set, 0, binding, 0, set.length);
  }
}
