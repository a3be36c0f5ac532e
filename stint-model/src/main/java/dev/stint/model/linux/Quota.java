package dev.stint.model.linux;

import java.util.OptionalLong;

/// A bandwidth limit: `cpu.max` and `cpu.max.burst` (Documentation/scheduler/sched-bwc.rst).
///
/// @param quotaNs run time per period over all CPUs, at least 1 ms
/// @param periodNs 1 ms to 1 s
/// @param burstNs unused quota that may be carried over, 0 to `quotaNs`
/// @param phaseNs when periods begin, modulo the period; absent for a random phase, as the kernel
///   has
public record Quota(long quotaNs, long periodNs, long burstNs, OptionalLong phaseNs) {
  /// The least quota and period that Linux accepts.
  public static final long MIN_NS = 1_000_000L;

  /// The longest period that Linux accepts.
  public static final long MAX_PERIOD_NS = 1_000_000_000L;

  /// The most run time that a pool may hold, quota and burst together: 2^44 - 1 microseconds.
  public static final long MAX_NS = ((1L << 44) - 1) * 1000;

  /// A limit with the kernel's random period phase.
  public Quota(long quotaNs, long periodNs, long burstNs) {
    this(quotaNs, periodNs, burstNs, OptionalLong.empty());
  }

  /// Validates the kernel's ranges.
  public Quota {
    if (quotaNs < MIN_NS) {
      throw new IllegalArgumentException("quota is at least 1 ms, got " + quotaNs + " ns");
    }
    if (quotaNs > MAX_NS || quotaNs > MAX_NS - burstNs) {
      throw new IllegalArgumentException(
          "quota and burst are at most 2^44 - 1 us, got " + quotaNs + " and " + burstNs + " ns");
    }
    if (periodNs < MIN_NS || periodNs > MAX_PERIOD_NS) {
      throw new IllegalArgumentException("period is 1 ms to 1 s, got " + periodNs + " ns");
    }
    if (burstNs < 0 || burstNs > quotaNs) {
      throw new IllegalArgumentException("burst is 0 to the quota, got " + burstNs + " ns");
    }
  }
}
