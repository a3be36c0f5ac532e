package dev.stint.model.predict;

import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import java.util.Locale;
import java.util.Map;

/// What each member of a family is entitled to: its hierarchical weighted max-min fair part of the
/// time that the family's CPUs supply, given weights, limits, cpusets and actual demand.
///
/// At the root the children's totals are the weighted max-min fair vector among all that can be
/// carried to the CPUs: no child can get more without taking from one whose total per weight is not
/// larger. These totals are then fixed, though not their routes, and the same rule divides each of
/// them among the node's own children. A leaf runs on one CPU at a time, so it never gets more than
/// the run's duration.
///
/// Shares are whole nanoseconds. Given the totals that are fixed around them, the shares of one
/// node's children are their exact (rational) values rounded down or up so that they still add up
/// and can still be carried; where the routing leaves a choice, the first in order are rounded up.
/// So a node differs from the exact answer by less than 1 ns per node of the tree.
public final class EntitledShare {
  private EntitledShare() {}

  /// The share of every node, by path, in the tree's order.
  ///
  /// @param cpuCapacityNs the time that the family's CPUs 0, 1, ... could supply, each 0 to
  ///   `durationNs`
  /// @param durationNs the length of the run, 1 or more
  public static Map<String, Long> solve(Demand root, long[] cpuCapacityNs, long durationNs) {
    requireMachine(cpuCapacityNs.length, durationNs);
    CpuSet usable = CpuSet.EMPTY;
    for (int cpu = 0; cpu < cpuCapacityNs.length; cpu++) {
      long capacityNs = cpuCapacityNs[cpu];
      if (capacityNs < 0 || capacityNs > durationNs) {
        throw new IllegalArgumentException(
            String.format(
                Locale.ROOT,
                "CPU %d supplies %d ns; it can supply 0 to the run's %d ns",
                cpu,
                capacityNs,
                durationNs));
      }
      if (capacityNs > 0) {
        usable = usable.or(CpuSet.of(cpu));
      }
    }
    Family family = new Family(root, usable, cpuCapacityNs.length, durationNs);
    return family.named(supplied(family, cpuCapacityNs));
  }

  /// As [#solve] when only the family's total is known: every CPU supplies the same part of the
  /// run, the least (to 1 ns per CPU) with which the family is given `totalNs`. If it wants less
  /// than that, the CPUs supply the whole run and the root's share is less than `totalNs`.
  ///
  /// @param cpuCount the family's CPUs, 1 to [Machine#LP_COUNT_MAX]
  /// @param durationNs the length of the run, 1 or more
  /// @param totalNs what the family received, 0 or more
  public static Map<String, Long> solveWithTotal(
      Demand root, int cpuCount, long durationNs, long totalNs) {
    requireMachine(cpuCount, durationNs);
    if (cpuCount < 1 || totalNs < 0) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%d CPUs cannot supply %d ns in total", cpuCount, totalNs));
    }
    Family family = new Family(root, CpuSet.range(0, cpuCount), cpuCount, durationNs);
    return family.named(received(family, cpuCount, durationNs, totalNs));
  }

  /// The share of every node when each CPU supplies this much.
  static long[] supplied(Family family, long[] cpuCapacityNs) {
    return share(family, family.classes().capacityNs(cpuCapacityNs), Demand.UNLIMITED);
  }

  /// The share of every node when the CPUs supply, evenly, what gives the family `totalNs`.
  static long[] received(Family family, int cpuCount, long durationNs, long totalNs) {
    int usable = family.isUnconfined() ? family.classes().cpuCount() : 0;
    long eachNs =
        usable > 0
            ? Math.min(durationNs, Math.ceilDiv(totalNs, usable))
            : supplyNs(family, cpuCount, durationNs, totalNs);
    return share(family, classCapacityNs(family, eachNs), totalNs);
  }

  /// The least equal supply per CPU with which the family is given `totalNs`, or the whole run.
  private static long supplyNs(Family family, int cpuCount, long durationNs, long totalNs) {
    /*
     * What the family gets is concave and piecewise linear in the supply c of each CPU: the least
     * over cuts of a + b c. Newton's method from below: the cut that binds at c reaches totalNs at
     * c' = (totalNs - a) / b, not beyond the answer; b falls with every step, so at most cpuCount
     * steps.
     */
    long eachNs = Math.min(durationNs, Math.ceilDiv(totalNs, cpuCount));
    while (true) {
      FlowTree tree = new FlowTree(family, classCapacityNs(family, eachNs));
      long givenNs = tree.fill(totalNs);
      if (givenNs >= totalNs || eachNs == durationNs) {
        return eachNs;
      }
      int binding = tree.bindingCpuCount();
      if (binding == 0) {
        return durationNs;
      }
      eachNs = Math.min(durationNs, eachNs + Math.ceilDiv(totalNs - givenNs, binding));
    }
  }

  private static long[] share(Family family, long[] classCapacityNs, long mostNs) {
    return family.isUnconfined()
        ? unconfined(family, classCapacityNs, mostNs)
        : FlowShares.of(family, classCapacityNs, mostNs);
  }

  /// The case in which all CPUs are alike to all leaves: every division stands on its own.
  static long[] unconfined(Family family, long[] classCapacityNs, long mostNs) {
    long[] wantedNs = family.wantedNs(classCapacityNs);
    long[] shareNs = new long[family.nodeCount()];
    shareNs[0] = Math.min(mostNs, wantedNs[0]);
    for (int node = 0; node < shareNs.length; node++) {
      int[] children = family.children(node);
      long[] weights = new long[children.length];
      long[] limitsNs = new long[children.length];
      for (int i = 0; i < children.length; i++) {
        weights[i] = family.weight(children[i]);
        limitsNs[i] = wantedNs[children[i]];
      }
      long[] parts =
          WaterLevel.of(weights, limitsNs, children.length == 0 ? 0 : shareNs[node]).rounded();
      for (int i = 0; i < children.length; i++) {
        shareNs[children[i]] = parts[i];
      }
    }
    return shareNs;
  }

  private static long[] classCapacityNs(Family family, long eachNs) {
    long[] capacityNs = new long[family.classes().count()];
    for (int id = 0; id < capacityNs.length; id++) {
      capacityNs[id] = family.classes().cpuCount(id) * eachNs;
    }
    return capacityNs;
  }

  static void requireMachine(int cpuCount, long durationNs) {
    if (cpuCount > Machine.LP_COUNT_MAX) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "at most %d CPUs, got %d", Machine.LP_COUNT_MAX, cpuCount));
    }
    if (durationNs < 1 || durationNs > Long.MAX_VALUE / 8 / Machine.LP_COUNT_MAX) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "a run lasts 1 ns to 6 days, got %d ns", durationNs));
    }
  }
}
