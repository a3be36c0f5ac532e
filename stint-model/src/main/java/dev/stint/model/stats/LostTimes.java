package dev.stint.model.stats;

import dev.stint.model.time.Invariant;
import dev.stint.model.trace.CostKind;

/// The part of every entity's running in which nothing got done, by kind ([CostKind]).
final class LostTimes {
  private static final CostKind[] KINDS = CostKind.values();

  private final int count;

  /* Made when something is lost for the first time: where nothing costs, that is never. */
  private long[] ns = {};

  LostTimes(int count) {
    this.count = count;
  }

  void add(int id, int kind, long moreNs) {
    if (ns.length == 0) {
      ns = new long[count * KINDS.length];
    }
    ns[id * KINDS.length + kind] += moreNs;
  }

  long ns(int id, CostKind kind) {
    return ns.length == 0 ? 0 : ns[id * KINDS.length + kind.ordinal()];
  }

  long totalNs(int id) {
    long sum = 0;
    for (CostKind kind : KINDS) {
      sum += ns(id, kind);
    }
    return sum;
  }

  void check(int id, long heldNs) {
    Invariant.check(totalNs(id) <= heldNs, "what is lost was held: lost, entity", totalNs(id), id);
  }

  /// As text: ` tick 5 smt 2`, without what is 0.
  void describe(StringBuilder text, int id) {
    for (CostKind kind : KINDS) {
      if (ns(id, kind) != 0) {
        text.append(' ').append(kind.text()).append(' ').append(ns(id, kind));
      }
    }
  }
}
