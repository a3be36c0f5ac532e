package dev.stint.model.sim;

import dev.stint.model.time.Invariant;

/// A stream of random numbers with a fixed, documented algorithm: SplitMix64 (Steele, Lea, Flood:
/// "Fast splittable pseudorandom number generators", OOPSLA 2014). Bounds and distributions are
/// ours, so no library change can alter a run.
public final class RandomStream {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
  private long state;

  RandomStream(long state) {
    this.state = state;
  }

  static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /// The next 64 uniform bits.
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /// Uniform in 0..bound-1, exactly (rejection); `bound` is at least 1.
  public long nextBelow(long bound) {
    Invariant.check(bound >= 1, "a random bound is at least 1", bound);
    long limit = Long.MAX_VALUE - Long.MAX_VALUE % bound;
    long draw = nextLong() >>> 1;
    while (draw >= limit) {
      draw = nextLong() >>> 1;
    }
    return draw % bound;
  }

  /// Uniform in [0, 1): 53 bits.
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /// Exponentially distributed with mean `meanNs`, at least 1 ns, by inversion with `StrictMath`.
  public long nextExponentialNs(long meanNs) {
    double draw = -StrictMath.log(1.0 - nextDouble()) * meanNs;
    return Math.max(1L, (long) draw);
  }
}
