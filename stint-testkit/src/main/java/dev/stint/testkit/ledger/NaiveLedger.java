package dev.stint.testkit.ledger;

import dev.stint.model.stats.WaitReason;
import dev.stint.model.time.Invariant;
import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The ledger as one would explain it: whenever time passes, ask for every entity anew what it is
/// doing, and pay the time to that.
///
/// The oracle of `dev.stint.model.stats.Ledger`; slow, and right at a glance.
public final class NaiveLedger implements TraceSink {
  private enum Position {
    BLOCKED,
    WAITING,
    THROTTLED,
    CURRENT,
    ENTERED,
    INTERCEPTED
  }

  /// What an entity is doing.
  private sealed interface Doing {}

  private enum Simply implements Doing {
    RUNNING,
    RESTING
  }

  private record Waiting(WaitReason reason, int occupant) implements Doing {}

  private static final Waiting SIGNALLED = new Waiting(WaitReason.OVERHEAD_SIGNAL, Entities.NONE);
  private static final long NOT_WOKEN = -1;

  /// The account of one entity.
  ///
  /// @param runNs without what was lost
  /// @param overheadNs what was lost, by kind
  /// @param theftNs by reason, then by occupant's path
  /// @param wakeLatencyNs in order of the first running
  public record Account(
      long runNs,
      long blockedNs,
      Map<CostKind, Long> overheadNs,
      Map<WaitReason, Map<String, Long>> theftNs,
      long dispatches,
      long switches,
      long migrations,
      List<Long> wakeLatencyNs) {
    /// The wait for `reason`, over all occupants.
    public long waitNs(WaitReason reason) {
      return theftNs.getOrDefault(reason, Map.of()).values().stream()
          .mapToLong(Long::longValue)
          .sum();
    }
  }

  private static final class Node {
    final int id;
    final EntityKind kind;
    Position position = Position.BLOCKED;
    int place = Entities.NONE;
    int rule = Entities.NONE;
    int current = Entities.NONE;
    int holder = Entities.NONE;
    int thread = Entities.NONE;
    boolean scheduledByThread;
    long wokenNs = NOT_WOKEN;
    int lastProcessor = Entities.NONE;
    long runNs;
    long blockedNs;
    long dispatches;
    long switches;
    long migrations;
    final Map<WaitReason, Map<String, Long>> theftNs = new EnumMap<>(WaitReason.class);
    final Map<CostKind, Long> overheadNs = new EnumMap<>(CostKind.class);
    final List<Long> wakeLatencyNs = new ArrayList<>();

    Node(int id, EntityKind kind) {
      this.id = id;
      this.kind = kind;
    }
  }

  private final Entities entities;
  private final List<Node> nodes = new ArrayList<>();
  private long nowNs;

  /// A ledger at time 0: everything is blocked or idle.
  public NaiveLedger(Entities entities) {
    this.entities = entities;
    entities.all().forEach(entity -> nodes.add(new Node(entity.id(), entity.kind())));
  }

  /// The account of the entity with this path.
  public Account accountOf(String path) {
    return account(entities.find(path));
  }

  /// Says, before any event, which vCPU thread stands for a VP.
  public void carrier(int vp, int thread) {
    node(vp).thread = thread;
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    pass(timeNs);
    switch (kind) {
      case SWITCH -> switched(node(a), b, c, PreviousState.values()[d]);
      case READY -> {
        node(a).wokenNs = timeNs;
        await(node(a), b);
      }
      case MOVE -> {
        if (node(a).position == Position.THROTTLED) {
          node(a).place = c;
        } else {
          await(node(a), c);
        }
      }
      case THROTTLE -> {
        node(a).position = Position.THROTTLED;
        node(a).place = b;
        node(a).rule = c;
      }
      case UNTHROTTLE -> await(node(a), b);
      case ENTER -> {
        node(b).position = Position.ENTERED;
        node(b).thread = a;
        node(b).scheduledByThread = true;
        dispatched(node(b), node(a).place);
      }
      case LEAVE -> left(node(a), node(b), PreviousState.values()[c]);
      case HOLD -> node(a).holder = b;
      case COST -> chain(node(a)).forEach(node -> lost(node, CostKind.values()[b], c, d));
      case UNKNOWN -> throw new IllegalArgumentException("a run has nothing unknown");
    }
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {
    pass(timeNs);
  }

  /// Brings every account up to `endNs`.
  public void finish(long endNs) {
    pass(endNs);
  }

  /// The account of the entity with this id.
  public Account account(int id) {
    Node node = node(id);
    return new Account(
        node.runNs,
        node.blockedNs,
        node.overheadNs,
        node.theftNs,
        node.dispatches,
        node.switches,
        node.migrations,
        node.wakeLatencyNs);
  }

  private void switched(Node processor, int previousId, int nextId, PreviousState state) {
    Invariant.check(processor.current == previousId, "a switch names the current entity");
    if (previousId != Entities.NONE) {
      Node previous = node(previousId);
      processor.switches += processor.kind == EntityKind.LP ? 1 : 0;
      previous.switches++;
      nodes.stream().filter(vp -> entered(vp, previousId)).forEach(vp -> vp.switches++);
      stopped(previous, state, processor.id);
    }
    processor.current = nextId;
    if (nextId != Entities.NONE) {
      Node next = node(nextId);
      next.position = Position.CURRENT;
      next.place = processor.id;
      next.scheduledByThread = false;
      processor.dispatches += processor.kind == EntityKind.LP ? 1 : 0;
      dispatched(next, processor.id);
      nodes.stream().filter(vp -> entered(vp, nextId)).forEach(vp -> dispatched(vp, processor.id));
    }
  }

  /// A running task, what carries it, and so on down to the LP.
  private List<Node> chain(Node top) {
    List<Node> chain = new ArrayList<>();
    Node node = top;
    while (node.kind != EntityKind.LP) {
      chain.add(node);
      Invariant.check(
          node.position == Position.CURRENT || node.position == Position.ENTERED,
          "what costs time runs",
          node.id);
      node = node(node.position == Position.CURRENT ? node.place : node.thread);
    }
    chain.add(node);
    return chain;
  }

  private void lost(Node node, CostKind kind, long ns, int cause) {
    node.runNs -= ns;
    Invariant.check(node.runNs >= 0, "only time that it ran is lost", node.id);
    node.overheadNs.merge(kind, ns, Long::sum);
    if (kind == CostKind.SMT) {
      node.theftNs
          .computeIfAbsent(WaitReason.SMT, r -> new TreeMap<>())
          .merge(entities.path(cause), ns, Long::sum);
    }
  }

  private void left(Node thread, Node vp, PreviousState state) {
    if (thread.position == Position.CURRENT) {
      vp.switches++;
    }
    stopped(vp, state, Entities.NONE);
  }

  private void stopped(Node node, PreviousState state, int processor) {
    switch (state) {
      case READY -> await(node, processor);
      case INTERCEPTED -> node.position = Position.INTERCEPTED;
      case BLOCKED, EXITED, NONE -> rest(node);
    }
  }

  private static boolean entered(Node vp, int thread) {
    return vp.position == Position.ENTERED && vp.thread == thread;
  }

  private static void dispatched(Node node, int processor) {
    node.dispatches++;
    if (node.lastProcessor != Entities.NONE && node.lastProcessor != processor) {
      node.migrations++;
    }
    node.lastProcessor = processor;
  }

  private void await(Node node, int processor) {
    boolean onLp = processor != Entities.NONE && node(processor).kind == EntityKind.LP;
    node.position = Position.WAITING;
    node.place = processor;
    node.scheduledByThread = node.kind == EntityKind.VP && node.thread != Entities.NONE && !onLp;
  }

  private void rest(Node node) {
    node.position = Position.BLOCKED;
    if (node.wokenNs != NOT_WOKEN) {
      ranFrom(node, nowNs);
    }
  }

  private void pass(long timeNs) {
    long elapsedNs = timeNs - nowNs;
    Invariant.check(elapsedNs >= 0, "time is monotone", timeNs, nowNs);
    if (elapsedNs > 0) {
      for (Node node : nodes) {
        pay(node, doing(node), elapsedNs);
      }
    }
    nowNs = timeNs;
  }

  private void pay(Node node, Doing doing, long elapsedNs) {
    switch (doing) {
      case Simply.RUNNING -> {
        node.runNs += elapsedNs;
        if (node.wokenNs != NOT_WOKEN) {
          ranFrom(node, nowNs);
        }
      }
      case Simply.RESTING -> node.blockedNs += elapsedNs;
      case Waiting(WaitReason reason, int occupant) ->
          node.theftNs
              .computeIfAbsent(reason, r -> new TreeMap<>())
              .merge(entities.path(occupant), elapsedNs, Long::sum);
    }
  }

  private static void ranFrom(Node node, long startNs) {
    node.wakeLatencyNs.add(startNs - node.wokenNs);
    node.wokenNs = NOT_WOKEN;
  }

  private Doing doing(Node node) {
    boolean running = node.kind == EntityKind.LP ? node.current != Entities.NONE : runs(node);
    if (running) {
      return Simply.RUNNING;
    }
    return ready(node) ? blame(node) : Simply.RESTING;
  }

  private static boolean ready(Node node) {
    return node.kind != EntityKind.LP && node.position != Position.BLOCKED;
  }

  private boolean backed(Node processor) {
    return processor.kind == EntityKind.LP || runs(processor);
  }

  private boolean runs(Node node) {
    return switch (node.position) {
      case CURRENT -> backed(node(node.place));
      case ENTERED -> runs(node(node.thread));
      case BLOCKED, WAITING, THROTTLED, INTERCEPTED -> false;
    };
  }

  /// Whom a ready entity that does not run has to thank.
  private Waiting blame(Node node) {
    if (node.position == Position.THROTTLED) {
      return new Waiting(throttleReason(node.kind), node.rule);
    }
    if (node.position == Position.INTERCEPTED) {
      boolean handling = node.thread == Entities.NONE || runs(node(node.thread));
      return handling
          ? new Waiting(WaitReason.OVERHEAD_INTERCEPT, node.thread)
          : blameThread(node(node.thread));
    }
    if (node.scheduledByThread) {
      return blameThread(node(node.thread));
    }
    if (node.place == Entities.NONE) {
      return new Waiting(queueReason(node.kind), Entities.NONE);
    }
    Node processor = node(node.place);
    if (backed(processor)) {
      boolean idle = processor.current == Entities.NONE;
      return new Waiting(queueReason(node.kind), idle ? processor.holder : processor.current);
    }
    return ready(processor) ? blame(processor) : SIGNALLED;
  }

  private Waiting blameThread(Node thread) {
    if (runs(thread)) {
      return new Waiting(WaitReason.OVERHEAD_SIGNAL, thread.id);
    }
    return ready(thread) ? blame(thread) : SIGNALLED;
  }

  private static WaitReason queueReason(EntityKind kind) {
    return switch (kind) {
      case TASK -> WaitReason.GUEST_QUEUE;
      case THREAD -> WaitReason.VMM_QUEUE;
      case VP -> WaitReason.HYPERVISOR_WAIT;
      case LP, GROUP, PARTITION, RULE -> throw new IllegalStateException("waits for nothing");
    };
  }

  private static WaitReason throttleReason(EntityKind kind) {
    return switch (kind) {
      case TASK -> WaitReason.GUEST_THROTTLED;
      case THREAD -> WaitReason.VMM_THROTTLED;
      case VP -> WaitReason.HYPERVISOR_WAIT;
      case LP, GROUP, PARTITION, RULE -> throw new IllegalStateException("waits for nothing");
    };
  }

  private Node node(int id) {
    return nodes.get(id);
  }
}
