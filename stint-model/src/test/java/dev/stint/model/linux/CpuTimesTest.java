package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.sched.Processor;
import dev.stint.model.sched.ProcessorSupplier;
import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.model.workload.Workloads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// The columns of /proc/stat in random systems whose CPUs are taken away at random: after every
/// instant they are what the ticks handled so far, the time denied and the time idle make them.
final class CpuTimesTest {
  private static final long MS = 1_000_000;
  private static final int WORLDS = 1_000;
  private static final int[] RATES = {100, 250, 300, 1000};

  @Test
  void columns_randomSystems_sumToTicksAndStolenTimeBeyondThem() {
    long ticks = 0;
    long stolen = 0;
    long late = 0;
    for (int seed = 1; seed <= WORLDS; seed++) {
      World world = new World(seed);
      world.run();
      for (Cpu cpu : world.cpus) {
        ticks += cpu.times().tickCount();
        stolen += cpu.times().stealNs();
        late += cpu.beyondTicksNs;
      }
    }
    assertThat(ticks).isGreaterThan(100_000);
    assertThat(stolen).isGreaterThan(0);
    assertThat(late).isGreaterThan(0);
  }

  /// One VP with its supplier, and what its CPU's columns should be.
  private static final class Cpu implements ProcessorSupplier {
    private final World world;
    private final int index;
    private final Processor processor;
    private boolean wants;
    private long wantsSinceNs;
    private long deniedNs;

    private long ticksSeen;
    private long stolenNs;
    private long beyondTicksNs;
    private long workNs;

    private boolean busy;
    private long idleSinceNs;
    private long idleNs;

    Cpu(World world, int index, Processor processor) {
      this.world = world;
      this.index = index;
      this.processor = processor;
    }

    CpuTimes times() {
      return world.kernel.runqueue(index).times;
    }

    @Override
    public void halted(long nowNs) {}

    @Override
    public void unhalted(long nowNs) {
      if (!processor.backed()) {
        want(nowNs);
      }
    }

    private void want(long nowNs) {
      wants = true;
      wantsSinceNs = nowNs;
    }

    /// Gives the VP an LP or takes it away.
    void turn(boolean give, long nowNs) {
      if (give && !processor.backed() && !processor.halted()) {
        if (wants) {
          deniedNs += nowNs - wantsSinceNs;
          wants = false;
        }
        processor.back(nowNs);
      } else if (!give && processor.backed()) {
        if (!processor.halted()) {
          want(nowNs);
        }
        processor.unback(nowNs);
      }
    }

    void switched(boolean toIdle, long nowNs) {
      if (busy && toIdle) {
        idleSinceNs = nowNs;
      } else if (!busy && !toIdle) {
        idleNs += nowNs - idleSinceNs;
      }
      busy = !toIdle;
    }

    /// After an instant: at most one tick was handled in it.
    void check(long nowNs) {
      CpuTimes times = times();
      long tickNs = world.kernel.tickNs;
      if (times.tickCount() > ticksSeen) {
        assertThat(times.tickCount()).isEqualTo(ticksSeen + 1);
        ticksSeen++;
        long newNs = world.stealClock ? deniedNs - stolenNs : 0;
        stolenNs += newNs;
        workNs += Math.max(0, tickNs - newNs);
        beyondTicksNs += Math.max(0, newNs - tickNs);
      }
      long work = times.userNs() + times.niceNs() + times.systemNs();
      assertThat(times.stealNs()).isEqualTo(stolenNs);
      assertThat(work).isEqualTo(workNs);
      assertThat(work + times.stealNs()).isEqualTo(ticksSeen * tickNs + beyondTicksNs);
      long idle = busy ? idleNs : idleNs + nowNs - idleSinceNs;
      assertThat(times.idleNs(nowNs)).isEqualTo(idle / 1_000 * 1_000);
    }
  }

  private static final class World implements TraceSink {
    private final Simulation simulation;
    private final RandomStream random;
    private final Entities entities = new Entities();
    private final List<Cpu> cpus = new ArrayList<>();
    private final boolean stealClock;
    private final LinuxKernel kernel;

    World(int seed) {
      simulation = new Simulation(seed);
      random = simulation.random().stream("world");
      stealClock = seed % 2 == 0;
      int count = 1 + (int) random.nextBelow(3);
      int partition = entities.add(EntityKind.PARTITION, "vm", Entities.NONE);
      List<Processor> processors = new ArrayList<>();
      for (int cpu = 0; cpu < count; cpu++) {
        Processor vp = Processor.virtual(entities.add(EntityKind.VP, "vm/vp" + cpu, partition));
        cpus.add(new Cpu(this, cpu, vp));
        vp.attachSupplier(cpus.get(cpu));
        processors.add(vp);
      }
      LinuxConfig config =
          new LinuxConfig(
              KernelVersion.V6_18,
              RATES[(int) random.nextBelow(4)],
              OptionalLong.empty(),
              stealClock);
      kernel =
          new LinuxKernel(
              simulation,
              entities,
              this,
              config,
              new LinuxKernel.Place(partition, "vm", processors, new int[count], 0));
      addTasks();
      cpus.forEach(this::schedule);
      simulation.afterEachInstant(() -> cpus.forEach(cpu -> cpu.check(simulation.nowNs())));
    }

    private void addTasks() {
      Workloads workloads = new Workloads(simulation);
      for (int i = 1 + (int) random.nextBelow(5); i > 0; i--) {
        String path = "vm/task:t" + i;
        long periodNs = MS + random.nextBelow(40 * MS);
        WorkloadSpec work =
            random.nextBelow(2) == 0
                ? new WorkloadSpec.Busy()
                : new WorkloadSpec.Periodic(
                    1 + random.nextBelow(periodNs), periodNs, random.nextBelow(periodNs));
        int nice = (int) random.nextBelow(40) - 20;
        kernel.createTask(
            new TaskParameters(path, EntityKind.TASK, nice, OptionalLong.empty(), Optional.empty()),
            kernel.rootGroup(),
            workloads.program(work, path, 0),
            0);
      }
    }

    /// A VP runs and waits for random times, of which most of one kind.
    private void schedule(Cpu cpu) {
      boolean[] give = {false};
      long meanNs = MS + random.nextBelow(12 * MS);
      int[] timer = new int[1];
      timer[0] =
          simulation.newTimer(
              TimerRank.HYPERVISOR,
              (now, _) -> {
                give[0] = !give[0];
                cpu.turn(give[0], now);
                simulation.arm(timer[0], now + 1 + random.nextExponentialNs(meanNs));
              });
      simulation.arm(timer[0], random.nextBelow(MS));
    }

    void run() {
      simulation.run(600 * MS);
      String[] lines = kernel.files().get("proc/stat").lines().toArray(String[]::new);
      for (Cpu cpu : cpus) {
        long[] columns =
            Arrays.stream(lines[1 + cpu.index].split(" +"))
                .skip(1)
                .mapToLong(Long::parseLong)
                .toArray();
        CpuTimes times = cpu.times();
        assertThat(columns)
            .startsWith(
                times.userNs() / (10 * MS),
                times.niceNs() / (10 * MS),
                times.systemNs() / (10 * MS))
            .endsWith(0, 0, times.stealNs() / (10 * MS), 0, 0);
        assertThat(columns[3]).isEqualTo(times.idleNs(simulation.nowNs()) / (10 * MS));
      }
    }

    @Override
    public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
      if (kind == TraceKind.SWITCH) {
        for (Cpu cpu : cpus) {
          if (cpu.processor.id() == a) {
            cpu.switched(c == Entities.NONE, timeNs);
          }
        }
      }
    }

    @Override
    public void sample(long timeNs, Metric metric, int entity, long value) {}
  }
}
