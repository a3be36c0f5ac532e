package dev.stint.model.predict;

import java.util.Arrays;
import java.util.Locale;

/// All the time of a run in which the same leaves of a family asked, taken together, and what the
/// family's CPUs supplied in it.
public final class Spell {
  private final long durationNs;
  private final long[] readyNs;
  private final long[] cpuCapacityNs;
  private final long totalNs;

  private Spell(long durationNs, long[] readyNs, long[] cpuCapacityNs, long totalNs) {
    if (durationNs < 1) {
      throw new IllegalArgumentException("a spell lasts 1 ns or more, got " + durationNs);
    }
    for (long each : readyNs) {
      requireWithin(each, durationNs, "a leaf is ready for");
    }
    for (long each : cpuCapacityNs) {
      requireWithin(each, durationNs, "a CPU supplies");
    }
    this.durationNs = durationNs;
    this.readyNs = readyNs.clone();
    this.cpuCapacityNs = cpuCapacityNs.clone();
    this.totalNs = totalNs;
  }

  private static void requireWithin(long ns, long durationNs, String what) {
    if (ns < 0 || ns > durationNs) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s 0 to the spell's %d ns, got %d", what, durationNs, ns));
    }
  }

  /// A spell in which each CPU could supply this much.
  ///
  /// @param readyNs by leaf, in the tree's order, for how long it asked: all of the spell or none
  ///   of it, or a part where spells were merged
  /// @param cpuCapacityNs by CPU, 0 to `durationNs`
  public static Spell supplied(long durationNs, long[] readyNs, long[] cpuCapacityNs) {
    return new Spell(durationNs, readyNs, cpuCapacityNs, Demand.UNLIMITED);
  }

  /// A spell of which only the family's total is known, as for [EntitledShare#solveWithTotal].
  ///
  /// @param cpuCount the family's CPUs
  /// @param totalNs what the family received, 0 or more
  public static Spell received(long durationNs, long[] readyNs, int cpuCount, long totalNs) {
    if (totalNs < 0) {
      throw new IllegalArgumentException("a family receives 0 ns or more, got " + totalNs);
    }
    long[] whole = new long[cpuCount];
    Arrays.fill(whole, durationNs);
    return new Spell(durationNs, readyNs, whole, totalNs);
  }

  long durationNs() {
    return durationNs;
  }

  int leafCount() {
    return readyNs.length;
  }

  int cpuCount() {
    return cpuCapacityNs.length;
  }

  /// For how long a leaf asked.
  long readyNs(int leaf) {
    return readyNs[leaf];
  }

  /// What each node of the family, whose limits are those of this spell, is given in it.
  long[] shares(Family family) {
    return totalNs == Demand.UNLIMITED
        ? EntitledShare.supplied(family, cpuCapacityNs)
        : EntitledShare.received(family, cpuCapacityNs.length, durationNs, totalNs);
  }
}
