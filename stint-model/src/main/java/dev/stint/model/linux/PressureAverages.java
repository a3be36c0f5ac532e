package dev.stint.model.linux;

import java.util.Locale;

/// One line of a pressure file: the total stall time and its exponential averages over 10, 60 and
/// 300 s (`update_averages`, `calc_avgs`; facts: linux.md §7.3).
final class PressureAverages {
  private static final int[] DECAY = {1677, 1981, 2034};

  private final long[] averages = new long[DECAY.length];
  private long totalNs;
  private long averagedNs;

  /// The CPUs stalled for this long since the last call.
  void add(long ns) {
    totalNs += ns;
  }

  /// Takes what was added since the last update as the sample of a period, after `missed` periods
  /// without any.
  void update(long missed, long periodNs) {
    long sampleNs = Math.min(totalNs - averagedNs, periodNs);
    averagedNs += sampleNs;
    long percent = sampleNs * 100 / periodNs * FixedPoint.ONE;
    for (int i = 0; i < DECAY.length; i++) {
      long old = missed == 0 ? averages[i] : FixedPoint.decayed(averages[i], DECAY[i], missed);
      averages[i] = FixedPoint.average(old, DECAY[i], percent);
    }
  }

  long totalNs() {
    return totalNs;
  }

  /// The rest of the line, after `some` or `full`.
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "avg10=%d.%02d avg60=%d.%02d avg300=%d.%02d total=%d",
        FixedPoint.whole(averages[0]),
        FixedPoint.hundredths(averages[0]),
        FixedPoint.whole(averages[1]),
        FixedPoint.hundredths(averages[1]),
        FixedPoint.whole(averages[2]),
        FixedPoint.hundredths(averages[2]),
        totalNs / 1000);
  }
}
