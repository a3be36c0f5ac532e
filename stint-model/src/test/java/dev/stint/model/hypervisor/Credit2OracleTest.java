package dev.stint.model.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.time.Time;
import org.junit.jupiter.api.Test;

/// [Credit2Scheduler] against [NaiveCredit2]: the same trace, event for event, on random machines,
/// weights, affinities and loads.
class Credit2OracleTest {
  private static final int SEED_COUNT = Integer.getInteger("stint.oracle.seeds", 120);
  private static final long END = 300 * Time.MS;

  @Test
  void randomRuns_equalTheOracle() {
    long events = 0;
    for (int seed = 0; seed < SEED_COUNT; seed++) {
      Rig real = run(seed, false);
      Rig naive = run(seed, true);
      for (int i = 0; i < Math.min(real.events.size(), naive.events.size()); i++) {
        if (!real.events.get(i).equals(naive.events.get(i))) {
          int from = Math.max(0, i - 12);
          assertThat(real.told().subList(from, i + 1))
              .as("seed %d, event %d", seed, i)
              .isEqualTo(naive.told().subList(from, i + 1));
        }
      }
      assertThat(real.events).as("seed %d", seed).hasSameSizeAs(naive.events);
      events += real.events.size();
    }
    assertThat(events).as("events compared").isGreaterThan(SEED_COUNT * 200L);
  }

  private static Rig run(int seed, boolean naive) {
    RandomStream random = new Simulation(seed).random().stream("credit2");
    int nodes = 1 + below(random, 2);
    Machine machine =
        new Machine(
            1,
            nodes,
            nodes == 1 ? 1 + below(random, 2) : 1,
            1 + below(random, 2),
            1 + below(random, 2));
    Credit2Config config =
        below(random, 2) == 0
            ? Credit2Config.DEFAULT
            : new Credit2Config(
                pick(random, 10 * Time.MS, 3_333_333),
                pick(random, 100_000, Time.MS, 777_777),
                pick(random, 0, 500_000, 2 * Time.MS),
                pick(random, 0, 500_000, 2 * Time.MS));
    Rig rig = new Rig(machine, config, naive);
    int count = 1 + below(random, 6);
    for (int i = 0; i < count; i++) {
      int weight = (int) pick(random, 100, 100, 100, 200, 700, 1, 10_000, 33);
      PartitionRequest request =
          Rig.guest("p" + i, 1 + below(random, 3))
              .withControls(new Controls(weight, Controls.ONE_LP, 0));
      if (below(random, 3) == 0) {
        int lps = machine.lpCount();
        request = request.withLps(CpuSet.of(below(random, lps), below(random, lps)));
      }
      rig.partition(request).vps().forEach(vp -> load(rig, vp, random));
    }
    rig.run(END);
    return rig;
  }

  private static void load(Rig rig, VirtualProcessor vp, RandomStream random) {
    long burstNs =
        pick(random, Guest.FOREVER, Guest.FOREVER, Time.MS, 5 * Time.MS, 300_000, 1_234_567);
    long pauseNs = pick(random, 0, Time.MS, 5 * Time.MS, 20 * Time.MS, 777_777, Guest.FOREVER);
    Guest guest = rig.guest('x', vp, burstNs, pauseNs);
    guest.startAt(pick(random, 0, 0, 5 * Time.MS, 123_456_789));
    if (below(random, 3) == 0) {
      disturb(rig, guest, pick(random, 3 * Time.MS, 10 * Time.MS, 7_654_321));
    }
  }

  /* Interrupts the VP from outside, whatever it does, on a random walk of its own. */
  private static void disturb(Rig rig, Guest guest, long meanNs) {
    Simulation simulation = rig.simulation;
    RandomStream random = simulation.random().stream("disturb/" + guest.vp().id());
    int[] timer = new int[1];
    timer[0] =
        simulation.newTimer(
            TimerRank.DEVICE,
            (nowNs, id) -> {
              guest.wake(nowNs);
              simulation.arm(timer[0], nowNs + (1 + random.nextBelow(3)) * meanNs);
            });
    simulation.arm(timer[0], meanNs);
  }

  private static int below(RandomStream random, int bound) {
    return (int) random.nextBelow(bound);
  }

  private static long pick(RandomStream random, long... values) {
    return values[below(random, values.length)];
  }
}
