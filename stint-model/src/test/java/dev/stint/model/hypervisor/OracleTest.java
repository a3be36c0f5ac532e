package dev.stint.model.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.hypervisor.Partition.Kind;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.time.Time;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The scheduler against [NaiveScheduler]: the same trace, event for event, on random machines,
/// partitions and loads.
class OracleTest {
  private static final int SEED_COUNT = Integer.getInteger("stint.oracle.seeds", 120);
  private static final long END = 600 * Time.MS;

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
    RandomStream random = new Simulation(seed).random().stream("oracle");
    int threads = 1 + below(random, 2);
    Machine machine = new Machine(1, 1 + below(random, 2), 1, 1 + below(random, 2), threads);
    HypervisorConfig config =
        new HypervisorConfig(
            pick(random, 10 * Time.MS, 5 * Time.MS, 3_333_333),
            pick(random, 50 * Time.MS, 20 * Time.MS),
            Rotation.values()[below(random, 2)],
            below(random, 2) == 0,
            FamilyShare.values()[below(random, 2)],
            below(random, 4) == 0,
            below(random, 2) * Time.MS);
    SchedulerType type =
        List.of(
                SchedulerType.LP,
                SchedulerType.LP_SMT,
                SchedulerType.CORE_SMT,
                SchedulerType.CORE_SMT)
            .get(below(random, 4));
    Rig rig = new Rig(machine, config, type, naive);
    List<Partition> partitions = partitions(rig, random);
    for (Partition partition : partitions) {
      for (VirtualProcessor vp : partition.vps()) {
        if (!vp.dispatched()) {
          load(rig, vp, random);
        }
      }
    }
    rig.run(END);
    return rig;
  }

  private static List<Partition> partitions(Rig rig, RandomStream random) {
    List<Partition> partitions = new ArrayList<>();
    long[] groups = groups(rig, random);
    int count = 1 + below(random, 4);
    for (int i = 0; i < count; i++) {
      boolean host = below(random, 3) == 0;
      PartitionRequest request =
          request("p" + i, host ? Kind.L1VH : Kind.GUEST, rig.machine, random);
      if (below(random, 2) == 0) {
        request = request.withIntegratedScheduler();
      }
      if (groups.length > 0 && request.lps().isEmpty() && below(random, 3) > 0) {
        request = request.withCpuGroup(groups[below(random, groups.length)]);
      }
      if (rig.hypervisor.createPartition(request) instanceof PartitionResult.Created created) {
        Partition parent = created.partition();
        partitions.add(parent);
        for (int child = 0; host && child < below(random, 3); child++) {
          PartitionRequest inner = request("p" + i + "/c" + child, Kind.GUEST, rig.machine, random);
          if (rig.hypervisor.createPartition(parent, inner)
              instanceof PartitionResult.Created made) {
            partitions.add(made.partition());
          }
        }
      }
    }
    return partitions;
  }

  /* None, or two groups with caps, of random LPs. */
  private static long[] groups(Rig rig, RandomStream random) {
    if (below(random, 2) == 0) {
      return new long[0];
    }
    long[] ids = new long[2];
    for (int i = 0; i < ids.length; i++) {
      int first = below(random, rig.machine.lpCount());
      CpuSet lps = CpuSet.range(first, rig.machine.lpCount());
      int cap = (int) pick(random, 0x8000, 0x5555, 0x1999, 0xE000, Controls.ONE_LP, 0);
      HypercallResult made = rig.hypervisor.createCpuGroup("g" + i, lps, cap);
      ids[i] = ((HypercallResult.Success) made).value();
    }
    return ids;
  }

  private static PartitionRequest request(
      String path, Kind kind, Machine machine, RandomStream random) {
    int cap = (int) pick(random, Controls.ONE_LP, Controls.ONE_LP, 0x8000, 0x3333);
    int reserve = (int) Math.min(cap, pick(random, 0, 0, 0, 0x2000));
    int weight = (int) pick(random, 100, 100, 100, 200, 700, 1, 10_000, 33);
    PartitionRequest request =
        PartitionRequest.of(path, kind, 1 + below(random, 4))
            .withThreadsPerCore(1 + below(random, 2))
            .withControls(new Controls(weight, cap, reserve));
    if (below(random, 3) == 0) {
      CpuSet lps = CpuSet.of(below(random, machine.lpCount()), below(random, machine.lpCount()));
      request = request.withLps(lps);
    }
    return request;
  }

  private static void load(Rig rig, VirtualProcessor vp, RandomStream random) {
    long burstNs =
        pick(random, Guest.FOREVER, Guest.FOREVER, Time.MS, 5 * Time.MS, 10 * Time.MS, 1_234_567);
    long pauseNs = pick(random, 0, Time.MS, 5 * Time.MS, 20 * Time.MS, 777_777, Guest.FOREVER);
    Guest guest = rig.guest('x', vp, burstNs, pauseNs);
    long startNs = pick(random, 0, 0, 5 * Time.MS, 123_456_789);
    guest.startAt(startNs);
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
              if (guest.vp().processor().backed()) {
                guest.vp().processor().longSpin(nowNs);
              }
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
