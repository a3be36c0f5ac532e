package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TickGridTest {
  private static final long PERIOD_NS = 4_000_000;
  private static final long PHASE_NS = 1_300_001;

  /// The oracle is the division that the grid mostly avoids: steps within a period, to the next
  /// one, far ahead and back.
  @Test
  void anyOrderOfTimes_equalsADivision() {
    TickGrid grid = new TickGrid(PERIOD_NS, PHASE_NS);
    long[] stepsNs = {
      0, 1, 1_299_999, 1, 1, 3_999_999, 4_000_000, 1, 7_999_999, 50_000_000, -9, -1
    };
    long timeNs = 0;
    for (int i = 0; i < 1_000; i++) {
      timeNs = Math.max(0, timeNs + stepsNs[i % stepsNs.length]);
      long jiffy = Math.floorDiv(timeNs - PHASE_NS, PERIOD_NS);
      assertThat(grid.jiffy(timeNs)).as("jiffy at %d", timeNs).isEqualTo(jiffy);
      long nextNs = (jiffy + 1) * PERIOD_NS + PHASE_NS;
      assertThat(grid.nextNs(timeNs)).as("next after %d", timeNs).isEqualTo(nextNs);
    }
  }

  @Test
  void nextNs_onATick_isTheOneAfter() {
    TickGrid grid = new TickGrid(PERIOD_NS, PHASE_NS);
    assertThat(grid.nextNs(PHASE_NS)).isEqualTo(PHASE_NS + PERIOD_NS);
    assertThat(grid.nextNs(PHASE_NS - 1)).isEqualTo(PHASE_NS);
  }
}
