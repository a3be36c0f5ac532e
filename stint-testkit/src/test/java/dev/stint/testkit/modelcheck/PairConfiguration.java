package dev.stint.testkit.modelcheck;

import dev.stint.testkit.modelcheck.PairModel.Form;

/// Two dispatched VPs with their two vCPU threads, small enough to be searched whole. What each VP
/// does at most is in [Bounds].
enum PairConfiguration {
  /// Each VP: 2 guest interrupts, 1 intercept, teardown.
  INTERCEPTS_ONE_LP("intercepts, 1 LP, pairs", 1, Form.PAIRS, false, intercepts()),
  /// The same, and the hypervisor takes the LP from the parent's own VP, the third.
  INTERCEPTS_PARENT("intercepts, 1 LP, parent loses it", 1, Form.PAIRS, true, intercepts()),
  /// The same on two LPs.
  INTERCEPTS_TWO_LPS("intercepts, 2 LPs, pairs", 2, Form.PAIRS, false, intercepts()),
  /// Both VPs in one partition.
  INTERCEPTS_BITSET("intercepts, 2 LPs, bitset", 2, Form.BITSET, false, intercepts()),
  /// Messages with room for one more name.
  INTERCEPTS_OVERFLOW("intercepts, 2 LPs, overflow", 2, Form.FULL_PAIRS, false, intercepts()),
  /// Each VP: 1 guest interrupt, 1 Unix signal, teardown.
  SIGNALS_ONE_LP("Unix signals, 1 LP, pairs", 1, Form.PAIRS, false, signals()),
  /// The same on two LPs.
  SIGNALS_TWO_LPS("Unix signals, 2 LPs, pairs", 2, Form.PAIRS, false, signals()),
  /// Each VP: 1 guest interrupt, 1 injected vector, teardown.
  VECTORS_ONE_LP("vectors, 1 LP, pairs", 1, Form.PAIRS, false, vectors()),
  /// Anything, any two events of both VPs together.
  ALL_ONE_LP("any 2 events, 1 LP, pairs", 1, Form.PAIRS, false, Bounds.all(2)),
  /// The same on two LPs.
  ALL_TWO_LPS("any 2 events, 2 LPs, pairs", 2, Form.PAIRS, false, Bounds.all(2));

  private final String title;
  private final int lps;
  private final Form form;
  private final boolean parentScheduled;
  private final Bounds bounds;

  PairConfiguration(String title, int lps, Form form, boolean parentScheduled, Bounds bounds) {
    this.title = title;
    this.lps = lps;
    this.form = form;
    this.parentScheduled = parentScheduled;
    this.bounds = bounds;
  }

  private static Bounds intercepts() {
    return new Bounds(2, 1, 0, 0, true, 6);
  }

  private static Bounds signals() {
    return new Bounds(1, 0, 1, 0, true, 4);
  }

  private static Bounds vectors() {
    return new Bounds(1, 0, 0, 1, true, 4);
  }

  /// Whether a thread may get Unix signals.
  boolean signalled() {
    return bounds.signals() > 0;
  }

  Explorer explore(PairModel.Mutation mutation) {
    return Explorer.explore(new PairModel(lps, form, parentScheduled, bounds, mutation));
  }

  /// The row of the page's table.
  String row(Explorer explorer) {
    return "| " + title + " | " + explorer.states() + " | " + explorer.transitions() + " |";
  }
}
