package dev.stint.model.predict;

import java.util.Arrays;

/// A network that carries time from those who want it to the CPUs that supply it, and can be
/// rerouted.
///
/// Every node conserves flow except for what [#push] injects at some nodes and takes out at others.
/// An arc `a` and its reverse `a ^ 1` share an index pair; only residual capacities are kept.
final class FlowNetwork {
  /*
   * push() is Dinic's algorithm with several sources and several exits: layers by breadth-first
   * search from all nodes with a need, then a blocking flow by depth-first search with a cursor per
   * node. The last, failing search has reached exactly the source side of the minimum cut nearest
   * to the unmet needs.
   */
  static final long UNBOUNDED = Long.MAX_VALUE / 4;

  private int nodeCount;
  private int arcCount;
  private int[] head = new int[64];
  private int[] next = new int[256];
  private int[] target = new int[256];
  private long[] residual = new long[256];

  private int[] layer = new int[0];
  private int[] cursor = new int[0];
  private int[] queue = new int[0];
  private int[] trail = new int[0];
  private long[] spareAt = new long[0];
  private int reachedCount;

  int addNode() {
    if (nodeCount == head.length) {
      head = Arrays.copyOf(head, 2 * nodeCount);
    }
    head[nodeCount] = -1;
    return nodeCount++;
  }

  /// Adds an arc and returns its index.
  int addArc(int from, int to, long capacityNs) {
    if (arcCount == next.length) {
      next = Arrays.copyOf(next, 2 * arcCount);
      target = Arrays.copyOf(target, 2 * arcCount);
      residual = Arrays.copyOf(residual, 2 * arcCount);
    }
    addHalf(from, to, capacityNs);
    addHalf(to, from, 0);
    return arcCount - 2;
  }

  private void addHalf(int from, int to, long capacityNs) {
    target[arcCount] = to;
    residual[arcCount] = capacityNs;
    next[arcCount] = head[from];
    head[from] = arcCount++;
  }

  /// Ends construction.
  void seal() {
    layer = new int[nodeCount];
    Arrays.fill(layer, -1);
    cursor = new int[nodeCount];
    queue = new int[nodeCount];
    trail = new int[nodeCount];
    spareAt = new long[nodeCount];
  }

  /// The flow on an arc that can all be rerouted.
  long flow(int arc) {
    return residual[arc ^ 1];
  }

  /// Fixes the flow on an arc: nothing is rerouted over it, and its ends no longer know of it.
  void freeze(int arc) {
    residual[arc] = 0;
    residual[arc ^ 1] = 0;
  }

  /// Says that an unbounded arc carries `flowNs`, of which `leastNs` cannot be rerouted.
  void thaw(int arc, long flowNs, long leastNs) {
    residual[arc] = UNBOUNDED - flowNs;
    residual[arc ^ 1] = flowNs - leastNs;
  }

  /// The present flow, to return to with [#restore].
  long[] saved() {
    return Arrays.copyOf(residual, arcCount);
  }

  /// Returns to a flow that [#saved] gave.
  void restore(long[] saved) {
    System.arraycopy(saved, 0, residual, 0, arcCount);
  }

  /// The residual capacities in units of 1/`divisor`, none above `mostNs`; a copy to [#push] on.
  long[] scaled(long divisor, long mostNs) {
    long cap = Math.multiplyExact(divisor, mostNs);
    long[] copy = new long[arcCount];
    for (int i = 0; i < arcCount; i++) {
      copy[i] = residual[i] >= mostNs ? cap : residual[i] * divisor;
    }
    return copy;
  }

  /// As [#push(long[], int[], long[], long[])], on the network itself.
  boolean push(int[] nodes, long[] need, long[] spare) {
    return push(residual, nodes, need, spare);
  }

  /// Sends as much as possible from nodes with a need to nodes with something to spare, and lowers
  /// both by what was sent. A node has not both. Returns whether all needs were met; if not,
  /// [#reached] tells the source side of the cut.
  boolean push(long[] capacity, int[] nodes, long[] need, long[] spare) {
    for (int i = 0; i < nodes.length; i++) {
      spareAt[nodes[i]] = spare[i];
    }
    boolean met = allZero(need);
    while (!met && search(capacity, nodes, need)) {
      for (int i = 0; i < nodes.length; i++) {
        long sent = 1;
        while (need[i] > 0 && sent > 0) {
          sent = augment(capacity, nodes[i], need[i]);
          need[i] -= sent;
        }
      }
      met = allZero(need);
    }
    for (int i = 0; i < nodes.length; i++) {
      spare[i] = spareAt[nodes[i]];
      spareAt[nodes[i]] = 0;
    }
    return met;
  }

  /// Whether the last search of the last [#push] reached a node.
  boolean reached(int node) {
    return layer[node] >= 0;
  }

  private boolean search(long[] capacity, int[] nodes, long[] need) {
    for (int i = 0; i < reachedCount; i++) {
      layer[queue[i]] = -1;
    }
    reachedCount = 0;
    for (int i = 0; i < nodes.length; i++) {
      if (need[i] > 0) {
        reach(nodes[i], 0);
      }
    }
    boolean found = false;
    for (int at = 0; at < reachedCount; at++) {
      int node = queue[at];
      found |= spareAt[node] > 0;
      for (int arc = head[node]; arc >= 0; arc = next[arc]) {
        int to = target[arc];
        if (capacity[arc] > 0 && layer[to] < 0) {
          reach(to, layer[node] + 1);
        }
      }
    }
    return found;
  }

  private void reach(int node, int depth) {
    layer[node] = depth;
    cursor[node] = head[node];
    queue[reachedCount++] = node;
  }

  /// Sends along one path of the layers at most `limit`; returns what it sent, 0 if there is no
  /// path.
  private long augment(long[] capacity, int start, long limit) {
    int depth = 0;
    int node = start;
    while (spareAt[node] == 0) {
      int arc = cursor[node];
      while (arc >= 0 && (capacity[arc] == 0 || layer[target[arc]] != layer[node] + 1)) {
        arc = next[arc];
      }
      cursor[node] = arc;
      if (arc >= 0) {
        trail[depth++] = arc;
        node = target[arc];
      } else if (depth == 0) {
        return 0;
      } else {
        node = target[trail[--depth] ^ 1];
        cursor[node] = next[cursor[node]];
      }
    }
    long amount = Math.min(limit, spareAt[node]);
    for (int i = 0; i < depth; i++) {
      amount = Math.min(amount, capacity[trail[i]]);
    }
    for (int i = 0; i < depth; i++) {
      capacity[trail[i]] -= amount;
      capacity[trail[i] ^ 1] += amount;
    }
    spareAt[node] -= amount;
    return amount;
  }

  private static boolean allZero(long[] values) {
    for (long value : values) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }
}
