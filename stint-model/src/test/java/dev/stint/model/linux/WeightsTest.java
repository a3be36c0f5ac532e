package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

/// Vectors: read off the kernel's arithmetic (6.18) for a 4 ms delta.
final class WeightsTest {
  private static final long TICK_NS = 4_000_000;

  private static long ofTask(int nice) {
    return Weights.calcDelta(TICK_NS, Weights.ofNice(nice), Weights.inverseOfNice(nice));
  }

  private static long ofGroup(long weight) {
    return Weights.calcDelta(TICK_NS, weight, Weights.inverseOf(weight));
  }

  @Test
  void calcDelta_taskWeights_equalsKernelVectors() {
    assertThat(ofTask(0)).isEqualTo(4_000_000);
    assertThat(ofTask(5)).isEqualTo(12_226_865);
    assertThat(ofTask(-20)).isEqualTo(46_146);
    assertThat(ofTask(19)).isEqualTo(273_066_666);
  }

  @Test
  void calcDelta_groupWeights_useTheIntegerInverse() {
    assertThat(ofGroup(Weights.ofShares(512))).isEqualTo(7_999_999);
    assertThat(ofGroup(Weights.ofShares(3072))).isEqualTo(1_333_333);
  }

  @Test
  void calcDelta_anyDelta_equalsExactProductShifted() {
    for (int nice = -20; nice < 20; nice++) {
      for (long delta = 1; delta < 1L << 52; delta = delta * 3 + 1) {
        BigInteger factor = BigInteger.valueOf(Weights.inverseOfNice(nice)).shiftLeft(10);
        int excess = Math.max(0, factor.bitLength() - 32);
        BigInteger expected =
            BigInteger.valueOf(delta).multiply(factor.shiftRight(excess)).shiftRight(32 - excess);
        long actual = Weights.calcDelta(delta, Weights.ofNice(nice), Weights.inverseOfNice(nice));
        assertThat(actual)
            .as("delta %d nice %d", delta, nice)
            .isEqualTo(nice == 0 ? delta : expected.longValueExact());
      }
    }
  }
}
