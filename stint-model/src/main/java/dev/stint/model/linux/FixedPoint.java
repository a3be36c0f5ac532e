package dev.stint.model.linux;

/// The 11-bit fixed point of the kernel's exponential averages (`calc_load`).
final class FixedPoint {
  static final int BITS = 11;

  /// 1.0.
  static final int ONE = 1 << BITS;

  private FixedPoint() {}

  /// One step of an average: `decay` of 2,048 of the old and the rest of `value`, rounded up while
  /// it rises, so that a constant value is reached.
  static long average(long old, int decay, long value) {
    long sum = old * decay + value * (ONE - decay);
    if (value >= old) {
      sum += ONE - 1;
    }
    return sum >> BITS;
  }

  /// `steps` steps of an average towards 0 at once (`calc_load_n` with nothing active): the decay
  /// is raised to that power first, by squaring, each product rounded.
  static long decayed(long old, int decay, long steps) {
    return average(old, (int) power(decay, steps), 0);
  }

  private static long power(int decay, long steps) {
    long result = ONE;
    long square = decay;
    for (long n = steps; n > 0; n >>= 1) {
      if ((n & 1) != 0) {
        result = (result * square + (ONE >> 1)) >> BITS;
      }
      square = (square * square + (ONE >> 1)) >> BITS;
    }
    return result;
  }

  static long whole(long value) {
    return value >> BITS;
  }

  static long hundredths(long value) {
    return whole((value & (ONE - 1)) * 100);
  }
}
