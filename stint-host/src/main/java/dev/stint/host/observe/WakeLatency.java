package dev.stint.host.observe;

import dev.stint.model.stats.Percentiles;
import java.util.List;
import java.util.Optional;

/// How long threads waited for a CPU after each wake-up, as far as a trace tells.
///
/// @param measured of the wake-ups whose wait is known
/// @param counts of them by [#BOUNDS_NS], one more for those above all
/// @param unmeasured wake-ups whose wait is not known: the switch to the thread is missing
/// @param unknownNs thread time of which events were lost
public record WakeLatency(
    Percentiles measured, List<Long> counts, long unmeasured, long unknownNs) {
  /// The bounds of counts.
  public static final List<Long> BOUNDS_NS =
      List.of(
          10_000L,
          30_000L,
          100_000L,
          300_000L,
          1_000_000L,
          3_000_000L,
          10_000_000L,
          30_000_000L,
          100_000_000L,
          300_000_000L,
          1_000_000_000L);

  static final long MOST_MISSING = 100;

  /// Copies the list.
  public WakeLatency {
    counts = List.copyOf(counts);
  }

  /// The figures; absent if events were lost, or if more than one wake-up of a hundred is missing,
  /// since it may be among the slowest.
  public Optional<Percentiles> known() {
    return unknownNs == 0 && unmeasured * MOST_MISSING <= measured.count() + unmeasured
        ? Optional.of(measured)
        : Optional.empty();
  }
}
