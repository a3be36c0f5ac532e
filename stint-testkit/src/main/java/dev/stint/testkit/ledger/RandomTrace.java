package dev.stint.testkit.ledger;

import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import dev.stint.testkit.ledger.RandomWorld.Domain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;

/// A random legal trace of a random small stack: schedulers without any sense that never contradict
/// themselves. The same seed gives the same trace.
///
/// About half of all events share their instant with the one before. Wake-ups may be lost,
/// processors may idle, a ready VP may wait forever: `TraceRules.structural()` holds, no assembly's
/// rules do.
public final class RandomTrace {
  private enum Position {
    BLOCKED,
    EXITED,
    WAITING,
    THROTTLED,
    CURRENT,
    ENTERED,
    INTERCEPTED
  }

  private static final long LONG_PAUSE_NS = 5_000_000;

  private static final TraceSink NOWHERE =
      new TraceSink() {
        @Override
        public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {}

        @Override
        public void sample(long timeNs, Metric metric, int entity, long value) {}
      };

  private final RandomStream random;
  private final RandomStream costs;
  private final Set<Integer> losers = new LinkedHashSet<>();
  private final RandomWorld world;
  private final Position[] position;
  private final int[] place;
  private final int[] current;
  private final long[] lastBackedNs;
  private TraceSink sink = NOWHERE;
  private long nowNs;
  private long eventCount;

  /// The stack and trace of this seed.
  public RandomTrace(long seed) {
    random = new Simulation(seed).random().stream("trace");
    costs = new Simulation(seed).random().stream("costs");
    world = new RandomWorld(new Simulation(seed).random().stream("world"));
    int count = world.entities.count();
    position = new Position[count];
    Arrays.fill(position, Position.BLOCKED);
    place = new int[count];
    Arrays.fill(place, Entities.NONE);
    current = new int[count];
    Arrays.fill(current, Entities.NONE);
    lastBackedNs = new long[count];
    Arrays.fill(lastBackedNs, -1);
  }

  /// The stack's directory.
  public Entities entities() {
    return world.entities;
  }

  /// The vCPU thread of every VP that has one, by VP.
  public Map<Integer, Integer> carriers() {
    return Map.copyOf(world.threadOf);
  }

  /// Whether a VP's vCPU thread schedules it (root, integrated), rather than the hypervisor.
  public boolean carried(int vp) {
    return world.carried(vp);
  }

  /// The time of the last event.
  public long nowNs() {
    return nowNs;
  }

  /// Sends at least `events` more events to `newSink`.
  public void play(TraceSink newSink, long events) {
    sink = newSink;
    long end = eventCount + events;
    while (eventCount < end) {
      if (random.nextBelow(2) == 0) {
        passTime();
      }
      act();
    }
  }

  private void passTime() {
    long beforeNs = nowNs;
    nowNs += random.nextBelow(50) == 0 ? random.nextBelow(LONG_PAUSE_NS) : random.nextBelow(20);
    nowNs++;
    noteBacked();
    lose(nowNs - beforeNs);
  }

  /// Some of those who ran since the last event got nothing done for a part of that time.
  private void lose(long elapsedNs) {
    while (costs.nextBelow(4) == 0) {
      int task = (int) costs.nextBelow(position.length);
      boolean runs = entities().get(task).kind() == EntityKind.TASK && runs(task);
      if (runs && !losers.contains(task)) {
        losers.add(task);
        int kind = (int) costs.nextBelow(CostKind.values().length);
        int cause =
            costs.nextBelow(2) == 0 ? Entities.NONE : (int) costs.nextBelow(position.length);
        int ns = 1 + (int) costs.nextBelow(elapsedNs);
        emit(TraceKind.COST, task, kind, ns, cause);
      }
    }
    losers.clear();
  }

  private void act() {
    switch ((int) random.nextBelow(12)) {
      case 0, 1, 2 -> wake();
      case 3, 4, 5, 6 -> reschedule();
      case 7 -> move();
      case 8 -> throttle();
      case 9 -> unthrottle();
      case 10 -> enterOrLeave();
      case 11 -> hold();
      default -> throw new IllegalStateException("not drawn");
    }
  }

  private void wake() {
    int id = anyOf(e -> world.scheduled(e) && position[e] == Position.BLOCKED);
    if (id == Entities.NONE || world.asleep(id)) {
      return;
    }
    int waker = random.nextBelow(2) == 0 ? Entities.NONE : any(world.domainOf(id).members());
    if (world.carried(id)) {
      int addressed =
          random.nextBelow(2) == 0 ? Entities.NONE : any(world.domainOf(id).processors());
      boolean addressedToLp =
          addressed != Entities.NONE && entities().get(addressed).kind() == EntityKind.LP;
      emit(TraceKind.READY, id, addressedToLp ? Entities.NONE : addressed, waker, 0);
      position[id] = Position.WAITING;
    } else {
      int processor = any(world.domainOf(id).processors());
      emit(TraceKind.READY, id, processor, waker, 0);
      await(id, processor);
    }
  }

  private void reschedule() {
    Domain domain = world.domains.get((int) random.nextBelow(world.domains.size()));
    int processor = any(domain.processors());
    if (lastBackedNs[processor] != nowNs && !lp(processor)) {
      return;
    }
    int previous = current[processor];
    int next =
        random.nextBelow(5) == 0
            ? Entities.NONE
            : anyOf(e -> position[e] == Position.WAITING && place[e] == processor);
    if (previous == Entities.NONE && next == Entities.NONE) {
      return;
    }
    change(processor, next);
  }

  private void change(int processor, int next) {
    int previous = current[processor];
    PreviousState state = PreviousState.NONE;
    if (previous != Entities.NONE) {
      state = stateAfter(previous);
      int vp = enteredBy(previous);
      if (vp != Entities.NONE && (state == PreviousState.BLOCKED || random.nextBelow(2) == 0)) {
        leave(previous, vp);
      }
    }
    current[processor] = next;
    if (previous != Entities.NONE) {
      switch (state) {
        case READY -> await(previous, processor);
        case BLOCKED -> rest(previous, Position.BLOCKED);
        case EXITED -> rest(previous, Position.EXITED);
        case INTERCEPTED -> rest(previous, Position.INTERCEPTED);
        case NONE -> throw new IllegalStateException();
      }
    }
    if (next != Entities.NONE) {
      position[next] = Position.CURRENT;
      place[next] = processor;
    }
    emit(TraceKind.SWITCH, processor, previous, next, state.ordinal());
  }

  private PreviousState stateAfter(int previous) {
    EntityKind kind = entities().get(previous).kind();
    if (kind == EntityKind.VP && random.nextBelow(8) == 0) {
      return PreviousState.INTERCEPTED;
    }
    if (random.nextBelow(2) == 0 || (kind == EntityKind.VP && !halts(previous))) {
      return PreviousState.READY;
    }
    boolean exits = kind == EntityKind.TASK && random.nextBelow(40) == 0;
    return exits ? PreviousState.EXITED : PreviousState.BLOCKED;
  }

  /// A VP halts only when its guest runs nothing; sometimes the guest first puts its task away.
  private boolean halts(int vp) {
    if (current[vp] != Entities.NONE && lastBackedNs[vp] == nowNs && random.nextBelow(3) == 0) {
      change(vp, Entities.NONE);
    }
    return current[vp] == Entities.NONE;
  }

  private void move() {
    int id =
        anyOf(e ->
            place[e] == Entities.NONE
                ? position[e] == Position.INTERCEPTED && !world.carried(e)
                : position[e] == Position.WAITING || position[e] == Position.THROTTLED);
    if (id == Entities.NONE) {
      return;
    }
    int to = any(world.domainOf(id).processors());
    if (to != place[id]) {
      int from = place[id];
      place[id] = to;
      position[id] = position[id] == Position.THROTTLED ? Position.THROTTLED : Position.WAITING;
      emit(TraceKind.MOVE, id, from, to, 0);
    }
  }

  private void throttle() {
    int id = anyOf(e -> position[e] == Position.WAITING && place[e] != Entities.NONE);
    if (id != Entities.NONE) {
      position[id] = Position.THROTTLED;
      emit(TraceKind.THROTTLE, id, place[id], world.domainOf(id).rule(), 0);
    }
  }

  private void unthrottle() {
    int id = anyOf(e -> position[e] == Position.THROTTLED);
    if (id != Entities.NONE) {
      position[id] = Position.WAITING;
      emit(TraceKind.UNTHROTTLE, id, place[id], 0, 0);
    }
  }

  private void enterOrLeave() {
    int vp =
        anyOf(e ->
            world.carried(e)
                && (waits(e) || position[e] == Position.ENTERED)
                && runs(world.carrierOf(e)));
    if (vp == Entities.NONE) {
      return;
    }
    int thread = world.carrierOf(vp);
    if (waits(vp)) {
      position[vp] = Position.ENTERED;
      emit(TraceKind.ENTER, thread, vp, 0, 0);
    } else {
      leave(thread, vp);
    }
  }

  private boolean waits(int vp) {
    return position[vp] == Position.WAITING || position[vp] == Position.INTERCEPTED;
  }

  private void leave(int thread, int vp) {
    PreviousState state = stateAfter(vp);
    position[vp] =
        switch (state) {
          case READY -> Position.WAITING;
          case INTERCEPTED -> Position.INTERCEPTED;
          case BLOCKED, EXITED, NONE -> Position.BLOCKED;
        };
    emit(TraceKind.LEAVE, thread, vp, state.ordinal(), 0);
  }

  private void hold() {
    int lp = anyOf(this::lp);
    int holder = random.nextBelow(2) == 0 ? Entities.NONE : anyOf(world::scheduled);
    emit(TraceKind.HOLD, lp, holder, 0, 0);
  }

  private void await(int id, int processor) {
    position[id] = Position.WAITING;
    place[id] = processor;
  }

  private void rest(int id, Position resting) {
    position[id] = resting;
    place[id] = Entities.NONE;
  }

  private int enteredBy(int thread) {
    return anyOf(e -> position[e] == Position.ENTERED && world.carrierOf(e) == thread);
  }

  private boolean lp(int id) {
    return entities().get(id).kind() == EntityKind.LP;
  }

  private boolean runs(int id) {
    return switch (position[id]) {
      case CURRENT -> lp(place[id]) || runs(place[id]);
      case ENTERED -> runs(world.carrierOf(id));
      case BLOCKED, EXITED, WAITING, THROTTLED, INTERCEPTED -> false;
    };
  }

  private void emit(TraceKind kind, int a, int b, int c, int d) {
    sink.event(nowNs, kind, a, b, c, d);
    eventCount++;
    noteBacked();
  }

  private void noteBacked() {
    for (int id = 0; id < position.length; id++) {
      if (runs(id)) {
        lastBackedNs[id] = nowNs;
      }
    }
  }

  private int any(List<Integer> ids) {
    return ids.get((int) random.nextBelow(ids.size()));
  }

  private int anyOf(IntPredicate condition) {
    List<Integer> ids = new ArrayList<>();
    for (int id = 0; id < position.length; id++) {
      if (condition.test(id)) {
        ids.add(id);
      }
    }
    return ids.isEmpty() ? Entities.NONE : any(ids);
  }
}
