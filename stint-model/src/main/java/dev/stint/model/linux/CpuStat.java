package dev.stint.model.linux;

/// The figures of a cgroup's `cpu.stat` (`cgroup_base_stat_cputime_show`, `cpu_extra_stat_show`;
/// facts: linux.md §3.6). Times are nanoseconds; the group's tasks and those below count.
///
/// @param usageNs exact run time
/// @param userNs the part spent in user mode, in the proportion that ticks sampled
/// @param systemNs the rest
/// @param niceNs sampled time of tasks with a positive nice value
/// @param periodCount `nr_periods`: active periods of the group's own limit
/// @param throttledPeriodCount `nr_throttled`
/// @param throttledNs `throttled_usec`, summed over CPUs
/// @param burstCount `nr_bursts`
/// @param burstNs `burst_usec`
public record CpuStat(
    long usageNs,
    long userNs,
    long systemNs,
    long niceNs,
    long periodCount,
    long throttledPeriodCount,
    long throttledNs,
    long burstCount,
    long burstNs) {
  private static final int NS_PER_US = 1000;

  /// The file's text under cgroup v2.
  ///
  /// @param withNice whether this kernel prints `nice_usec`
  public String text(boolean withNice) {
    StringBuilder text = new StringBuilder();
    line(text, "usage_usec", usageNs / NS_PER_US);
    line(text, "user_usec", userNs / NS_PER_US);
    line(text, "system_usec", systemNs / NS_PER_US);
    if (withNice) {
      line(text, "nice_usec", niceNs / NS_PER_US);
    }
    line(text, "nr_periods", periodCount);
    line(text, "nr_throttled", throttledPeriodCount);
    line(text, "throttled_usec", throttledNs / NS_PER_US);
    line(text, "nr_bursts", burstCount);
    line(text, "burst_usec", burstNs / NS_PER_US);
    return text.toString();
  }

  /// The file's text under cgroup v1, whose times are nanoseconds.
  public String textV1() {
    StringBuilder text = new StringBuilder();
    line(text, "nr_periods", periodCount);
    line(text, "nr_throttled", throttledPeriodCount);
    line(text, "throttled_time", throttledNs);
    line(text, "nr_bursts", burstCount);
    line(text, "burst_time", burstNs);
    return text.toString();
  }

  private static void line(StringBuilder text, String key, long value) {
    text.append(key).append(' ').append(value).append('\n');
  }
}
