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
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The fair class under [Eevdf] does what [NaiveEevdf] does, operation by operation, at every point
/// at which its rules changed.
final class EevdfOracleTest {
  private static final int WORLDS = 40;
  private static final int OPERATIONS = 2_600;

  @ParameterizedTest
  @EnumSource(value = KernelVersion.class, mode = EnumSource.Mode.EXCLUDE, names = "V6_1")
  void operations_atRandom_agreeWithTheFormulas(KernelVersion version) {
    int operations = 0;
    for (int seed = 0; seed < WORLDS; seed++) {
      operations += new World(seed, version).run();
    }
    assertThat(operations).isGreaterThanOrEqualTo(100_000);
  }

  private static int patch(KernelVersion version) {
    return switch (version) {
      case V6_12 -> 0;
      case V6_18_3 -> 3;
      case V6_18_13 -> 13;
      case V6_18_26 -> 26;
      case V6_18_35 -> 35;
      case V6_18 -> 44;
      case V6_1 -> throw new IllegalArgumentException("6.1 has no EEVDF");
    };
  }

  /// A kernel whose CPU is driven by hand, and its oracle.
  private static final class World {
    private static final long TICK_NS = 4_000_000;

    private final SplittableRandom random;
    private final LinuxKernel kernel;
    private final Runqueue cpu;
    private final NaiveEevdf oracle;
    private final String name;
    private final List<Task> tasks = new ArrayList<>();
    private final List<TaskGroup> groups = new ArrayList<>();
    private final List<Task> away = new ArrayList<>();
    private final Map<Entity, NaiveQueue.Node> nodes = new LinkedHashMap<>();
    private final Map<FairQueue, NaiveQueue> levels = new LinkedHashMap<>();
    private long nowNs;
    private String operation = "start";

    World(long seed, KernelVersion version) {
      random = new SplittableRandom(seed);
      name = version + " seed " + seed;
      Entities entities = new Entities();
      int partition = entities.add(EntityKind.PARTITION, "box", Entities.NONE);
      List<Processor> processors =
          List.of(Processor.alwaysBacked(entities.add(EntityKind.LP, "cpu0", Entities.NONE)));
      kernel =
          new LinuxKernel(
              new Simulation(seed),
              entities,
              new Silence(),
              new LinuxConfig(version, 250, OptionalLong.empty(), false),
              new LinuxKernel.Place(partition, "box", processors, new int[1], 0));
      kernel.recorded = true;
      cpu = kernel.runqueue(0);
      oracle = new NaiveEevdf(patch(version), kernel.baseSliceNs(), TICK_NS);
      levels.put(cpu.root, oracle.root);
      List<TaskGroup> parents = new ArrayList<>(List.of(kernel.rootGroup()));
      for (int i = 0; i < 3; i++) {
        TaskGroup group = group("g" + i, parents.get(random.nextInt(parents.size())));
        groups.add(group);
        parents.add(group);
      }
      for (int i = 0; i < 9; i++) {
        task("t" + i, parents.get(random.nextInt(parents.size())));
      }
    }

    private TaskGroup group(String label, TaskGroup parent) {
      GroupWeight weight =
          switch (random.nextInt(4)) {
            case 0 -> new GroupWeight.Idle();
            case 1 -> new GroupWeight.OfNice(random.nextInt(-20, 20));
            default -> new GroupWeight.OfWeight(random.nextInt(1, 1000));
          };
      TaskGroup group =
          kernel.createGroup(label, parent, weight, Optional.empty(), Optional.empty());
      FairQueue below = group.queue(0);
      Entity entity = below.ownEntity;
      NaiveQueue.Node node = new NaiveQueue.Node(label, levels.get(parent.queue(0)), true);
      node.weight = group.sharesWeight;
      node.shares = node.weight;
      node.inverse = 0xFFFF_FFFFL / Math.max(2, node.weight / 1024);
      node.idle = group.idle();
      node.slice = kernel.baseSliceNs();
      nodes.put(entity, node);
      levels.put(below, node.below);
      return group;
    }

    private void task(String label, TaskGroup group) {
      Task task =
          kernel.newTask(
              new TaskParameters(label, EntityKind.TASK, attributes(), Optional.empty(), ""),
              group,
              (control, _) -> control.exit());
      tasks.add(task);
      NaiveQueue.Node node = new NaiveQueue.Node(label, levels.get(task.entity.queue), false);
      NaiveQueue.Attributes to = restated(task.attributes());
      node.weight = to.weight();
      node.inverse = to.inverse();
      node.idle = to.idle();
      node.normal = to.normal();
      node.nice = to.nice();
      node.custom = to.slice() > 0;
      node.slice = node.custom ? to.slice() : kernel.baseSliceNs();
      nodes.put(task.entity, node);
    }

    private SchedulingAttributes attributes() {
      return new SchedulingAttributes(
          random.nextInt(4) > 0
              ? SchedulingPolicy.NORMAL
              : SchedulingPolicy.values()[random.nextInt(3)],
          random.nextInt(3) > 0 ? 0 : random.nextInt(-20, 20),
          random.nextInt(3) > 0
              ? OptionalLong.empty()
              : OptionalLong.of(random.nextLong(100_000, 12_000_000)));
    }

    /// The weight tables are the facts' own, checked against 2^32 / w elsewhere.
    private static NaiveQueue.Attributes restated(SchedulingAttributes attributes) {
      boolean idle = attributes.policy() == SchedulingPolicy.IDLE;
      return new NaiveQueue.Attributes(
          idle ? 3 * 1024 : Weights.ofNice(attributes.nice()),
          idle ? 1431655765L : Weights.inverseOfNice(attributes.nice()),
          idle,
          attributes.policy() == SchedulingPolicy.NORMAL,
          attributes.nice(),
          attributes.sliceNs().orElse(0));
    }

    int run() {
      int done = 0;
      while (done < OPERATIONS) {
        nowNs +=
            switch (random.nextInt(4)) {
              case 0 -> 0;
              case 1 -> random.nextLong(1, 50_000);
              case 2 -> random.nextLong(1, 1_000_000);
              default -> random.nextLong(1, 5_000_000);
            };
        if (step(tasks.get(random.nextInt(tasks.size())))) {
          done++;
          compare();
        }
      }
      return done;
    }

    private boolean step(Task task) {
      int kind = random.nextInt(20);
      operation = "operation " + kind + " on " + task.name() + " at " + nowNs;
      return switch (kind) {
        case 0, 1, 2, 3, 4 -> wake(task);
        case 5, 6 -> sleep(task);
        case 7 -> leave(task);
        case 8 -> comeBack();
        case 9 -> change(task);
        case 10 -> weigh(groups.get(random.nextInt(groups.size())));
        case 11 -> giveWay(task);
        case 12 -> {
          schedule(PreviousState.READY);
          yield true;
        }
        case 13 -> end(task);
        default -> tick();
      };
    }

    private NaiveQueue.Node node(Task task) {
      return nodes.get(task.entity);
    }

    private boolean wake(Task task) {
      boolean queued = task.entity.onQueue;
      if (away.contains(task) || (queued && !task.entity.delayed)) {
        return false;
      }
      boolean fork = task.isNew;
      kernel.wake(task, cpu, false, nowNs);
      if (queued) {
        oracle.revive(node(task));
        oracle.checkPreempt(node(task), false, nowNs);
      } else {
        oracle.enqueue(node(task), fork, nowNs);
        oracle.reschedule |= oracle.running == null;
        oracle.checkPreempt(node(task), fork, nowNs);
      }
      compare();
      mayReschedule();
      return true;
    }

    private boolean sleep(Task task) {
      if (task != cpu.current()) {
        return false;
      }
      boolean gone = cpu.fair.dequeue(task, Dequeue.SLEEP, nowNs);
      assertThat(oracle.dequeue(node(task), NaiveEevdf.Leave.SLEEP, nowNs)).isEqualTo(gone);
      compare();
      schedule(PreviousState.BLOCKED);
      return true;
    }

    /// The task ends and, when woken again, is a new one.
    private boolean end(Task task) {
      if (task != cpu.current()) {
        return false;
      }
      cpu.fair.dequeue(task, Dequeue.MOVE, nowNs);
      oracle.dequeue(node(task), NaiveEevdf.Leave.MOVE, nowNs);
      schedule(PreviousState.BLOCKED);
      task.isNew = true;
      task.entity.vlag = 0;
      task.entity.deadlineRelative = false;
      node(task).vlag = 0;
      node(task).relative = false;
      return true;
    }

    /// A waiting task goes to some other CPU.
    private boolean leave(Task task) {
      if (!task.entity.onQueue || task.entity.delayed || task == cpu.current()) {
        return false;
      }
      cpu.fair.dequeue(task, Dequeue.MOVE, nowNs);
      oracle.dequeue(node(task), NaiveEevdf.Leave.MOVE, nowNs);
      away.add(task);
      return true;
    }

    private boolean comeBack() {
      if (away.isEmpty() || cpu.current() == null) {
        return false;
      }
      Task task = away.removeFirst();
      cpu.fair.enqueue(task, false, nowNs);
      cpu.fair.checkPreempt(task, false, nowNs);
      oracle.enqueue(node(task), false, nowNs);
      oracle.checkPreempt(node(task), false, nowNs);
      return true;
    }

    private boolean change(Task task) {
      SchedulingAttributes to = attributes();
      kernel.setAttributes(task, to, nowNs);
      oracle.setAttributes(node(task), restated(to), nowNs);
      compare();
      mayReschedule();
      return true;
    }

    /// Sometimes not a multiple of 1,024, as when a group is spread over CPUs.
    private boolean weigh(TaskGroup group) {
      long shares = random.nextInt(8) == 0 ? 2 : random.nextLong(2, 4_000_000);
      group.sharesWeight = shares;
      for (Entity e = group.queue(0).ownEntity; e != null; e = e.parent()) {
        cpu.fair.updateGroupWeight(e, nowNs);
      }
      oracle.setShares(nodes.get(group.queue(0).ownEntity), shares, nowNs);
      return true;
    }

    private boolean giveWay(Task target) {
      Task running = cpu.current();
      if (running == null) {
        return false;
      }
      if (random.nextBoolean()) {
        Yield.yieldCurrent(running, nowNs);
        oracle.giveWay(nowNs);
      } else {
        boolean asleep = target.entity.delayed || !target.entity.onQueue;
        if (asleep) {
          return false;
        }
        Yield.yieldTo(running, target, nowNs);
        oracle.yieldTo(node(target), nowNs);
      }
      compare();
      schedule(PreviousState.READY);
      return true;
    }

    private boolean tick() {
      Task running = cpu.current();
      if (running != null) {
        cpu.fair.tick(running, nowNs);
        oracle.tick(nowNs);
        compare();
      }
      if (cpu.rescheduleRequested()) {
        schedule(PreviousState.READY);
      }
      return true;
    }

    /// Mostly at once; else the wish stays for a while.
    private void mayReschedule() {
      if (cpu.rescheduleRequested() && (cpu.current() == null || random.nextInt(4) > 0)) {
        schedule(PreviousState.READY);
      }
    }

    private void schedule(PreviousState state) {
      Task next = cpu.fair.pick(nowNs);
      NaiveQueue.Node expected = oracle.pick(nowNs);
      assertThat(next == null ? null : node(next))
          .as("the pick after %s of %s", operation, name)
          .isSameAs(expected);
      if (next == cpu.current()) {
        cpu.keepCurrent();
      } else {
        cpu.switchTo(next, state, nowNs);
      }
      oracle.switchTo(expected, nowNs);
      compare();
    }

    private void compare() {
      if (!same()) {
        assertThat(fast()).as("after %s of %s", operation, name).isEqualTo(naive());
      }
    }

    private boolean same() {
      for (Map.Entry<Entity, NaiveQueue.Node> pair : nodes.entrySet()) {
        if (!same(pair.getKey(), pair.getValue())) {
          return false;
        }
      }
      for (Map.Entry<FairQueue, NaiveQueue> pair : levels.entrySet()) {
        FairQueue queue = pair.getKey();
        NaiveQueue naive = pair.getValue();
        if (queue.virtualTime() != naive.mean()
            || label(queue.current) != naive.current
            || label(queue.next) != naive.buddy) {
          return false;
        }
      }
      return cpu.rescheduleRequested() == oracle.reschedule;
    }

    private boolean same(Entity entity, NaiveQueue.Node node) {
      boolean current = node.queued && node.level.current == node;
      return entity.weight == node.weight
          && entity.sliceNs == node.slice
          && entity.vruntime == node.v
          && entity.deadline == node.d
          && entity.vlag == node.vlag
          && entity.deadlineRelative == node.relative
          && entity.onQueue == node.queued
          && entity.delayed == node.delayed
          && (!current || entity.isProtected() == oracle.isProtected(node));
    }

    private String fast() {
      StringBuilder text = new StringBuilder();
      text.append(cpu.rescheduleRequested()).append('\n');
      nodes.forEach((entity, node) -> {
        text.append(node.name).append(" w").append(entity.weight).append(" s");
        text.append(entity.sliceNs).append(" v").append(entity.vruntime).append(" d");
        text.append(entity.deadline).append(" lag").append(entity.vlag);
        text.append(entity.deadlineRelative ? " relative" : "");
        text.append(entity.onQueue ? " queued" : "").append(entity.delayed ? " delayed" : "");
        if (entity.onQueue && entity.queue.current == entity) {
          text.append(entity.isProtected() ? " protected" : "");
        }
        text.append('\n');
      });
      levels.forEach((queue, _) ->
          text.append(queue.virtualTime())
              .append(' ')
              .append(label(queue.current))
              .append(' ')
              .append(label(queue.next))
              .append('\n'));
      return text.toString();
    }

    private String naive() {
      StringBuilder text = new StringBuilder();
      text.append(oracle.reschedule).append('\n');
      nodes.forEach((_, node) -> {
        text.append(node.name).append(" w").append(node.weight).append(" s");
        text.append(node.slice).append(" v").append(node.v).append(" d");
        text.append(node.d).append(" lag").append(node.vlag);
        text.append(node.relative ? " relative" : "");
        text.append(node.queued ? " queued" : "").append(node.delayed ? " delayed" : "");
        if (node.queued && node.level.current == node) {
          text.append(oracle.isProtected(node) ? " protected" : "");
        }
        text.append('\n');
      });
      levels.forEach((_, level) ->
          text.append(level.mean())
              .append(' ')
              .append(level.current)
              .append(' ')
              .append(level.buddy)
              .append('\n'));
      return text.toString();
    }

    private NaiveQueue.@Nullable Node label(@Nullable Entity entity) {
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
