package dev.stint.model.linux;

import java.util.Locale;

/// The load averages of /proc/loadavg: tasks on runqueues, sampled every 5 s and a jiffy, in
/// exponential averages of 11-bit fixed point (`calc_global_load`; facts: linux.md §7.5).
final class SystemLoad {
  private static final int[] DECAY = {1884, 2014, 2037};
  private static final int HALF_HUNDREDTH = FixedPoint.ONE / 200;

  private final long intervalNs;
  private final long[] averages = new long[DECAY.length];
  private long dueNs;

  SystemLoad(LinuxConfig config) {
    intervalNs = (5L * config.hz() + 1) * config.tickNs();
    dueNs = intervalNs;
  }

  boolean due(long nowNs) {
    return nowNs >= dueNs;
  }

  /// A tick is handled at or after a sample's time. Samples that nobody took fell into a time when
  /// all CPUs idled: no tick ran.
  void sample(long activeCount, long nowNs) {
    long missed = (nowNs - dueNs) / intervalNs;
    dueNs += (missed + 1) * intervalNs;
    for (int i = 0; i < DECAY.length; i++) {
      long decayed = missed == 0 ? averages[i] : FixedPoint.decayed(averages[i], DECAY[i], missed);
      averages[i] = FixedPoint.average(decayed, DECAY[i], activeCount * FixedPoint.ONE);
    }
  }

  /// The three averages as /proc/loadavg has them, rounded to hundredths.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (long average : averages) {
      long rounded = average + HALF_HUNDREDTH;
      text.append(text.isEmpty() ? "" : " ")
          .append(
              String.format(
                  Locale.ROOT,
                  "%d.%02d",
                  FixedPoint.whole(rounded),
                  FixedPoint.hundredths(rounded)));
    }
    return text.toString();
  }
}
