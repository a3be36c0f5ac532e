package dev.stint.model.counters;

import dev.stint.model.trace.CostKind;
import java.util.OptionalLong;

/// The hypervisor's own part of what every VP and LP spent, from the costs that the trace tells.
/// Without costs it is unknown, not 0.
final class HypervisorTimes {
  private static final CostKind[] KINDS = CostKind.values();

  private final boolean known;
  private final long[] ns;
  private final long[] worldSwitchNs;
  private boolean dispatchedByParent;

  /// Nothing yet, for `count` entities.
  ///
  /// @param known whether the run has costs
  HypervisorTimes(int count, boolean known) {
    this.known = known;
    ns = new long[count];
    worldSwitchNs = new long[count];
  }

  /// Whether all time of this kind is the hypervisor's work. A migration may be a task's as well as
  /// a VP's, and an intercept is its VMM's too: neither is told apart.
  private static boolean inHypervisor(CostKind kind) {
    return switch (kind) {
      case DISPATCH, WORLD_SWITCH, SPECULATION_FLUSH, PARENT_REGAIN -> true;
      case CONTEXT_SWITCH, CACHE_REFILL, MIGRATION, TICK, IPI, INTERCEPT, SMT -> false;
    };
  }

  /// Whether a cost of the [CostKind] with this ordinal counts.
  static boolean counts(int kind) {
    return inHypervisor(KINDS[kind]);
  }

  /// A VP or LP was held for a cost that [#counts].
  void add(int id, int kind, long costNs) {
    ns[id] += costNs;
    if (KINDS[kind] == CostKind.WORLD_SWITCH) {
      worldSwitchNs[id] += costNs;
    }
  }

  /// A parent dispatches: from now switches between its VP and another are parts of dispatches.
  void dispatchedByParent() {
    dispatchedByParent = true;
  }

  OptionalLong ns(int id) {
    return known ? OptionalLong.of(ns[id]) : OptionalLong.empty();
  }

  OptionalLong worldSwitchNs(int id) {
    return known && !dispatchedByParent ? OptionalLong.of(worldSwitchNs[id]) : OptionalLong.empty();
  }
}
