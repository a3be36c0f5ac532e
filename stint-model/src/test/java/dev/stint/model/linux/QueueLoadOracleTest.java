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
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// [QueueLoad] and [GroupShares] do what [NaiveLoads] does, operation by operation, on three levels
/// of queues of two CPUs whose members come, go, sleep, move and change weight at random.
final class QueueLoadOracleTest {
  private static final int CPUS = 2;
  private static final int WORLDS = 24;
  private static final int OPERATIONS = 5_000;

  @Test
  void operations_random_agreeWithTheRules() {
    int operations = 0;
    for (int seed = 1; seed <= WORLDS; seed++) {
      operations += new World(seed).run();
    }
    assertThat(operations).isGreaterThanOrEqualTo(100_000);
  }

  /// Queues driven by hand: no scheduler, only what their loads depend on.
  private static final class World {
    private final RandomStream random;
    private final NaiveLoads naive = new NaiveLoads();
    private final List<TaskGroup> groups = new ArrayList<>();
    private final List<FairQueue> queues = new ArrayList<>();
    private final List<Entity> members = new ArrayList<>();
    private final List<Entity> tasks = new ArrayList<>();
    private long nowNs;

    World(long seed) {
      Simulation simulation = new Simulation(seed);
      random = simulation.random().stream("test");
      Entities entities = new Entities();
      int partition = entities.add(EntityKind.PARTITION, "box", Entities.NONE);
      List<Processor> processors = new ArrayList<>();
      for (int cpu = 0; cpu < CPUS; cpu++) {
        processors.add(
            Processor.alwaysBacked(entities.add(EntityKind.LP, "cpu" + cpu, Entities.NONE)));
      }
      LinuxKernel kernel =
          new LinuxKernel(
              simulation,
              entities,
              new Silence(),
              new LinuxConfig(KernelVersion.V6_18, 250, OptionalLong.empty(), false),
              new LinuxKernel.Place(partition, "box", processors, new int[CPUS], 0));
      groups.add(kernel.rootGroup());
      for (int i = 0; i < 4; i++) {
        TaskGroup parent = groups.get((int) random.nextBelow(Math.min(i + 1, 3)));
        GroupWeight weight = new GroupWeight.OfWeight(1 + (int) random.nextBelow(400));
        groups.add(kernel.createGroup("g" + i, parent, weight, Optional.empty(), Optional.empty()));
      }
      for (TaskGroup group : groups) {
        for (FairQueue queue : group.allQueues()) {
          queues.add(queue);
          if (queue.ownEntity != null) {
            members.add(queue.ownEntity);
            naive.attach(queue.ownEntity);
            naive.publish(queue.ownEntity.queue, 0);
          }
        }
      }
      for (int i = 0; i < 10; i++) {
        Entity task = new Entity(null, null, any(queues));
        long weight = Weights.ofNice((int) random.nextBelow(40) - 20);
        task.setWeight(weight, Weights.inverseOf(weight));
        members.add(task);
        tasks.add(task);
      }
    }

    private <T> T any(List<T> list) {
      return list.get((int) random.nextBelow(list.size()));
    }

    int run() {
      for (int i = 0; i < OPERATIONS; i++) {
        nowNs += random.nextBelow(100) == 0 ? random.nextBelow(300_000_000) : step();
        shuffleState();
        operate();
        compare();
      }
      return OPERATIONS;
    }

    private long step() {
      return random.nextBelow(2) == 0 ? random.nextBelow(4_000) : random.nextBelow(4_000_000);
    }

    /// What scheduling would change: who is queued, delayed, current, runnable.
    private void shuffleState() {
      FairQueue queue = any(queues);
      queue.loadWeight = random.nextBelow(4) == 0 ? 0 : random.nextBelow(1 << 23);
      queue.runnableTaskCount = (int) random.nextBelow(4);
      queue.queuedCount = (int) random.nextBelow(2);
      queue.throttleCount = (int) random.nextBelow(2);
      Entity member = any(members);
      member.onQueue = random.nextBelow(3) > 0;
      member.delayed = random.nextBelow(5) == 0;
      member.noteRunnable();
      queue.current = member.queue == queue && random.nextBelow(2) == 0 ? member : null;
    }

    private void operate() {
      Entity member = any(members);
      QueueLoad load = member.queue.load;
      FairQueue queue = member.queue;
      switch ((int) random.nextBelow(9)) {
        case 0 -> {
          load.update(member, nowNs);
          naive.update(member, nowNs);
        }
        case 1, 2 -> {
          load.updateAndPublish(member, nowNs);
          if (naive.update(member, nowNs)) {
            naive.publish(queue, nowNs);
          }
        }
        case 3 -> come(member);
        case 4 -> leave(any(tasks));
        case 5 -> wakeElsewhere(any(tasks));
        case 6 -> reweight(member);
        case 7 -> decayBlocked(any(queues));
        default -> switchClock(any(queues));
      }
    }

    private void come(Entity member) {
      boolean joins = !member.average.attached();
      if (joins && member.average.loadAvg == 0) {
        start(member);
      }
      member.queue.load.updateAndAttach(member, nowNs);
      boolean changed = naive.update(member, nowNs);
      if (joins) {
        naive.attach(member);
      }
      if (changed || joins) {
        naive.publish(member.queue, nowNs);
      }
    }

    /// A new task: all of its weight, and of what is spare here a part.
    private void start(Entity task) {
      task.queue.load.startTask(task);
      NaiveLoadAverage sum = naive.of(task.queue).load.average;
      NaiveLoadAverage own = naive.of(task).average;
      BigInteger weight = BigInteger.valueOf(Weights.down(task.weight));
      BigInteger spare = BigInteger.valueOf(1024).subtract(sum.utilAvg);
      BigInteger cap = spare.signum() > 0 ? spare.shiftRight(1) : BigInteger.ZERO;
      own.loadAvg = weight;
      if (cap.signum() > 0) {
        BigInteger part = sum.utilAvg.multiply(weight).divide(sum.loadAvg.add(BigInteger.ONE));
        own.utilAvg = sum.utilAvg.signum() == 0 ? cap : part.min(cap);
      }
      own.runnableAvg = own.utilAvg;
    }

    private void leave(Entity task) {
      if (!task.average.attached()) {
        return;
      }
      task.queue.load.updateAndDetach(task, nowNs);
      naive.update(task, nowNs);
      naive.detach(task);
      naive.publish(task.queue, nowNs);
      moveAway(task);
    }

    private void wakeElsewhere(Entity task) {
      task.queue.load.remove(task, nowNs);
      naive.remove(task, true, nowNs);
      moveAway(task);
    }

    private void moveAway(Entity task) {
      if (task.queue.current == task) {
        task.queue.current = null;
      }
      task.queue = any(queues);
    }

    private void reweight(Entity member) {
      long before = member.weight;
      long after = Math.max(2, random.nextBelow(1 << 22));
      member.queue.load.reweighting(member);
      member.setWeight(after, Weights.inverseOf(after));
      member.queue.load.reweighted(member);
      naive.reweight(member, before, after);
    }

    private void decayBlocked(FairQueue queue) {
      NaiveLoads.Queue known = naive.of(queue);
      NaiveLoadAverage sum = known.load.average;
      boolean empty = queue.queuedCount == 0 && known.removed.isEmpty() && !known.propagates;
      queue.load.decayBlocked(nowNs);
      boolean forgotten = known.published.signum() == 0;
      if (empty && forgotten && sum.loadSum.add(sum.utilSum).add(sum.runnableSum).signum() == 0) {
        return;
      }
      if (naive.updateQueue(queue, nowNs)) {
        naive.publish(queue, nowNs);
      }
      Entity own = queue.ownEntity;
      if (own == null) {
        return;
      }
      NaiveLoadAverage average = naive.of(own).average;
      boolean shows = average.loadAvg.signum() != 0 || average.utilAvg.signum() != 0;
      if ((shows || known.propagates) && naive.update(own, nowNs)) {
        naive.publish(own.queue, nowNs);
      }
    }

    private void switchClock(FairQueue queue) {
      if (random.nextBelow(2) == 0) {
        queue.load.stopClock(nowNs);
        naive.stop(queue, nowNs);
      } else {
        queue.load.startClock(nowNs);
        naive.start(queue, nowNs);
      }
    }

    private void compare() {
      for (Entity member : members) {
        compare(member.average, naive.of(member).average);
        assertThat(member.average.attached()).isEqualTo(naive.of(member).attached);
      }
      for (FairQueue queue : queues) {
        NaiveLoads.Queue known = naive.of(queue);
        compare(queue.average, known.load.average);
        assertThat(queue.load.contribution).isEqualTo(known.published.longValueExact());
        if (queue.ownEntity != null) {
          assertThat(GroupShares.weightOn(queue)).isEqualTo(naive.weightOn(queue));
        }
      }
    }

    private static void compare(LoadAverage fast, NaiveLoadAverage slow) {
      assertThat(fast.loadSum).isEqualTo(slow.loadSum.longValueExact());
      assertThat(fast.runnableSum).isEqualTo(slow.runnableSum.longValueExact());
      assertThat(fast.utilSum).isEqualTo(slow.utilSum.longValueExact());
      assertThat(fast.loadAvg).isEqualTo(slow.loadAvg.longValueExact());
      assertThat(fast.runnableAvg).isEqualTo(slow.runnableAvg.longValueExact());
      assertThat(fast.utilAvg).isEqualTo(slow.utilAvg.longValueExact());
    }
  }

  /// Nobody watches.
  private static final class Silence implements TraceSink {
    @Override
    public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {}

    @Override
    public void sample(long timeNs, Metric metric, int entity, long value) {}
  }
}
