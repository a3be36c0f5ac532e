package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.sched.Processor;
import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.Simulation;
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

  /// While nothing is stolen nothing is computed: it makes no difference, whenever it is read.
  @Test
  void capacity_afterQuietTimes_isAsComputedAtEveryReading() {
    RandomStream random = new Simulation(3).random().stream("readings");
    Processor processor = Processor.virtual(0);
    StolenLoad load = new StolenLoad(processor, true);
    LoadAverage plain = new LoadAverage();
    plain.lastUpdateNs = 0;
    PeltStep step = new PeltStep();
    long seenNs = 0;
    long least = 1024;
    processor.interrupt(0);
    processor.back(0);
    long now = 0;
    for (int reading = 0; reading < 100_000; reading++) {
      now += 1 + random.nextBelow(random.nextBelow(3) == 0 ? 4 * MS : 2_000);
      boolean busy = reading / 500 % 4 == 0;
      if (processor.backed() && busy && random.nextBelow(10) == 0) {
        processor.unback(now);
      } else if (!processor.backed()) {
        processor.back(now);
      }
      long deniedNs = processor.deniedNs(now);
      StolenLoad.account(plain, step, now, deniedNs - seenNs);
      seenNs = deniedNs;
      assertThat(load.capacity(now)).isEqualTo(StolenLoad.ofLeftOver(plain.utilAvg));
      least = Math.min(least, load.capacity(now));
    }
    assertThat(least).isLessThan(900);
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
