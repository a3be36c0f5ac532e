package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.sched.Processor;
import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A limit and its plain restatement, to which the same random charges, picks, arrivals,
/// departures, writes and waits are done.
final class BandwidthWorld {
  private static final long MS = 1_000_000;

  private static final TraceSink NOWHERE =
      new TraceSink() {
        @Override
        public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {}

        @Override
        public void sample(long timeNs, Metric metric, int entity, long value) {}
      };

  private final RandomStream random;
  private final int cpus;
  private final Simulation simulation;
  private final LinuxKernel kernel;
  private final TaskGroup group;
  private final NaiveBandwidth naive;

  BandwidthWorld(int seed) {
    simulation = new Simulation(seed);
    random = simulation.random().stream("operations");
    cpus = 1 + (int) random.nextBelow(8);
    Entities entities = new Entities();
    int partition = entities.add(EntityKind.PARTITION, "box", Entities.NONE);
    List<Processor> processors = new ArrayList<>();
    for (int cpu = 0; cpu < cpus; cpu++) {
      processors.add(
          Processor.alwaysBacked(entities.add(EntityKind.LP, "cpu" + cpu, Entities.NONE)));
    }
    kernel =
        new LinuxKernel(
            simulation,
            entities,
            NOWHERE,
            new LinuxConfig(KernelVersion.V6_18, 250, OptionalLong.empty(), false),
            new LinuxKernel.Place(partition, "box", processors, new int[cpus], 0));
    Quota limit = limit();
    long phaseNs = random.nextBelow(limit.periodNs());
    group =
        kernel.createGroup(
            "g",
            kernel.rootGroup(),
            100,
            Optional.of(
                new Quota(
                    limit.quotaNs(), limit.periodNs(), limit.burstNs(), OptionalLong.of(phaseNs))),
            Optional.empty());
    naive = new NaiveBandwidth(cpus, limit, phaseNs);
  }

  private Quota limit() {
    long periodNs = (1 + random.nextBelow(100)) * MS;
    long quotaNs = Math.max(MS, random.nextBelow(2 * periodNs));
    long burstNs = random.nextBelow(2) == 0 ? 0 : random.nextBelow(quotaNs);
    return new Quota(quotaNs, periodNs, burstNs);
  }

  /// What the oracle says.
  String expected() {
    return naive.toString();
  }

  /// Does something to both and says what.
  String operation() {
    int cpu = (int) random.nextBelow(cpus);
    FairQueue queue = group.queue(cpu);
    long now = simulation.nowNs();
    switch ((int) random.nextBelow(40)) {
      case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 -> {
        long untilNs = now + random.nextBelow(6 * MS);
        simulation.run(untilNs);
        naive.advance(untilNs);
        return "wait until " + untilNs;
      }
      case 10 -> {
        long untilNs = now + random.nextBelow(400 * MS);
        simulation.run(untilNs);
        naive.advance(untilNs);
        return "wait until " + untilNs;
      }
      case 11, 12, 13, 14 -> {
        return pick(cpu, queue, now);
      }
      case 15 -> {
        return breathe(now);
      }
      case 16, 17, 18 -> {
        return arriveOrLeave(cpu, queue, now);
      }
      case 19 -> {
        return random.nextBelow(8) == 0 ? write(now) : "nothing";
      }
      default -> {
        long ns = random.nextBelow(random.nextBelow(4) == 0 ? 8 * MS : MS);
        group.bandwidth().charge(queue, ns, now);
        naive.charge(cpu, ns, now);
        return "charge cpu" + cpu + " " + ns;
      }
    }
  }

  private String pick(int cpu, FairQueue queue, long now) {
    boolean throttled = group.bandwidth().check(queue, now);
    assertThat(throttled).isEqualTo(naive.pick(cpu, now));
    return "pick on cpu" + cpu;
  }

  private String arriveOrLeave(int cpu, FairQueue queue, long now) {
    if (queue.queuedCount == 0) {
      queue.queuedCount = 1;
      group.bandwidth().checkEnqueue(queue, now);
      naive.firstEntity(cpu, now);
      return "first entity of cpu" + cpu;
    }
    queue.queuedCount = 0;
    group.bandwidth().returnRuntime(queue, now);
    naive.lastEntityLeft(cpu, now);
    return "last entity of cpu" + cpu + " left";
  }

  /// Every CPU that has run time left takes some for a moment and gives it back.
  private String breathe(long now) {
    for (int cpu = 0; cpu < cpus; cpu++) {
      FairQueue queue = group.queue(cpu);
      if (!queue.throttled) {
        queue.queuedCount = 0;
        group.bandwidth().returnRuntime(queue, now);
        naive.lastEntityLeft(cpu, now);
      }
    }
    return "all but the throttled left";
  }

  private String write(long now) {
    Quota limit = limit();
    kernel.setQuota(group, Optional.of(limit));
    naive.write(limit, 0, now);
    return "write " + limit;
  }

  /// What the model says.
  String state() {
    Bandwidth bandwidth = group.bandwidth();
    StringBuilder text = new StringBuilder("pool " + bandwidth.runtimeNs() + " local");
    for (FairQueue queue : group.allQueues()) {
      text.append(' ').append(queue.runtimeRemainingNs).append(queue.throttled ? "!" : "");
    }
    return text
        + (" periods " + bandwidth.periodCount())
        + (" throttled " + bandwidth.throttledPeriodCount())
        + (" bursts " + bandwidth.burstCount() + " " + bandwidth.burstNs());
  }
}
