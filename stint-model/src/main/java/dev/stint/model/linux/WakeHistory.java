package dev.stint.model.linux;

import org.jspecify.annotations.Nullable;

/// How often a task wakes different others (`wakee_flips`): a busy switchboard should not draw all
/// its partners to its own cache.
final class WakeHistory {
  private @Nullable Task lastWakee;
  private int flips;
  private long decayedJiffy;

  /// Notes that its owner woke `wakee` (`record_wakee`): the count halves at most once a second.
  void record(Task wakee, long jiffy, int jiffiesPerSecond) {
    if (jiffy > decayedJiffy + jiffiesPerSecond) {
      flips >>= 1;
      decayedJiffy = jiffy;
    }
    if (lastWakee != wakee) {
      lastWakee = wakee;
      flips++;
    }
  }

  int flips() {
    return flips;
  }

  /// Waker and wakee have more partners than a cache has CPUs (`wake_wide`).
  static boolean wide(int wakerFlips, int wakeeFlips, int cacheSize) {
    int most = Math.max(wakerFlips, wakeeFlips);
    int least = Math.min(wakerFlips, wakeeFlips);
    return least >= cacheSize && most >= (long) least * cacheSize;
  }
}
