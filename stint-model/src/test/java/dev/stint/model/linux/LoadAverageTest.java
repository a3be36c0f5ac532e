package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.Simulation;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;

final class LoadAverageTest {
  private static final long SEGMENT_NS = 1024 * 1024;
  private static final int OPERATIONS = 200_000;

  private final PeltStep step = new PeltStep();

  private static LoadAverage fresh() {
    LoadAverage average = new LoadAverage();
    average.lastUpdateNs = 0;
    return average;
  }

  @Test
  void decay_oneHalfLife_isHalf() {
    assertThat(PeltStep.decay(47_742, 32)).isEqualTo(47_742 / 2 - 1);
    assertThat(PeltStep.decay(47_742, 64)).isEqualTo(47_742 / 4 - 1);
    assertThat(PeltStep.decay(1L << 40, 2016)).isEqualTo(0);
    assertThat(PeltStep.decay(Long.MAX_VALUE, 2017)).isEqualTo(0);
  }

  @Test
  void decay_anyValue_equalsTheExactProduct() {
    for (long value = 1; value < 1L << 60; value = value * 5 + 3) {
      for (int segments = 0; segments < 2100; segments++) {
        BigInteger expected = NaiveLoadAverage.decay(BigInteger.valueOf(value), segments);
        assertThat(PeltStep.decay(value, segments)).isEqualTo(expected.longValueExact());
      }
    }
  }

  @Test
  void update_alwaysRunning_settlesAtWeightAndCapacity() {
    LoadAverage average = fresh();
    for (int tick = 1; tick <= 500; tick++) {
      average.update(step, tick * 4_000_000L, 1, 1, true, 335);
    }
    assertThat(average.loadAvg).isBetween(334L, 335L);
    assertThat(average.utilAvg).isBetween(1022L, 1024L);
    assertThat(average.runnableAvg).isEqualTo(average.utilAvg);
  }

  /// After a half-life of running, a task from nothing is at half of the capacity.
  @Test
  void update_runningForAHalfLife_isHalfOfTheCapacity() {
    LoadAverage average = fresh();
    average.update(step, 32 * SEGMENT_NS, 1, 1, true, 1024);
    assertThat(average.utilAvg).isCloseTo(512, within(1L));
    assertThat(average.loadAvg).isCloseTo(512, within(1L));
    average.update(step, 64 * SEGMENT_NS, 0, 0, false, 1024);
    assertThat(average.utilAvg).isCloseTo(256, within(1L));
  }

  @Test
  void update_underOneUnit_changesNothing() {
    LoadAverage average = fresh();
    assertThat(average.update(step, 1023, 1, 1, true, 1024)).isFalse();
    assertThat(average.loadSum).isEqualTo(0);
    assertThat(average.lastUpdateNs).isEqualTo(0);
    average.update(step, 1024 * 5 + 7, 1, 1, true, 1024);
    assertThat(average.loadSum).isEqualTo(5);
    assertThat(average.lastUpdateNs).isEqualTo(5 * 1024);
  }

  @Test
  void update_clockGoesBack_onlyTheClockIsTaken() {
    LoadAverage average = fresh();
    average.update(step, 50 * SEGMENT_NS, 1, 1, true, 1024);
    long sum = average.loadSum;
    average.update(step, 40 * SEGMENT_NS, 1, 1, true, 1024);
    assertThat(average.loadSum).isEqualTo(sum);
    assertThat(average.lastUpdateNs).isEqualTo(40 * SEGMENT_NS);
  }

  @Test
  void update_randomOperations_equalsTheOracle() {
    RandomStream random = new Simulation(7).random().stream("load-average");
    LoadAverage average = fresh();
    NaiveLoadAverage naive = new NaiveLoadAverage();
    long now = 0;
    for (int i = 0; i < OPERATIONS; i++) {
      now += randomStep(random);
      long load =
          random.nextBelow(4) == 0 ? 0 : 1 + random.nextBelow(random.nextBelow(200_000) + 1);
      long runnable = random.nextBelow(5);
      boolean running = random.nextBelow(2) == 0;
      long weight = random.nextBelow(3) == 0 ? 88_761 : 1 + random.nextBelow(1024);
      boolean changed = average.update(step, now, load, runnable, running, weight);
      assertThat(changed).isEqualTo(naive.update(now, load, runnable, running, weight));
      assertThat(average.lastUpdateNs).isEqualTo(naive.lastNs);
      assertThat(average.periodContrib).isEqualTo(naive.contrib);
      assertThat(average.loadSum).isEqualTo(naive.loadSum.longValueExact());
      assertThat(average.runnableSum).isEqualTo(naive.runnableSum.longValueExact());
      assertThat(average.utilSum).isEqualTo(naive.utilSum.longValueExact());
      assertThat(average.loadAvg).isEqualTo(naive.loadAvg.longValueExact());
      assertThat(average.runnableAvg).isEqualTo(naive.runnableAvg.longValueExact());
      assertThat(average.utilAvg).isEqualTo(naive.utilAvg.longValueExact());
    }
  }

  private static long randomStep(RandomStream random) {
    long kind = random.nextBelow(100);
    if (kind < 50) {
      return random.nextBelow(5_000_000);
    }
    if (kind < 95) {
      return random.nextBelow(5_000);
    }
    return kind < 99 ? random.nextBelow(200_000_000) : random.nextBelow(4_000_000_000L);
  }

  /// Walks one unit at a time with the definition's own geometric series: the integer arithmetic
  /// may differ by the kernel's rounding of the series' sum, 47742 for 47788, and of each update.
  @Test
  void update_randomRuns_staysNearTheRealSeries() {
    RandomStream random = new Simulation(8).random().stream("series");
    double y = StrictMath.pow(0.5, 1.0 / 32);
    double realMax = 1024 / (1 - y);
    LoadAverage average = fresh();
    double sum = 0;
    int inSegment = 0;
    long now = 0;
    for (int i = 0; i < 5_000; i++) {
      long units = random.nextBelow(4_000);
      boolean running = random.nextBelow(2) == 0;
      for (long unit = 0; unit < units; unit++) {
        sum += running ? 1 : 0;
        if (++inSegment == 1024) {
          inSegment = 0;
          sum *= y;
        }
      }
      now += units * 1024;
      average.update(step, now, 1, 1, running, 1024);
      double real = 1024 * sum / (realMax - 1024 + inSegment);
      double ours = average.utilSum / (double) average.divider();
      assertThat(ours).isCloseTo(real, within(2.0));
    }
  }

  @Test
  void estimate_growing_followsAtOnce_shrinking_byAQuarter() {
    LoadAverage task = fresh();
    task.utilAvg = 400;
    task.runnableAvg = 400;
    QueueLoad.estimate(task);
    assertThat(task.utilEst).isEqualTo(400);
    task.utilAvg = 200;
    task.runnableAvg = 205;
    QueueLoad.estimate(task);
    assertThat(task.utilEst).as("the average was not recomputed").isEqualTo(400);
    task.utilEstimated = false;
    QueueLoad.estimate(task);
    assertThat(task.utilEst).isEqualTo(350);
  }

  @Test
  void estimate_smallChangeOrUnmetDemand_staysAsItWas() {
    LoadAverage task = fresh();
    task.utilEst = 400;
    task.utilAvg = 391;
    task.runnableAvg = 391;
    QueueLoad.estimate(task);
    assertThat(task.utilEst).isEqualTo(400);
    task.utilEstimated = false;
    task.utilAvg = 200;
    task.runnableAvg = 211;
    QueueLoad.estimate(task);
    assertThat(task.utilEst).isEqualTo(400);
  }
}
