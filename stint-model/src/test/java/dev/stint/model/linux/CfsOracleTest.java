package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.linux.FairClass.Dequeue;
import dev.stint.model.sched.Processor;
import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// [Cfs] does what [NaiveCfs] does, operation by operation.
class CfsOracleTest {
  private static final int WORLDS = 80;
  private static final int OPERATIONS = 1_500;

  @Test
  void groups_oneCpu_agreeWithTheFormulas() {
    int operations = 0;
    for (int seed = 0; seed < WORLDS; seed++) {
      operations += new World(seed, 1, 4).run();
    }
    assertThat(operations).isGreaterThanOrEqualTo(100_000);
  }

  @Test
  void migrations_twoCpus_agreeWithTheFormulas() {
    for (int seed = 0; seed < WORLDS / 4; seed++) {
      new World(1_000 + seed, 2, 0).run();
    }
  }

  @Test
  void slice_twoEqualTasks_isHalfTheLatencyRoundedDown() {
    assertThat(Weights.portion(6_000_000, Weights.NICE_0, 2 * Weights.NICE_0)).isEqualTo(2_999_998);
  }

  /// A kernel whose CPUs are driven by hand, and its oracle.
  private static final class World {
    private final SplittableRandom random;
    private final LinuxKernel kernel;
    private final NaiveCfs[] oracles;
    private final List<Task> tasks = new ArrayList<>();
    private final Map<Entity, NaiveCfs.Node> nodes = new LinkedHashMap<>();
    private final Map<FairQueue, NaiveCfs.Queue> queues = new LinkedHashMap<>();
    private long nowNs;

    World(long seed, int cpus, int groupCount) {
      random = new SplittableRandom(seed);
      Entities entities = new Entities();
      int partition = entities.add(EntityKind.PARTITION, "box", Entities.NONE);
      List<Processor> processors = new ArrayList<>();
      for (int cpu = 0; cpu < cpus; cpu++) {
        processors.add(
            Processor.alwaysBacked(entities.add(EntityKind.LP, "cpu" + cpu, Entities.NONE)));
      }
      kernel =
          new LinuxKernel(
              new Simulation(seed),
              entities,
              new Silence(),
              new LinuxConfig(KernelVersion.V6_1, 250, OptionalLong.empty(), false),
              new LinuxKernel.Place(partition, "box", processors, new int[cpus], 0));
      kernel.recorded = true;
      oracles = new NaiveCfs[cpus];
      for (int cpu = 0; cpu < cpus; cpu++) {
        oracles[cpu] = new NaiveCfs(cpus);
        queues.put(kernel.runqueue(cpu).root, oracles[cpu].root);
      }
      List<TaskGroup> groups = new ArrayList<>(List.of(kernel.rootGroup()));
      for (int i = 0; i < groupCount; i++) {
        TaskGroup parent = groups.get(random.nextInt(groups.size()));
        groups.add(group("g" + i, parent));
      }
      for (int i = 0; i < 14; i++) {
        task("t" + i, groups.get(random.nextInt(groups.size())));
      }
    }

    private TaskGroup group(String name, TaskGroup parent) {
      boolean idle = random.nextInt(4) == 0;
      GroupWeight weight =
          idle ? new GroupWeight.Idle() : new GroupWeight.OfWeight(random.nextInt(1, 400));
      TaskGroup group =
          kernel.createGroup(name, parent, weight, Optional.empty(), Optional.empty());
      FairQueue below = group.queue(0);
      Entity entity = below.ownEntity;
      NaiveCfs.Node node =
          new NaiveCfs.Node(
              name,
              queues.get(parent.queue(0)),
              true,
              idle ? "idle" : "normal",
              group.sharesWeight,
              NaiveCfs.inverseOf(group.sharesWeight));
      nodes.put(entity, node);
      queues.put(below, node.below);
      return group;
    }

    private void task(String name, TaskGroup group) {
      int nice = random.nextInt(3) == 0 ? random.nextInt(-20, 20) : 0;
      SchedulingPolicy policy =
          random.nextInt(3) == 0
              ? SchedulingPolicy.values()[random.nextInt(SchedulingPolicy.values().length)]
              : SchedulingPolicy.NORMAL;
      SchedulingAttributes attributes =
          new SchedulingAttributes(policy, nice, OptionalLong.empty());
      Task task =
          kernel.newTask(
              new TaskParameters(name, EntityKind.TASK, attributes, Optional.empty(), ""),
              group,
              (control, now) -> control.exit());
      tasks.add(task);
      nodes.put(
          task.entity,
          new NaiveCfs.Node(
              name,
              queues.get(task.entity.queue),
              false,
              policy.name().toLowerCase(Locale.ROOT),
              attributes.weight(),
              attributes.inverse()));
    }

    int run() {
      int done = 0;
      while (done < OPERATIONS) {
        nowNs += random.nextInt(4) == 0 ? 0 : random.nextLong(1, 3_000_000);
        if (step(tasks.get(random.nextInt(tasks.size())), random.nextInt(12))) {
          done++;
          compare();
        }
      }
      return done;
    }

    private boolean step(Task task, int operation) {
      Runqueue cpu = task.runqueue();
      NaiveCfs oracle = oracles[cpu.cpu];
      NaiveCfs.Node node = nodes.get(task.entity);
      return switch (operation) {
        case 0, 1, 2, 3 -> !task.entity.onQueue && wake(task);
        case 4, 5 -> task == cpu.current() && sleep(cpu, task);
        case 6 -> task == cpu.current() && giveWay(cpu, task);
        case 7 -> task.entity.onQueue && reweigh(task, random.nextLong(15, 90_000) << 10);
        case 8 -> oracles.length > 1 && waits(task) && move(task);
        case 9 -> {
          schedule(cpu, PreviousState.READY);
          yield true;
        }
        default -> {
          if (cpu.current() != null) {
            cpu.fair.tick(cpu.current(), nowNs);
            oracle.tick(nowNs);
          }
          if (cpu.rescheduleRequested()) {
            schedule(cpu, PreviousState.READY);
          }
          yield true;
        }
      };
    }

    private static boolean waits(Task task) {
      return task.entity.onQueue && task != task.runqueue().current();
    }

    private boolean wake(Task task) {
      Runqueue target = kernel.runqueue(random.nextInt(oracles.length));
      NaiveCfs oracle = oracles[target.cpu];
      NaiveCfs.Node node = nodes.get(task.entity);
      boolean fork = task.isNew;
      task.isNew = false;
      if (target != task.runqueue()) {
        if (!fork) {
          oracle.leaveAsleep(node);
        }
        node.on = oracle.root;
      }
      kernel.activate(task, target, fork, nowNs);
      oracle.enqueue(node, fork, nowNs);
      compare();
      target.fair.checkPreempt(task, fork, nowNs);
      oracle.checkPreempt(node, nowNs);
      if (target.current() == null) {
        schedule(target, PreviousState.NONE);
      }
      return true;
    }

    private boolean sleep(Runqueue cpu, Task task) {
      assertThat(cpu.fair.dequeue(task, Dequeue.SLEEP, nowNs)).isTrue();
      oracles[cpu.cpu].dequeue(nodes.get(task.entity), false, nowNs);
      compare();
      schedule(cpu, PreviousState.BLOCKED);
      return true;
    }

    private boolean giveWay(Runqueue cpu, Task task) {
      Yield.yieldCurrent(task, nowNs);
      oracles[cpu.cpu].yield(nowNs);
      compare();
      schedule(cpu, PreviousState.READY);
      return true;
    }

    private boolean reweigh(Task task, long weight) {
      task.entity.queue.reweight(task.entity, weight, nowNs);
      oracles[task.runqueue().cpu].reweigh(nodes.get(task.entity), weight, nowNs);
      return true;
    }

    private boolean move(Task task) {
      Runqueue from = task.runqueue();
      Runqueue to = kernel.runqueue(1 - from.cpu);
      NaiveCfs.Node node = nodes.get(task.entity);
      from.fair.dequeue(task, Dequeue.MOVE, nowNs);
      oracles[from.cpu].dequeue(node, true, nowNs);
      compare();
      task.entity.queue = task.group.queue(to.cpu);
      node.on = oracles[to.cpu].root;
      to.fair.enqueue(task, false, nowNs);
      oracles[to.cpu].enqueue(node, false, nowNs);
      to.fair.checkPreempt(task, false, nowNs);
      oracles[to.cpu].checkPreempt(node, nowNs);
      return true;
    }

    private void schedule(Runqueue cpu, PreviousState state) {
      NaiveCfs oracle = oracles[cpu.cpu];
      Task next = cpu.fair.pick(nowNs);
      NaiveCfs.Node expected = oracle.pick(nowNs);
      assertThat(next == null ? null : nodes.get(next.entity)).as("the pick").isSameAs(expected);
      if (next == cpu.current()) {
        cpu.keepCurrent();
      } else {
        cpu.switchTo(next, state, nowNs);
      }
      oracle.switchTo(expected, nowNs);
      compare();
    }

    private void compare() {
      for (NaiveCfs oracle : oracles) {
        Runqueue cpu = kernel.runqueue(List.of(oracles).indexOf(oracle));
        assertThat(cpu.rescheduleRequested()).as("reschedule").isEqualTo(oracle.reschedule);
      }
      nodes.forEach((entity, node) -> {
        assertThat(entity.vruntime).as("vruntime of %s", node).isEqualTo(exact(node));
        assertThat(entity.onQueue).as("%s on its queue", node).isEqualTo(node.queued);
        assertThat(entity.weight).isEqualTo(node.weight);
      });
      queues.forEach((queue, naive) -> {
        assertThat(queue.minVruntime).isEqualTo(naive.min.longValueExact());
        assertThat(node(queue.next)).as("next").isSameAs(naive.next);
        assertThat(node(queue.last)).as("last").isSameAs(naive.last);
        assertThat(node(queue.skip)).as("skip").isSameAs(naive.skip);
        assertThat(node(queue.current)).as("current").isSameAs(naive.current);
      });
    }

    private static long exact(NaiveCfs.Node node) {
      return node.vruntime.longValueExact();
    }

    private NaiveCfs.@Nullable Node node(@Nullable Entity entity) {
      return entity == null ? null : nodes.get(entity);
    }
  }

  private static final class Silence implements TraceSink {
    @Override
    public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {}

    @Override
    public void sample(long timeNs, Metric metric, int entity, long value) {}
  }
}
