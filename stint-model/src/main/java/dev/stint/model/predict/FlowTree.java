package dev.stint.model.predict;

import java.util.Arrays;

/// The network of a family: root -> groups -> leaves -> distinct cpusets -> CPU classes -> sink. A
/// group's limit and a leaf's maximum are on arcs inside the node, so that they bind wherever flow
/// enters.
final class FlowTree {
  private final Family family;
  private final FlowNetwork network = new FlowNetwork();
  private final int[] entry;
  private final int[] exit;
  private final int[] arcTo;
  private final int[] classNode;
  private final int sink;

  FlowTree(Family family, long[] classCapacityNs) {
    this.family = family;
    int count = family.nodeCount();
    this.entry = new int[count];
    this.exit = new int[count];
    this.arcTo = new int[count];
    this.sink = network.addNode();
    this.classNode = new int[classCapacityNs.length];
    for (int id = 0; id < classNode.length; id++) {
      classNode[id] = network.addNode();
      network.addArc(classNode[id], sink, classCapacityNs[id]);
    }
    addTree(addSets());
    network.seal();
  }

  private int[] addSets() {
    int[] setNode = new int[family.setCount()];
    for (int set = 0; set < setNode.length; set++) {
      int[] classes = family.classes().classesOf(set);
      setNode[set] = classes.length == 1 ? classNode[classes[0]] : network.addNode();
      for (int id : classes.length == 1 ? new int[0] : classes) {
        network.addArc(setNode[set], classNode[id], FlowNetwork.UNBOUNDED);
      }
    }
    return setNode;
  }

  private void addTree(int[] setNode) {
    Arrays.setAll(entry, node -> network.addNode());
    for (int node = 0; node < entry.length; node++) {
      if (family.set(node) != Family.NO_SET) {
        network.addArc(entry[node], setNode[family.set(node)], family.leafMostNs(node));
        continue;
      }
      exit[node] = entry[node];
      if (family.limitNs(node) != Demand.UNLIMITED) {
        exit[node] = network.addNode();
        network.addArc(
            entry[node], exit[node], Math.min(family.limitNs(node), FlowNetwork.UNBOUNDED));
      }
      for (int child : family.children(node)) {
        arcTo[child] = network.addArc(exit[node], entry[child], FlowNetwork.UNBOUNDED);
      }
    }
  }

  /// Gives the root as much as it wants and can have, but no more than `mostNs`; returns that.
  long fill(long mostNs) {
    long[] need = {mostNs, 0};
    network.push(new int[] {entry[0], sink}, need, new long[] {0, FlowNetwork.UNBOUNDED});
    return mostNs - need[0];
  }

  /// After a [#fill] that did not give all: the number of CPUs whose supply the binding cut counts.
  int bindingCpuCount() {
    int count = 0;
    for (int id = 0; id < classNode.length; id++) {
      count += network.reached(classNode[id]) ? family.classes().cpuCount(id) : 0;
    }
    return count;
  }

  FlowNetwork network() {
    return network;
  }

  /// Where flow enters a node.
  int entry(int node) {
    return entry[node];
  }

  /// Where flow leaves a group for its children.
  int exit(int node) {
    return exit[node];
  }

  /// The arc to a node from its parent.
  int arcTo(int node) {
    return arcTo[node];
  }
}
