package dev.stint.model.predict;

import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// What one member of a family asks for: a leaf is something that runs on one processor at a time
/// (a task, a VP), a node with children is what contains them (a task group, a VM with several
/// VPs).
///
/// Siblings compete by weight, level by level, so a weight only means something beside those of its
/// siblings: nice-table weights for the tasks of one group, `cpu.weight` or `cpu.shares` for
/// groups, all in one unit among the children of one parent.
///
/// @param path names the node in the answer; unique in its tree
/// @param weight 1 to [#WEIGHT_MAX]
/// @param limitNs the most it may receive over the run (a quota times its periods, a cap times the
///   run), 0 or more; [#UNLIMITED] when nothing limits it
/// @param cpus the CPUs it may use, intersected with those of its ancestors; [#ANYWHERE] when
///   nothing confines it. A leaf left with no CPU receives nothing.
/// @param demandNs a leaf: the run time it would use if it never waited, 0 or more, [#UNLIMITED]
///   for one that never sleeps; 0 for a node with children, whose demand is theirs
/// @param children empty for a leaf
public record Demand(
    String path, long weight, long limitNs, CpuSet cpus, long demandNs, List<Demand> children) {
  /// The largest weight: `cpu.shares` 262144 at the kernel's 10-bit fixed point.
  public static final long WEIGHT_MAX = 1L << 28;

  /// No limit, or a demand without end.
  public static final long UNLIMITED = Long.MAX_VALUE;

  /// Every CPU that any machine can have.
  public static final CpuSet ANYWHERE = CpuSet.range(0, Machine.LP_COUNT_MAX);

  /// Validates the ranges.
  public Demand {
    if (weight < 1 || weight > WEIGHT_MAX) {
      throw refused(path, "weight is 1 to " + WEIGHT_MAX, weight);
    }
    if (limitNs < 0) {
      throw refused(path, "a limit is 0 ns or more", limitNs);
    }
    if (demandNs < 0) {
      throw refused(path, "a demand is 0 ns or more", demandNs);
    }
    children = List.copyOf(children);
    if (demandNs != 0 && !children.isEmpty()) {
      throw refused(path, "only a leaf has a demand of its own", demandNs);
    }
  }

  /// An unconfined leaf without a limit.
  public static Demand leaf(String path, long weight, long demandNs) {
    return new Demand(path, weight, UNLIMITED, ANYWHERE, demandNs, List.of());
  }

  /// A leaf that never sleeps.
  public static Demand hog(String path, long weight) {
    return leaf(path, weight, UNLIMITED);
  }

  /// An unconfined group without a limit. One without children receives nothing.
  public static Demand group(String path, long weight, List<Demand> children) {
    return new Demand(path, weight, UNLIMITED, ANYWHERE, 0, children);
  }

  /// The same with another limit.
  public Demand withLimit(long newLimitNs) {
    return new Demand(path, weight, newLimitNs, cpus, demandNs, children);
  }

  /// The same leaf with another demand.
  public Demand withDemand(long newDemandNs) {
    return new Demand(path, weight, limitNs, cpus, newDemandNs, children);
  }

  /// The same confined to these CPUs.
  public Demand withCpus(CpuSet newCpus) {
    return new Demand(path, weight, limitNs, newCpus, demandNs, children);
  }

  /// Refuses a tree that names two nodes alike.
  void requireUniquePaths() {
    Set<String> seen = new LinkedHashSet<>();
    Deque<Demand> open = new ArrayDeque<>(List.of(this));
    while (!open.isEmpty()) {
      Demand node = open.pop();
      if (!seen.add(node.path)) {
        throw new IllegalArgumentException(
            String.format(Locale.ROOT, "two nodes are named %s; a path is unique", node.path));
      }
      open.addAll(node.children);
    }
  }

  private static IllegalArgumentException refused(String path, String rule, long value) {
    return new IllegalArgumentException(
        String.format(Locale.ROOT, "%s: %s, got %d", path, rule, value));
  }
}
