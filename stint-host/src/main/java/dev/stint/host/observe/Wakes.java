package dev.stint.host.observe;

import dev.stint.model.stats.LatencyHistogram;
import java.util.Arrays;
import java.util.Optional;

/// Collects the waits after wake-ups.
final class Wakes {
  private final LatencyHistogram measured = new LatencyHistogram();
  private final long[] counts = new long[WakeLatency.BOUNDS_NS.size() + 1];
  private long unmeasured;
  private long unknownNs;

  void record(long waitNs) {
    measured.record(waitNs);
    int bin = 0;
    while (bin < counts.length - 1 && waitNs > WakeLatency.BOUNDS_NS.get(bin)) {
      bin++;
    }
    counts[bin]++;
  }

  /// A wake-up whose wait is not known.
  void missed() {
    unmeasured++;
  }

  /// Events of a time were lost.
  void unknown(long ns) {
    unknownNs += ns;
  }

  /// Adds those of another time or thread.
  void add(Wakes other) {
    measured.merge(other.measured);
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    unmeasured += other.unmeasured;
    unknownNs += other.unknownNs;
  }

  /// The sum, in the place of the first.
  static Optional<Wakes> together(Optional<Wakes> sum, Optional<Wakes> more) {
    if (more.isEmpty()) {
      return sum;
    }
    Wakes into = sum.orElseGet(Wakes::new);
    into.add(more.get());
    return Optional.of(into);
  }

  WakeLatency latency() {
    return new WakeLatency(
        measured.percentiles(), Arrays.stream(counts).boxed().toList(), unmeasured, unknownNs);
  }
}
