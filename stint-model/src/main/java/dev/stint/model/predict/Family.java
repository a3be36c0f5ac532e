package dev.stint.model.predict;

import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A [Demand] tree in arrays, in preorder: node 0 is the root and a node's children come after it.
/// Says what each node could receive at most and which CPUs each leaf may use.
final class Family {
  /// The set of a node that is not a leaf.
  static final int NO_SET = -1;

  private final List<Demand> nodes;
  private final List<int[]> children;
  private final List<Integer> setOfNode;
  private final Map<CpuSet, Integer> sets;
  private final CpuClasses classes;
  private final long[] mostNs;

  /// Reads the tree; `usable` are the CPUs that supply anything, of CPUs 0 to `cpus` - 1.
  Family(Demand root, CpuSet usable, int cpus, long durationNs) {
    root.requireUniquePaths();
    nodes = new ArrayList<>();
    children = new ArrayList<>();
    setOfNode = new ArrayList<>();
    sets = new LinkedHashMap<>();
    add(root, usable);
    classes = new CpuClasses(List.copyOf(sets.keySet()), cpus);
    mostNs = new long[nodes.size()];
    for (int node = 0; node < mostNs.length; node++) {
      long limitNs = nodes.get(node).limitNs();
      mostNs[node] =
          isLeaf(node)
              ? Math.min(durationNs, Math.min(nodes.get(node).demandNs(), limitNs))
              : limitNs;
    }
  }

  private Family(Family other, long[] mostNs) {
    nodes = other.nodes;
    children = other.children;
    setOfNode = other.setOfNode;
    sets = other.sets;
    classes = other.classes;
    this.mostNs = mostNs;
  }

  /// The same tree and CPUs, with the most that each node may receive: a group's limit, or the most
  /// of a leaf.
  Family withMost(long[] newMostNs) {
    return new Family(this, newMostNs.clone());
  }

  private int add(Demand node, CpuSet allowed) {
    int id = nodes.size();
    CpuSet cpus = allowed.and(node.cpus());
    nodes.add(node);
    boolean leaf = node.children().isEmpty();
    setOfNode.add(leaf ? setIndex(cpus) : NO_SET);
    int[] childIds = new int[node.children().size()];
    children.add(childIds);
    for (int i = 0; i < childIds.length; i++) {
      childIds[i] = add(node.children().get(i), cpus);
    }
    return id;
  }

  private int setIndex(CpuSet cpus) {
    Integer known = sets.putIfAbsent(cpus, sets.size());
    return known == null ? sets.size() - 1 : known;
  }

  int nodeCount() {
    return nodes.size();
  }

  int[] children(int node) {
    return children.get(node);
  }

  /// The children of all these nodes, in order.
  int[] childrenOf(int[] parents) {
    return Arrays.stream(parents).flatMap(node -> Arrays.stream(children(node))).toArray();
  }

  long weight(int node) {
    return nodes.get(node).weight();
  }

  /// What a node of the tree asked for.
  Demand demand(int node) {
    return nodes.get(node);
  }

  boolean isLeaf(int node) {
    return setOfNode.get(node) != NO_SET;
  }

  /// The limit of a group.
  long limitNs(int group) {
    return mostNs[group];
  }

  /// The distinct set of CPUs that a leaf may use, or [#NO_SET].
  int set(int node) {
    return setOfNode.get(node);
  }

  int setCount() {
    return sets.size();
  }

  CpuClasses classes() {
    return classes;
  }

  /// Whether every leaf may use every CPU that any may.
  boolean isUnconfined() {
    return sets.size() == 1;
  }

  /// The most each node could receive if it were alone, as far as its subtree tells: demands,
  /// limits, one CPU at a time for a leaf, and the supply of the CPUs it may use.
  long[] wantedNs(long[] classCapacityNs) {
    long totalNs = 0;
    for (long capacityNs : classCapacityNs) {
      totalNs += capacityNs;
    }
    long[] setCapacityNs = new long[setCount()];
    for (int set = 0; set < setCapacityNs.length; set++) {
      for (int id : classes.classesOf(set)) {
        setCapacityNs[set] += classCapacityNs[id];
      }
    }
    long[] wantedNs = new long[nodeCount()];
    for (int node = nodeCount() - 1; node >= 0; node--) {
      wantedNs[node] =
          set(node) == NO_SET
              ? Math.min(limitNs(node), sumOfChildren(node, wantedNs, totalNs))
              : Math.min(leafMostNs(node), setCapacityNs[set(node)]);
    }
    return wantedNs;
  }

  /// The most a leaf could receive, however much the CPUs supply.
  long leafMostNs(int leaf) {
    return mostNs[leaf];
  }

  private long sumOfChildren(int node, long[] wantedNs, long mostNs) {
    long sumNs = 0;
    for (int child : children(node)) {
      sumNs = Math.min(mostNs, sumNs + wantedNs[child]);
    }
    return sumNs;
  }

  /// The answer by path, in the tree's order.
  Map<String, Long> named(long[] sharesNs) {
    Map<String, Long> named = new LinkedHashMap<>();
    for (int node = 0; node < sharesNs.length; node++) {
      named.put(nodes.get(node).path(), sharesNs[node]);
    }
    return Collections.unmodifiableMap(named);
  }
}
