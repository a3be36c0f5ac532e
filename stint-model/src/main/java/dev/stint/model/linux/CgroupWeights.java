package dev.stint.model.linux;

/// Conversions between cgroup v1 `cpu.shares` and cgroup v2 `cpu.weight`, as the kernel and as
/// container tools do them (facts: linux.md §2.1). The kernel schedules by shares; a v2 weight is
/// only another way to write them.
public final class CgroupWeights {
  /// The range of `cpu.shares`; the kernel clamps what is outside.
  public static final int SHARES_MIN = 2;

  /// See [#SHARES_MIN].
  public static final int SHARES_MAX = 262_144;

  /// The range of `cpu.weight`; the kernel refuses what is outside (ERANGE).
  public static final int WEIGHT_MIN = 1;

  /// See [#WEIGHT_MIN].
  public static final int WEIGHT_MAX = 10_000;

  private static final int DEFAULT_SHARES = 1024;
  private static final int DEFAULT_WEIGHT = 100;

  private CgroupWeights() {}

  /// The kernel's shares of a v2 weight, 1..10,000: round(weight x 1024 / 100).
  public static long sharesOfWeight(int weight) {
    return ((long) weight * DEFAULT_SHARES + DEFAULT_WEIGHT / 2) / DEFAULT_WEIGHT;
  }

  /// What `cpu.weight` reads for these shares: round(shares x 100 / 1024) within 1..10,000.
  public static int weightOfShares(long shares) {
    long weight = (shares * DEFAULT_WEIGHT + DEFAULT_SHARES / 2) / DEFAULT_SHARES;
    return Math.clamp(weight, WEIGHT_MIN, WEIGHT_MAX);
  }

  /// The shares in force after `shares` was written to `cpu.shares`.
  public static int clampShares(long shares) {
    return Math.clamp(shares, SHARES_MIN, SHARES_MAX);
  }

  /// How systemd turns CPUShares= into CPUWeight=: proportional, rounded down.
  public static int weightBySystemd(long shares) {
    return Math.clamp(shares * DEFAULT_WEIGHT / DEFAULT_SHARES, WEIGHT_MIN, WEIGHT_MAX);
  }

  /// How systemd turns CPUWeight= into CPUShares=.
  public static int sharesBySystemd(int weight) {
    long shares = (long) weight * DEFAULT_SHARES / DEFAULT_WEIGHT;
    return Math.clamp(shares, SHARES_MIN, SHARES_MAX);
  }

  /// The older conversion of container runtimes (runc to 1.3.1, crun before 1.23): the ranges
  /// mapped onto each other by a line, so that the default 1024 becomes 39. `shares` is 2 or more.
  public static int weightByOciLine(long shares) {
    long range = SHARES_MAX - SHARES_MIN;
    return (int) (1 + (clampShares(shares) - SHARES_MIN) * (long) (WEIGHT_MAX - 1) / range);
  }

  /// The newer conversion of container runtimes (runc from 1.3.2, crun from 1.23): through (2, 1),
  /// (1024, 100) and (262144, 10000) by a parabola in logarithms, so that the default stays the
  /// default but equal ratios of shares do not give equal ratios of weights.
  public static int weightByOciCurve(long shares) {
    if (shares <= SHARES_MIN) {
      return WEIGHT_MIN;
    }
    if (shares >= SHARES_MAX) {
      return WEIGHT_MAX;
    }
    double doublings = StrictMath.log(shares) / StrictMath.log(2);
    double exponent = (doublings * doublings + 125 * doublings) / 612.0 - 7.0 / 34.0;
    return (int) StrictMath.ceil(StrictMath.pow(10, exponent));
  }
}
