package dev.stint.model.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.model.time.BrokenInvariant;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class LatencyHistogramTest {
  @Test
  void nothingRecorded_isEmpty() {
    assertThat(new LatencyHistogram().percentiles()).isEqualTo(Percentiles.EMPTY);
    assertThat(new LatencyHistogram().percentileNs(500)).isZero();
  }

  @Test
  void smallValues_areExact() {
    LatencyHistogram histogram = new LatencyHistogram();
    for (int value = 1; value <= 100; value++) {
      histogram.record(value);
    }
    assertThat(histogram.percentiles())
        .isEqualTo(new Percentiles(100, 5050, 1, 50, 90, 99, 100, 100));
  }

  @Test
  void oneValue_isEveryPercentile() {
    LatencyHistogram histogram = new LatencyHistogram();
    histogram.record(123_456_789);
    assertThat(histogram.percentiles())
        .isEqualTo(
            new Percentiles(
                1,
                123_456_789,
                123_456_789,
                123_456_789,
                123_456_789,
                123_456_789,
                123_456_789,
                123_456_789));
  }

  @Test
  void anyValues_percentilesAreWithin8PerMilleOfNearestRank() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 200; round++) {
      int count = random.nextInt(1, 2000);
      int bits = random.nextInt(1, 50);
      long[] values = random.longs(count, 0, 1L << bits).toArray();
      LatencyHistogram histogram = new LatencyHistogram();
      LatencyHistogram halves = new LatencyHistogram();
      LatencyHistogram other = new LatencyHistogram();
      for (int i = 0; i < count; i++) {
        histogram.record(values[i]);
        (i % 2 == 0 ? halves : other).record(values[i]);
      }
      halves.merge(other);
      Arrays.sort(values);
      for (int permille : new int[] {0, 1, 250, 500, 900, 990, 999, 1000}) {
        int rank = Math.max(1, (int) Math.ceilDiv((long) count * permille, 1000L));
        long exact = values[rank - 1];
        assertThat(Math.abs(histogram.percentileNs(permille) - exact) * 1000)
            .isLessThanOrEqualTo(exact * 8);
      }
      assertThat(histogram.sumNs()).isEqualTo(Arrays.stream(values).sum());
      assertThat(halves.percentiles()).isEqualTo(histogram.percentiles());
    }
  }

  @Test
  void greatestValue_isAccepted() {
    LatencyHistogram histogram = new LatencyHistogram();
    histogram.record(Long.MAX_VALUE);
    assertThat(histogram.percentileNs(500)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void negativeValue_isRefused() {
    assertThatThrownBy(() -> new LatencyHistogram().record(-1)).isInstanceOf(BrokenInvariant.class);
  }
}
