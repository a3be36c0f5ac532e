package dev.stint.model.stats;

import dev.stint.model.time.Invariant;
import java.util.Arrays;

/// A histogram for each of many entities. A value is noted first, and counted in the entity's
/// histogram together with others.
final class Histograms {
  /*
   * A histogram is spread over several places of memory, and the next value is another entity's. So
   * an entity's last values lie side by side in about one cache line, the first number saying how
   * many there are, and its histogram is visited once for all of them.
   */
  private static final int ROOM = 8;
  private static final int NOTED_MAX = ROOM - 1;
  private static final LatencyHistogram UNUSED = new LatencyHistogram();

  private final long[] noted;
  private final LatencyHistogram[] histograms;

  Histograms(int entityCount) {
    noted = new long[entityCount * ROOM];
    histograms = new LatencyHistogram[entityCount];
    Arrays.fill(histograms, UNUSED);
  }

  void record(int id, long valueNs) {
    Invariant.check(valueNs >= 0, "a recorded duration is not negative", valueNs);
    int at = id * ROOM;
    int count = (int) noted[at] + 1;
    noted[at + count] = valueNs;
    noted[at] = count;
    if (count == NOTED_MAX) {
      count(id);
    }
  }

  private void count(int id) {
    int at = id * ROOM;
    if (histograms[id] == UNUSED) {
      histograms[id] = new LatencyHistogram();
    }
    for (int i = 1; i <= noted[at]; i++) {
      histograms[id].record(noted[at + i]);
    }
    noted[at] = 0;
  }

  /// Of everything recorded so far; nobody else may record in it.
  LatencyHistogram of(int id) {
    if (noted[id * ROOM] > 0) {
      count(id);
    }
    return histograms[id];
  }
}
