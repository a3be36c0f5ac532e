package dev.stint.model.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.model.time.BrokenInvariant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SimulationTest {
  private final List<String> log = new ArrayList<>();

  @Test
  void run_oneInstant_timersComeBeforeDeferredWork() {
    Simulation simulation = new Simulation(1);
    int schedule = simulation.newDeferred(_ -> log.add("schedule"));
    int preempt = simulation.newDeferred(_ -> log.add("preempt"));
    int tick =
        simulation.newTimer(
            TimerRank.TICK,
            (now, _) -> {
              log.add("tick");
              simulation.defer(schedule);
            });
    int sleep =
        simulation.newTimer(
            TimerRank.SLEEP,
            (now, _) -> {
              log.add("wake");
              simulation.defer(preempt);
            });
    simulation.arm(tick, 5);
    simulation.arm(sleep, 5);
    simulation.afterEachInstant(() -> log.add("settled"));
    simulation.run(10);
    assertThat(log).containsExactly("settled", "wake", "tick", "preempt", "schedule", "settled");
    assertThat(simulation.nowNs()).isEqualTo(10);
  }

  @Test
  void run_deferredWorkArmsTimerForNow_staysInTheInstant() {
    Simulation simulation = new Simulation(1);
    int again = simulation.newTimer(0, (now, _) -> log.add("again at " + now));
    int armAgain = simulation.newDeferred(now -> simulation.arm(again, now));
    int first = simulation.newTimer(0, (now, _) -> simulation.defer(armAgain));
    simulation.arm(first, 3);
    simulation.afterEachInstant(() -> log.add("settled"));
    simulation.run(3);
    assertThat(log).containsExactly("settled", "again at 3", "settled");
  }

  @Test
  void run_endlessInstant_stops() {
    Simulation simulation = new Simulation(1);
    int[] self = new int[1];
    self[0] = simulation.newDeferred(_ -> simulation.defer(self[0]));
    simulation.defer(self[0]);
    assertThatThrownBy(() -> simulation.run(1)).isInstanceOf(BrokenInvariant.class);
  }

  @Test
  void arm_inThePast_isRefused() {
    Simulation simulation = new Simulation(1);
    int timer = simulation.newTimer(0, (now, _) -> {});
    simulation.run(10);
    assertThatThrownBy(() -> simulation.arm(timer, 9)).isInstanceOf(BrokenInvariant.class);
  }

  @Test
  void streams_ofOneName_areEqualWhateverElseIsDrawn() {
    RandomStreams a = new RandomStreams(42);
    RandomStreams b = new RandomStreams(42);
    b.stream("other").nextLong();
    assertThat(a.stream("web").nextLong()).isEqualTo(b.stream("web").nextLong());
    assertThat(a.stream("web").nextLong()).isNotEqualTo(a.stream("db").nextLong());
    assertThat(new RandomStreams(43).stream("web").nextLong())
        .isNotEqualTo(a.stream("web").nextLong());
  }

  /// The first outputs of SplitMix64 from state 0, as published with the algorithm.
  @Test
  void nextLong_fromZero_isSplitMix64() {
    RandomStream stream = new RandomStream(0);
    assertThat(stream.nextLong()).isEqualTo(0xE220A8397B1DCDAFL);
    assertThat(stream.nextLong()).isEqualTo(0x6E789E6AA1B965F4L);
    assertThat(stream.nextLong()).isEqualTo(0x06C45D188009454FL);
  }

  @Test
  void nextExponential_manyDraws_haveTheMean() {
    RandomStream stream = new RandomStream(9);
    double sum = 0;
    for (int i = 0; i < 200_000; i++) {
      sum += stream.nextExponentialNs(1_000_000);
    }
    assertThat(sum / 200_000).isBetween(990_000.0, 1_010_000.0);
  }

  @Test
  void nextBelow_smallBound_isUniform() {
    RandomStream stream = new RandomStream(11);
    int[] counts = new int[6];
    for (int i = 0; i < 60_000; i++) {
      counts[(int) stream.nextBelow(6)]++;
    }
    for (int count : counts) {
      assertThat(count).isBetween(9_600, 10_400);
    }
  }
}
