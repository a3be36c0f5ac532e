package dev.stint.model.hypervisor;

import dev.stint.model.time.Time;
import java.util.LinkedHashMap;
import java.util.Map;

/// The parameters of the credit2 scheduler (docs/models/credit2.md).
///
/// @param initialNs credit of a VP at its start and after a reset, and longest time between two
///   decisions on an LP (Xen: 10 ms)
/// @param rateLimitNs how long a VP runs at least before another takes its LP (Xen:
///   `sched_ratelimit_us`, 1000, not below 100); at most `initialNs`
/// @param wakeMarginNs by how much more credit a VP that wakes preempts (assumed)
/// @param migrateResistNs what the credit of a VP counts less on an LP that is not its last (Xen:
///   `sched_credit2_migrate_resist`; the value is assumed)
public record Credit2Config(
    long initialNs, long rateLimitNs, long wakeMarginNs, long migrateResistNs) {
  /// 10 ms, 1 ms, 0.5 ms, 0.5 ms.
  public static final Credit2Config DEFAULT =
      new Credit2Config(10_000_000L, 1_000_000L, 500_000L, 500_000L);

  /// What of it is assumed, by the names of the parameters.
  Map<String, String> assumed() {
    Map<String, String> assumed = new LinkedHashMap<>();
    assumed.put("credit2.wake-margin", Time.format(wakeMarginNs));
    assumed.put("credit2.migrate-resist", Time.format(migrateResistNs));
    return assumed;
  }

  /// Validates the ranges.
  public Credit2Config {
    if (initialNs < 100_000 || initialNs > 1_000_000_000L) {
      throw new IllegalArgumentException("the initial credit is 0.1 ms to 1 s");
    }
    if (rateLimitNs < 100_000 || rateLimitNs > initialNs) {
      throw new IllegalArgumentException("the rate limit is 0.1 ms to the initial credit");
    }
    if (wakeMarginNs < 0 || wakeMarginNs > initialNs) {
      throw new IllegalArgumentException("the wake-up margin is 0 to the initial credit");
    }
    if (migrateResistNs < 0 || migrateResistNs > initialNs) {
      throw new IllegalArgumentException("the migration resistance is 0 to the initial credit");
    }
  }
}
