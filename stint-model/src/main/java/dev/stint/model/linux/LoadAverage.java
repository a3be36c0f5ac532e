package dev.stint.model.linux;

/// A load that decays: how much of the recent past an entity was queued, runnable and running, each
/// as a geometric series over segments of 1.048576 ms in which a contribution halves every 32
/// segments (PELT, per-entity load tracking; `struct sched_avg`; facts: linux.md §4).
///
/// Averages are in the kernel's scale: a task that always runs has `utilAvg` 1024, one that is
/// always queued has its user-scale weight as `loadAvg`.
final class LoadAverage {
  /*
   * Time is counted in units of 1,024 ns; segments are 1,024 units. With y^32 = 1/2 the sum of a
   * load that was always 1 is S = 1024 * (1 + y + y^2 + ...) = 47742, rounded as the kernel does
   * and at a segment's end. Within a segment, contrib units old, the greatest possible sum is
   * S - 1024 + contrib, which is what averages are divided by.
   *
   * D new units that cross p segment borders add three parts: what the broken-off segment lacked,
   * 1024 - contrib units, now p segments old; p - 1 whole segments, sum of 1024*y^k for k = 1..p-1,
   * which is S - decay(S, p) - 1024; and what the current segment holds, (contrib + D) mod 1024.
   */

  /// `lastUpdateNs` of an average that belongs to no queue: new, or on its way to another CPU.
  static final long DETACHED = -1;

  /// The sum of an unbroken load of 1 (`LOAD_AVG_MAX`).
  static final long SUM_MAX = 47742;

  /// The least divider: a segment has just begun (`PELT_MIN_DIVIDER`).
  static final long DIVIDER_MIN = SUM_MAX - 1024;

  private static final int UNIT_SHIFT = 10;
  private static final int SEGMENT_SHIFT = 10;
  private static final int SEGMENT_UNITS = 1 << SEGMENT_SHIFT;
  private static final int SCALE_SHIFT = 10;

  /// A half-life is 2^5 segments.
  private static final int HALF_LIFE_SHIFT = 5;

  private static final int HALF_LIFE_MASK = (1 << HALF_LIFE_SHIFT) - 1;

  /// Beyond this many segments nothing is left of any sum.
  private static final long FORGOTTEN_SEGMENTS = 32 * 63;

  /// (2^32 - 1) * 2^(-k/32), rounded down (`runnable_avg_yN_inv`).
  private static final long[] INVERSE = {
    0xffffffffL, 0xfa83b2daL, 0xf5257d14L, 0xefe4b99aL, 0xeac0c6e6L, 0xe5b906e6L, 0xe0ccdeebL,
    0xdbfbb796L, 0xd744fcc9L, 0xd2a81d91L, 0xce248c14L, 0xc9b9bd85L, 0xc5672a10L, 0xc12c4cc9L,
    0xbd08a39eL, 0xb8fbaf46L, 0xb504f333L, 0xb123f581L, 0xad583ee9L, 0xa9a15ab4L, 0xa5fed6a9L,
    0xa2704302L, 0x9ef5325fL, 0x9b8d39b9L, 0x9837f050L, 0x94f4efa8L, 0x91c3d373L, 0x8ea4398aL,
    0x8b95c1e3L, 0x88980e80L, 0x85aac367L, 0x82cd8698L
  };

  /*
   * There are 1,024 dividers, and division is the dearest thing here. With m = floor(2^64 / d) + 1,
   * m * d = 2^64 + e for an e in 1..d, and floor(x * m / 2^64) = floor(x / d + x * e / (d * 2^64))
   * is floor(x / d) as long as x * e < 2^64; d < 2^16, so for all x < 2^48 (Granlund and
   * Montgomery, "Division by invariant integers using multiplication", 1994).
   */
  private static final long[] RECIPROCAL = new long[SEGMENT_UNITS];
  private static final int RECIPROCAL_BITS = 48;

  static {
    for (int contrib = 0; contrib < SEGMENT_UNITS; contrib++) {
      RECIPROCAL[contrib] = Long.divideUnsigned(-1, DIVIDER_MIN + contrib) + 1;
    }
  }

  long lastUpdateNs = DETACHED;
  long loadSum;
  long runnableSum;
  long utilSum;

  /// Units of the current segment that are in the sums, 0..1023.
  int periodContrib;

  long loadAvg;
  long runnableAvg;
  long utilAvg;

  /// Of a task: what it is expected to use when it wakes (`util_est`); of a root queue: the sum
  /// over its tasks.
  long utilEst;

  /// Whether `utilEst` already knows of the present `utilAvg` (`UTIL_AVG_UNCHANGED`).
  boolean utilEstimated;

  boolean attached() {
    return lastUpdateNs != DETACHED;
  }

  /// What sums are divided by now (`get_pelt_divider`).
  long divider() {
    return DIVIDER_MIN + periodContrib;
  }

  /// `sum` as it counts after `segments` more segments (`decay_load`).
  static long decay(long sum, long segments) {
    if (segments > FORGOTTEN_SEGMENTS) {
      return 0;
    }
    long halved = sum >>> (int) (segments >> HALF_LIFE_SHIFT);
    long inverse = INVERSE[(int) segments & HALF_LIFE_MASK];
    if (halved <= Integer.MAX_VALUE) {
      return (halved * inverse) >>> 32;
    }
    return (Math.unsignedMultiplyHigh(halved, inverse) << 32) | ((halved * inverse) >>> 32);
  }

  /// Accounts for the time since the last update; true when a segment ended, so that the averages
  /// were recomputed (`__update_load_avg_se`, `__update_load_avg_cfs_rq`).
  ///
  /// @param clockNs the PELT clock now
  /// @param load by how much the load grows per unit: of an entity 1 while queued, of a queue its
  ///   user-scale weight
  /// @param runnable number of runnable tasks
  /// @param running whether it had the CPU
  /// @param weight what a load sum is multiplied by to give a load average
  boolean update(long clockNs, long load, long runnable, boolean running, long weight) {
    long delta = clockNs - lastUpdateNs;
    if (delta < 0) {
      lastUpdateNs = clockNs;
      return false;
    }
    long units = delta >> UNIT_SHIFT;
    if (units == 0) {
      return false;
    }
    lastUpdateNs += units << UNIT_SHIFT;
    if (!accumulate(units, load, load == 0 ? 0 : runnable, running && load != 0)) {
      return false;
    }
    average(weight);
    return true;
  }

  private boolean accumulate(long units, long load, long runnable, boolean running) {
    long end = periodContrib + units;
    long segments = end >> SEGMENT_SHIFT;
    long contribution = units;
    if (segments > 0) {
      loadSum = decay(loadSum, segments);
      runnableSum = decay(runnableSum, segments);
      utilSum = decay(utilSum, segments);
      end &= SEGMENT_UNITS - 1;
      if (load != 0) {
        long whole = SUM_MAX - decay(SUM_MAX, segments) - SEGMENT_UNITS;
        contribution = decay(SEGMENT_UNITS - periodContrib, segments) + whole + end;
      }
    }
    periodContrib = (int) end;
    loadSum += load * contribution;
    runnableSum += (runnable * contribution) << SCALE_SHIFT;
    if (running) {
      utilSum += contribution << SCALE_SHIFT;
    }
    return segments > 0;
  }

  /// The averages that the sums imply (`___update_load_avg`).
  void average(long weight) {
    loadAvg = overDivider(weight * loadSum);
    runnableAvg = overDivider(runnableSum);
    utilAvg = overDivider(utilSum);
  }

  /// `sum` over [#divider()], rounded down.
  private long overDivider(long sum) {
    if (sum >>> RECIPROCAL_BITS != 0) {
      return sum / divider();
    }
    return Math.multiplyHigh(sum, RECIPROCAL[periodContrib]);
  }

  /// Adds a joining entity's load (`enqueue_load_avg`).
  void addLoad(LoadAverage joining, long weight) {
    loadAvg += joining.loadAvg;
    loadSum += weight * joining.loadSum;
  }

  /// Takes away `avg` and `sum`; sums and averages drift apart by rounding, so neither may go below
  /// what the other implies.
  void removeLoad(long avg, long sum) {
    loadAvg = Math.max(0, loadAvg - avg);
    loadSum = Math.max(Math.max(0, loadSum - sum), loadAvg * DIVIDER_MIN);
  }

  void removeUtil(long avg, long sum) {
    utilAvg = Math.max(0, utilAvg - avg);
    utilSum = Math.max(Math.max(0, utilSum - sum), utilAvg * DIVIDER_MIN);
  }

  void removeRunnable(long avg, long sum) {
    runnableAvg = Math.max(0, runnableAvg - avg);
    runnableSum = Math.max(Math.max(0, runnableSum - sum), runnableAvg * DIVIDER_MIN);
  }

  /// Nothing is left of any load.
  boolean decayed() {
    return loadSum == 0 && utilSum == 0 && runnableSum == 0;
  }

  @Override
  public String toString() {
    return "load " + loadAvg + " runnable " + runnableAvg + " util " + utilAvg;
  }
}
