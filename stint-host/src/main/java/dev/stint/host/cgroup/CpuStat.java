package dev.stint.host.cgroup;

import dev.stint.host.Numbers;
import java.util.Map;
import java.util.OptionalLong;

/// What the kernel counted for a cgroup. What it does not say is absent: unknown, not 0.
///
/// @param usageNs run time
/// @param periods `nr_periods`
/// @param throttledPeriods `nr_throttled`
/// @param throttledNs summed over CPUs
/// @param bursts `nr_bursts`
/// @param burstNs run time above the quota
public record CpuStat(
    OptionalLong usageNs,
    OptionalLong periods,
    OptionalLong throttledPeriods,
    OptionalLong throttledNs,
    OptionalLong bursts,
    OptionalLong burstNs) {
  private static final long US = 1000;

  /// Nothing is known.
  public static final CpuStat UNKNOWN = ofVersion1("", OptionalLong.empty());

  /// Reads `cpu.stat` of version 2, in microseconds.
  public static CpuStat ofVersion2(String text) {
    Map<String, Long> counts = Numbers.keyed(text);
    return new CpuStat(
        Numbers.scaled(Numbers.of(counts, "usage_usec"), US),
        Numbers.of(counts, "nr_periods"),
        Numbers.of(counts, "nr_throttled"),
        Numbers.scaled(Numbers.of(counts, "throttled_usec"), US),
        Numbers.of(counts, "nr_bursts"),
        Numbers.scaled(Numbers.of(counts, "burst_usec"), US));
  }

  /// Reads `cpu.stat` of version 1, in nanoseconds.
  ///
  /// @param usageNs of `cpuacct.usage`
  public static CpuStat ofVersion1(String text, OptionalLong usageNs) {
    Map<String, Long> counts = Numbers.keyed(text);
    return new CpuStat(
        usageNs,
        Numbers.of(counts, "nr_periods"),
        Numbers.of(counts, "nr_throttled"),
        Numbers.of(counts, "throttled_time"),
        Numbers.of(counts, "nr_bursts"),
        Numbers.of(counts, "burst_time"));
  }
}
