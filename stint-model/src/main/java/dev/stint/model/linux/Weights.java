package dev.stint.model.linux;

/// Load weights and the scaling of wall time to virtual time, in the kernel's integer arithmetic
/// (facts: kernel/sched/core.c `sched_prio_to_weight`, `sched_prio_to_wmult`; fair.c
/// `__calc_delta`, 6.18).
///
/// A *weight* here is the kernel's internal one: 1,024 times the user's, so nice 0 is 2^20. `down`
/// undoes the factor.
final class Weights {
  /// The internal weight of nice 0.
  static final long NICE_0 = 1L << 20;

  /// The internal weight under SCHED_IDLE and `cpu.idle` (`WEIGHT_IDLEPRIO`).
  static final long IDLE = 3L << 10;

  /// Its tabulated inverse (`WMULT_IDLEPRIO`).
  static final long IDLE_INVERSE = 1431655765L;

  /// The least weight of a group entity: a raw 2, not 2 x 1,024 (`MIN_SHARES`).
  static final long MIN_SHARES = 2;

  private static final int RESOLUTION_SHIFT = 10;

  private static final int[] NICE_TO_WEIGHT = {
    88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916,
    9548, 7620, 6100, 4904, 3906, 3121, 2501, 1991, 1586, 1277,
    1024, 820, 655, 526, 423, 335, 272, 215, 172, 137,
    110, 87, 70, 56, 45, 36, 29, 23, 18, 15
  };

  private static final long[] NICE_TO_INVERSE = {
    48388, 59856, 76040, 92818, 118348, 147320, 184698, 229616, 287308, 360437, 449829, 563644,
    704093, 875809, 1099582, 1376151, 1717300, 2157191, 2708050, 3363326, 4194304, 5237765, 6557202,
    8165337, 10153587, 12820798, 15790321, 19976592, 24970740, 31350126, 39045157, 49367440,
    61356676, 76695844, 95443717, 119304647, 148102320, 186737708, 238609294, 286331153
  };

  private Weights() {}

  /// The internal weight of a task of this nice value (-20..19).
  static long ofNice(int nice) {
    return (long) NICE_TO_WEIGHT[nice + 20] << RESOLUTION_SHIFT;
  }

  /// The kernel's tabulated inverse, about 2^32 over the user weight, of a nice value.
  static long inverseOfNice(int nice) {
    return NICE_TO_INVERSE[nice + 20];
  }

  /// The inverse of a weight that has no table entry: floor((2^32 - 1) / down(weight)).
  static long inverseOf(long weight) {
    return 0xFFFF_FFFFL / Math.max(1, down(weight));
  }

  /// The user-scale weight: 0 for 0, else at least 2.
  static long down(long weight) {
    return weight == 0 ? 0 : Math.max(2, weight >> RESOLUTION_SHIFT);
  }

  /// Internal weight of a number of shares.
  static long ofShares(long shares) {
    return shares << RESOLUTION_SHIFT;
  }

  /// Virtual time for `deltaNs` of run time under a weight: delta x 2^20 / weight, with the
  /// kernel's rounding.
  static long calcDelta(long deltaNs, long weight, long inverse) {
    if (weight == NICE_0) {
      return deltaNs;
    }
    return scale(deltaNs, inverse << RESOLUTION_SHIFT);
  }

  /// The part of `deltaNs` that falls to a weight out of a load: delta x weight / load, with the
  /// kernel's rounding.
  static long portion(long deltaNs, long weight, long load) {
    return scale(deltaNs, down(weight) * inverseOf(load));
  }

  /// floor(delta x factor / 2^32), the factor first cut to its 32 highest bits.
  private static long scale(long deltaNs, long wideFactor) {
    long factor = wideFactor;
    int shift = 32;
    if (factor >>> 32 != 0) {
      int excess = 64 - Long.numberOfLeadingZeros(factor >>> 32);
      factor >>>= excess;
      shift -= excess;
    }
    if (deltaNs <= Integer.MAX_VALUE) {
      return (deltaNs * factor) >>> shift;
    }
    long high = Math.unsignedMultiplyHigh(deltaNs, factor);
    long low = deltaNs * factor;
    return shift == 0 ? low : (high << (64 - shift)) | (low >>> shift);
  }
}
