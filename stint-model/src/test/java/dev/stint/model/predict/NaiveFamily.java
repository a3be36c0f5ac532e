package dev.stint.model.predict;

import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// An independent, slow judge of entitled shares: CPU by CPU, one flow per question, no merging.
final class NaiveFamily {
  /// A node of the tree with what the judge needs.
  record Node(int id, int parent, int depth, Demand demand, CpuSet cpus) {}

  final List<Node> nodes = new ArrayList<>();
  final Map<String, Integer> idOfPath = new LinkedHashMap<>();
  private final long[] cpuCapacityNs;
  private final long durationNs;

  NaiveFamily(Demand root, long[] cpuCapacityNs, long durationNs) {
    this.cpuCapacityNs = cpuCapacityNs.clone();
    this.durationNs = durationNs;
    add(root, -1, 0, CpuSet.range(0, cpuCapacityNs.length));
  }

  private void add(Demand demand, int parent, int depth, CpuSet allowed) {
    CpuSet cpus = allowed.and(demand.cpus());
    int id = nodes.size();
    nodes.add(new Node(id, parent, depth, demand, cpus));
    idOfPath.put(demand.path(), id);
    for (Demand child : demand.children()) {
      add(child, id, depth + 1, cpus);
    }
  }

  int depth() {
    return nodes.stream().mapToInt(Node::depth).max().orElseThrow();
  }

  List<Node> childrenOf(int parent) {
    return nodes.stream().filter(node -> node.parent() == parent).toList();
  }

  long[] ofMap(Map<String, Long> shares) {
    long[] byId = new long[nodes.size()];
    shares.forEach((path, ns) -> byId[idOfPath.get(path)] = ns);
    return byId;
  }

  /// Whether the network can carry at least `least[id]` to every node in it (over the arc from its
  /// parent, or into the root), with exactly `exact[id]` where that is not negative.
  boolean canCarry(long[] least, long[] exact) {
    long sum = 0;
    int count = nodes.size();
    int cpus = cpuCapacityNs.length;
    int source = 2 * count + cpus;
    int sink = source + 1;
    long[][] capacity = new long[sink + 3][sink + 3];
    int extraSource = sink + 1;
    int extraSink = sink + 2;
    long big = Long.MAX_VALUE / 1024;
    for (Node node : nodes) {
      int from = node.parent() < 0 ? source : 2 * node.parent() + 1;
      int to = 2 * node.id();
      long low = exact[node.id()] >= 0 ? exact[node.id()] : least[node.id()];
      long high = exact[node.id()] >= 0 ? exact[node.id()] : big;
      capacity[from][to] += high - low;
      capacity[extraSource][to] += low;
      capacity[from][extraSink] += low;
      sum += low;
      boolean leaf = node.demand().children().isEmpty();
      long inside = Math.min(node.demand().limitNs(), big);
      if (leaf) {
        inside = Math.min(inside, Math.min(durationNs, node.demand().demandNs()));
        for (int cpu = 0; cpu < cpus; cpu++) {
          capacity[to + 1][2 * count + cpu] = node.cpus().contains(cpu) ? big : 0;
        }
      }
      capacity[to][to + 1] = inside;
    }
    for (int cpu = 0; cpu < cpus; cpu++) {
      capacity[2 * count + cpu][sink] = cpuCapacityNs[cpu];
    }
    capacity[sink][source] = big;
    return maxFlow(capacity, extraSource, extraSink) == sum;
  }

  private static long maxFlow(long[][] capacity, int source, int sink) {
    long total = 0;
    while (true) {
      int[] from = new int[capacity.length];
      java.util.Arrays.fill(from, -1);
      List<Integer> queue = new ArrayList<>(List.of(source));
      from[source] = source;
      for (int at = 0; at < queue.size() && from[sink] < 0; at++) {
        int node = queue.get(at);
        for (int to = 0; to < capacity.length; to++) {
          if (capacity[node][to] > 0 && from[to] < 0) {
            from[to] = node;
            queue.add(to);
          }
        }
      }
      if (from[sink] < 0) {
        return total;
      }
      long amount = Long.MAX_VALUE;
      for (int to = sink; to != source; to = from[to]) {
        amount = Math.min(amount, capacity[from[to]][to]);
      }
      for (int to = sink; to != source; to = from[to]) {
        capacity[from[to]][to] -= amount;
        capacity[to][from[to]] += amount;
      }
      total += amount;
    }
  }
}
