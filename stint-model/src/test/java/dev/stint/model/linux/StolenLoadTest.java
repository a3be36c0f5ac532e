package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class StolenLoadTest {
  private static final long MS = 1_000_000;

  @Test
  void capacity_noStealClock_isWhole() {
    LoadedBox box = new LoadedBox(2);
    assertThat(box.kernel.runqueue(0).stolen.capacity(1)).isEqualTo(1024);
  }

  @Test
  void ofLeftOver_shares_isTheRest() {
    assertThat(StolenLoad.ofLeftOver(0)).isEqualTo(1024);
    assertThat(StolenLoad.ofLeftOver(256)).isEqualTo(768);
    assertThat(StolenLoad.ofLeftOver(1023)).isEqualTo(1);
    assertThat(StolenLoad.ofLeftOver(1024)).isEqualTo(1);
  }

  /// A quarter stolen for long: three quarters are left, a little more or less by the phase.
  @Test
  void account_aQuarterStolen_averagesAQuarter() {
    LoadAverage average = new LoadAverage();
    average.lastUpdateNs = 0;
    PeltStep step = new PeltStep();
    for (long now = 4 * MS; now <= 2000 * MS; now += 4 * MS) {
      StolenLoad.account(average, step, now, MS);
    }
    assertThat(average.utilAvg).isCloseTo(256, within(16L));
  }
}
