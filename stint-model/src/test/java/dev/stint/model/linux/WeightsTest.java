package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.SplittableRandom;
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

  @Test
  void calcDelta_idleWeight_equalsKernelVector() {
    assertThat(Weights.calcDelta(TICK_NS, Weights.IDLE, Weights.IDLE_INVERSE))
        .isEqualTo(1_365_333_333L);
    assertThat(Weights.inverseOf(Weights.IDLE)).isEqualTo(Weights.IDLE_INVERSE);
  }

  @Test
  void calcDelta_ofRandomGroupsAndTasks_equalsTheOracle() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 200_000; i++) {
      int kind = random.nextInt(3);
      int nice = random.nextInt(-20, 20);
      long weight =
          switch (kind) {
            case 0 -> Weights.ofNice(nice);
            case 1 -> Weights.IDLE;
            default -> random.nextLong(2, 1L << random.nextInt(3, 29));
          };
      long inverse =
          switch (kind) {
            case 0 -> Weights.inverseOfNice(nice);
            case 1 -> 1_431_655_765L;
            default -> 0xFFFF_FFFFL / Math.max(2, weight / 1024);
          };
      long delta = random.nextLong(1L << random.nextInt(1, 43));
      assertThat(Weights.calcDelta(delta, weight, inverse))
          .as("%d at weight %d", delta, weight)
          .isEqualTo(NaiveQueue.calcDelta(delta, weight, inverse));
      if (kind == 2) {
        assertThat(Weights.inverseOf(weight)).isEqualTo(inverse);
      }
    }
  }
}
