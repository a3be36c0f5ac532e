package dev.stint.model.linux;

/// A load that decays: how much of the recent past an entity was queued, runnable and running, each
/// as a geometric series over segments of 1.048576 ms in which a contribution halves every 32
/// segments (PELT, per-entity load tracking; `struct sched_avg`; facts: linux.md §4).
///
/// Averages are in the kernel's scale: a task that always runs has `utilAvg` 1024, one that is
/// always queued has its user-scale weight as `loadAvg`.
final class LoadAverage {
  /*
   * Time is counted in units of 1,024 ns; segments are 1,024 units. Within a segment, contrib units
   * old, the greatest possible sum is S - 1024 + contrib, with S that of a segment's end; averages
   * are sums divided by that.
   */

  /// `lastUpdateNs` of an average that belongs to no queue: new, or on its way to another CPU.
  static final long DETACHED = -1;

  /// The least divider: a segment has just begun (`PELT_MIN_DIVIDER`).
  static final long DIVIDER_MIN = PeltStep.SUM_MAX - PeltStep.SEGMENT_UNITS;

  private static final int UNIT_SHIFT = 10;
  private static final int SCALE_SHIFT = 10;

  /*
   * There are 1,024 dividers, and division is the dearest thing here. With m = floor(2^64 / d) + 1,
   * m * d = 2^64 + e for an e in 1..d, and floor(x * m / 2^64) = floor(x / d + x * e / (d * 2^64))
   * is floor(x / d) as long as x * e < 2^64; d < 2^16, so for all x < 2^48 (Granlund and
   * Montgomery, "Division by invariant integers using multiplication", 1994).
   */
  private static final long[] RECIPROCAL = new long[PeltStep.SEGMENT_UNITS];
  private static final int RECIPROCAL_BITS = 48;

  static {
    for (int contrib = 0; contrib < PeltStep.SEGMENT_UNITS; contrib++) {
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

  /// Accounts for the time since the last update; true when a segment ended, so that the averages
  /// were recomputed (`__update_load_avg_se`, `__update_load_avg_cfs_rq`).
  ///
  /// @param step scratch space, shared by those that mostly age by the same stretch
  /// @param clockNs the PELT clock now
  /// @param load by how much the load grows per unit: of an entity 1 while queued, of a queue its
  ///   user-scale weight
  /// @param runnable number of runnable tasks
  /// @param running whether it had the CPU
  /// @param weight what a load sum is multiplied by to give a load average
  boolean update(
      PeltStep step, long clockNs, long load, long runnable, boolean running, long weight) {
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
    step.take(periodContrib, units);
    if (step.segmentEnded()) {
      loadSum = step.decayed(loadSum);
      runnableSum = step.decayed(runnableSum);
      utilSum = step.decayed(utilSum);
    }
    periodContrib = step.newContrib();
    if (load != 0) {
      long contribution = step.contribution();
      loadSum += load * contribution;
      runnableSum += (runnable * contribution) << SCALE_SHIFT;
      utilSum += running ? contribution << SCALE_SHIFT : 0;
    }
    if (!step.segmentEnded()) {
      return false;
    }
    average(weight);
    return true;
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

  /// Nothing was queued, runnable or running of late.
  boolean idle() {
    return loadAvg == 0 && utilAvg == 0 && runnableAvg == 0;
  }

  @Override
  public String toString() {
    return "load " + loadAvg + " runnable " + runnableAvg + " util " + utilAvg;
  }
}
