package dev.stint.model.sched;

import dev.stint.model.trace.CostKind;
import java.util.Arrays;

/// Processor time that must pass before work goes on, by what it goes to.
public final class OwedTime {
  private static final int KINDS = CostKind.values().length;
  private static final long[] NOTHING = new long[KINDS];

  /* Shared until something is owed for the first time: where nothing costs, that is never. */
  private long[] ns = NOTHING;
  private long totalNs;

  /// Nothing is owed.
  public OwedTime() {}

  /// The sum over all kinds.
  public long totalNs() {
    return totalNs;
  }

  /// What is owed of one kind.
  public long ns(CostKind kind) {
    return ns[kind.ordinal()];
  }

  /// `moreNs` (not negative) more is owed.
  public void add(CostKind kind, long moreNs) {
    if (moreNs == 0) {
      return;
    }
    own()[kind.ordinal()] += moreNs;
    totalNs += moreNs;
  }

  /// Pays up to `availableNs` of one kind; returns what was paid.
  public long pay(CostKind kind, long availableNs) {
    long paidNs = Math.min(ns[kind.ordinal()], availableNs);
    if (paidNs > 0) {
      ns[kind.ordinal()] -= paidNs;
      totalNs -= paidNs;
    }
    return paidNs;
  }

  private long[] own() {
    if (ns == NOTHING) {
      ns = new long[KINDS];
    }
    return ns;
  }

  /// Another owes all of it from now.
  public void moveTo(OwedTime other) {
    if (totalNs == 0) {
      return;
    }
    long[] theirs = other.own();
    for (int kind = 0; kind < KINDS; kind++) {
      theirs[kind] += ns[kind];
    }
    other.totalNs += totalNs;
    Arrays.fill(ns, 0);
    totalNs = 0;
  }

  @Override
  public String toString() {
    return "owes " + totalNs + "ns";
  }
}
