package dev.stint.testkit.modelcheck;

/// What may happen to each of several VPs at most, and to all together. Halts, preemptions and
/// calls of MSHV_RUN_VP are never bounded.
///
/// @param interrupts guest interrupts for each, 0 to 3
/// @param intercepts intercepts of each, 0 or 1
/// @param signals Unix signals to each thread, 0 or 1
/// @param vectors vectors injected into each, 0 or 1
/// @param closes whether each may be torn down
/// @param total of all these together, 1 to 15
record Bounds(int interrupts, int intercepts, int signals, int vectors, boolean closes, int total) {
  /// Everything once, guest interrupts twice.
  static Bounds all(int total) {
    return new Bounds(2, 1, 1, 1, true, total);
  }

  Bounds {
    if (interrupts > 3 || intercepts > 1 || signals > 1 || vectors > 1 || total > 15) {
      throw new IllegalArgumentException("beyond what a state can hold");
    }
  }
}
