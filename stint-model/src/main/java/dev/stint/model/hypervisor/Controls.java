package dev.stint.model.hypervisor;

/// The controls of every VP of a partition, in the hypervisor's raw units (TLFS 6.0b §14.2).
///
/// @param weight 1 to 10,000, default 100: relative share on contended LPs
/// @param cap 0 to 0x10000, default 0x10000: upper bound as a fraction of one LP
/// @param reserve 0 to `cap`, default 0: lower bound as a fraction of one LP
public record Controls(int weight, int cap, int reserve) {
  /// One whole LP in raw units.
  public static final int ONE_LP = 0x10000;

  /// The greatest weight.
  public static final int MAX_WEIGHT = 10_000;

  /// Weight 100, no cap, no reserve.
  public static final Controls DEFAULT = new Controls(100, ONE_LP, 0);

  /// Validates the ranges.
  public Controls {
    if (weight < 1 || weight > MAX_WEIGHT) {
      throw new IllegalArgumentException("weight is 1 to 10000, got " + weight);
    }
    if (cap < 1 || cap > ONE_LP) {
      throw new IllegalArgumentException("cap is 1 to 0x10000, got " + cap);
    }
    if (reserve < 0 || reserve > cap) {
      throw new IllegalArgumentException("reserve is 0 to the cap, got " + reserve);
    }
  }
}
