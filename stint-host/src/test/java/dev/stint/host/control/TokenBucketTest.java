package dev.stint.host.control;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TokenBucketTest {
  private static final long INTERVAL_NS = 30;

  private final TokenBucket bucket = new TokenBucket(3, INTERVAL_NS, 1_000);

  private int taken(long nowNs) {
    int taken = 0;
    while (bucket.take(nowNs)) {
      taken++;
    }
    return taken;
  }

  @Test
  void take_atOnce_isGrantedAsOftenAsTheCapacity() {
    assertThat(taken(1_000)).isEqualTo(3);
  }

  @Test
  void take_afterAnInterval_isGrantedOnceMore() {
    taken(1_000);
    assertThat(taken(1_000 + INTERVAL_NS - 1)).isZero();
    assertThat(taken(1_000 + INTERVAL_NS)).isEqualTo(1);
    assertThat(taken(1_000 + 2 * INTERVAL_NS - 1)).isZero();
  }

  @Test
  void take_betweenIntervals_losesNoPartOfOne() {
    taken(1_000);
    assertThat(taken(1_000 + INTERVAL_NS + 20)).isEqualTo(1);
    assertThat(taken(1_000 + 2 * INTERVAL_NS)).isEqualTo(1);
  }

  @Test
  void take_afterALongTime_isGrantedNoMoreThanTheCapacity() {
    taken(1_000);
    assertThat(taken(1_000 + 100 * INTERVAL_NS + 29)).isEqualTo(3);
    // What was full has nothing saved towards the next.
    assertThat(taken(1_000 + 101 * INTERVAL_NS)).isZero();
    assertThat(taken(1_000 + 101 * INTERVAL_NS + 29)).isEqualTo(1);
  }
}
