package dev.stint.model.counters;

import dev.stint.model.machine.Machine;
import dev.stint.model.time.Invariant;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// The hypervisor's counters of every LP and VP, folded from the event stream: what a run costs for
/// them is paid only by those who connect this sink.
///
/// Every entity must be registered before it is made, except rules.
public final class HypervisorCounters implements TraceSink {
  /*
   * How it works
   *
   * As the ledger, but for VPs and LPs alone, and by what the hypervisor distinguishes:
   *
   *   scheduled by the hypervisor          scheduled by its parent (a vCPU thread)
   *   halted          -> IDLE              halted                          -> IDLE
   *   on an LP        -> RUN               entered, thread runs            -> RUN
   *   capped          -> CAPPED            thread's VP does not run        -> SUSPENDED
   *   LP is busy/held -> CONTENTION        thread's CPU busy, or a quota   -> CONTENTION
   *   else            -> WAKE_UP           else (signal, not yet entered)  -> WAKE_UP
   *
   * Events change structure; when time is about to advance after an event that concerns a VP, every
   * VP is evaluated once and paid for its old state if it changed. What lasts no time counts for
   * nothing, except dispatches, halts and context switches, which are counted by event.
   *
   * Cost: O(1) per event, O(VPs) per instant that concerns a VP.
   */
  private enum State {
    IDLE,
    RUN,
    WAKE_UP,
    CONTENTION,
    SUSPENDED,
    CAPPED
  }

  private static final byte AT_REST = 0;
  private static final byte WAITING = 1;
  private static final byte THROTTLED = 2;
  private static final byte CURRENT = 3;
  private static final byte ENTERED = 4;
  private static final byte INTERCEPTED = 5;
  private static final int BLOCKED_ORDINAL = PreviousState.BLOCKED.ordinal();
  private static final int READY_ORDINAL = PreviousState.READY.ordinal();
  private static final int INTERCEPTED_ORDINAL = PreviousState.INTERCEPTED.ordinal();

  private final Entities entities;
  private final Machine machine;
  private final CounterRules rules;
  private final EntityKind[] kind;
  private final int[] lpIds;
  private final int[] vpIds;

  private final byte[] position;
  private final int[] place;
  private final int[] current;
  private final int[] holder;
  private final int[] threadOf;
  private final int[] vpOf;
  private final boolean[] byParent;
  private final boolean[] hasThreads;

  private final VpBook[] books;
  private final long[] lpRunNs;
  private final long[] lpSinceNs;
  private final boolean[] lpBusy;
  private final long[] contextSwitches;
  private final long[] lpHalts;
  private final HypervisorTimes hypervisorTimes;
  private boolean dirty;
  private long nowNs;

  /// The account of one VP.
  private static final class VpBook {
    State state = State.IDLE;
    long sinceNs;
    final long[] spentNs = new long[State.values().length];
    long waitSinceDispatchNs;
    long halts;
    long dispatches;
    long migrations;
    int lastLp = Entities.NONE;
    final long[] buckets = new long[CounterRules.BUCKET_COUNT];

    void pay(long timeNs) {
      long elapsedNs = timeNs - sinceNs;
      spentNs[state.ordinal()] += elapsedNs;
      if (state == State.WAKE_UP || state == State.CONTENTION) {
        waitSinceDispatchNs += elapsedNs;
      }
      sinceNs = timeNs;
    }

    long ns(State of) {
      return spentNs[of.ordinal()];
    }
  }

  /// Counters that start at time 0 with every VP idle.
  ///
  /// @param costs whether the run has costs; without, the hypervisor's own time is unknown
  public HypervisorCounters(Entities entities, Machine machine, CounterRules rules, boolean costs) {
    this.entities = entities;
    this.machine = machine;
    this.rules = rules;
    int count = entities.count();
    kind = new EntityKind[count];
    Arrays.setAll(kind, id -> entities.get(id).kind());
    lpIds = ids(EntityKind.LP);
    vpIds = ids(EntityKind.VP);
    position = new byte[count];
    place = none(count);
    current = none(count);
    holder = none(count);
    threadOf = none(count);
    vpOf = none(count);
    byParent = new boolean[count];
    hasThreads = new boolean[count];
    books = new VpBook[count];
    for (int vp : vpIds) {
      books[vp] = new VpBook();
    }
    lpRunNs = new long[count];
    lpSinceNs = new long[count];
    lpBusy = new boolean[count];
    contextSwitches = new long[count];
    lpHalts = new long[count];
    hypervisorTimes = new HypervisorTimes(count, costs);
  }

  private int[] ids(EntityKind wanted) {
    return entities.all().stream()
        .filter(entity -> entity.kind() == wanted)
        .mapToInt(Entities.Entity::id)
        .toArray();
  }

  private static int[] none(int count) {
    int[] ids = new int[count];
    Arrays.fill(ids, Entities.NONE);
    return ids;
  }

  /// Says, before any event, which vCPU thread stands for a VP.
  public void carrier(int vp, int thread) {
    threadOf[vp] = thread;
    vpOf[thread] = vp;
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {}

  @Override
  public void event(long timeNs, TraceKind eventKind, int a, int b, int c, int d) {
    if (timeNs != nowNs) {
      advance(timeNs);
    }
    switch (eventKind) {
      case SWITCH -> onSwitch(a, b, c, d);
      case READY -> {
        if (concerns(a)) {
          await(a, b);
        }
      }
      case MOVE -> {
        if (concerns(a) && (position[a] == WAITING || position[a] == INTERCEPTED)) {
          await(a, c);
        }
      }
      case THROTTLE -> {
        if (concerns(a)) {
          position[a] = THROTTLED;
          dirty = true;
        }
      }
      case UNTHROTTLE -> {
        if (concerns(a)) {
          await(a, b);
        }
      }
      case ENTER -> onEnter(a, b);
      case LEAVE -> onLeave(a, b, c);
      case HOLD -> {
        holder[a] = b;
        dirty = true;
      }
      case COST -> onCost(a, b, c);
      case UNKNOWN -> {}
    }
  }

  private boolean concerns(int id) {
    return kind[id] == EntityKind.VP || kind[id] == EntityKind.THREAD;
  }

  private void await(int id, int processor) {
    position[id] = WAITING;
    place[id] = processor;
    byParent[id] =
        kind[id] == EntityKind.VP
            && threadOf[id] != Entities.NONE
            && (processor == Entities.NONE || kind[processor] != EntityKind.LP);
    if (kind[id] == EntityKind.THREAD && processor != Entities.NONE) {
      hasThreads[processor] = true;
    }
    dirty = true;
  }

  private void onSwitch(int processor, int previous, int next, int previousState) {
    if (previous != Entities.NONE && concerns(previous)) {
      switchedOut(processor, previous, previousState);
    }
    current[processor] = next;
    if (next != Entities.NONE) {
      place[next] = processor;
      if (concerns(next)) {
        switchedIn(processor, next);
      }
    }
    dirty |= kind[processor] == EntityKind.LP || hasThreads[processor];
  }

  private void switchedOut(int processor, int previous, int previousState) {
    if (kind[previous] == EntityKind.VP && previousState == BLOCKED_ORDINAL) {
      books[previous].halts++;
    }
    if (carries(previous)) {
      countContextSwitch(lpUnder(processor));
    }
    if (previousState == READY_ORDINAL) {
      await(previous, processor);
    } else {
      position[previous] = previousState == INTERCEPTED_ORDINAL ? INTERCEPTED : AT_REST;
    }
    dirty = true;
  }

  private void switchedIn(int processor, int next) {
    position[next] = CURRENT;
    byParent[next] = false;
    dirty = true;
    if (kind[processor] == EntityKind.LP && kind[next] == EntityKind.VP) {
      dispatched(next, processor);
    } else if (carries(next)) {
      dispatched(vpOf[next], lpUnder(processor));
    }
    if (kind[next] == EntityKind.THREAD) {
      hasThreads[processor] = true;
    }
  }

  /// Everything below the running task was held for the same time.
  private void onCost(int task, int costKind, long costNs) {
    if (!HypervisorTimes.counts(costKind)) {
      return;
    }
    int processor = place[task];
    while (kind[processor] != EntityKind.LP) {
      hypervisorTimes.add(processor, costKind, costNs);
      boolean carried = position[processor] == ENTERED;
      processor = place[carried ? threadOf[processor] : processor];
    }
    hypervisorTimes.add(processor, costKind, costNs);
  }

  private boolean carries(int thread) {
    return kind[thread] == EntityKind.THREAD
        && vpOf[thread] != Entities.NONE
        && position[vpOf[thread]] == ENTERED;
  }

  private void onEnter(int thread, int vp) {
    carrier(vp, thread);
    position[vp] = ENTERED;
    byParent[vp] = true;
    hypervisorTimes.dispatchedByParent();
    dirty = true;
    dispatched(vp, lpUnder(place[thread]));
  }

  private void onLeave(int thread, int vp, int vpState) {
    if (vpState == BLOCKED_ORDINAL) {
      books[vp].halts++;
    }
    if (position[thread] == CURRENT) {
      countContextSwitch(lpUnder(place[thread]));
    }
    if (vpState == READY_ORDINAL) {
      await(vp, Entities.NONE);
    } else {
      position[vp] = vpState == INTERCEPTED_ORDINAL ? INTERCEPTED : AT_REST;
    }
    dirty = true;
  }

  private void dispatched(int vp, int lp) {
    VpBook book = books[vp];
    book.pay(nowNs);
    book.dispatches++;
    book.buckets[rules.bucketOf(book.waitSinceDispatchNs)]++;
    book.waitSinceDispatchNs = 0;
    countContextSwitch(lp);
  }

  private void countContextSwitch(int lp) {
    if (lp != Entities.NONE) {
      contextSwitches[lp]++;
    }
  }

  /// The LP that a processor stands on now, or none.
  private int lpUnder(int processor) {
    if (processor == Entities.NONE || kind[processor] == EntityKind.LP) {
      return processor;
    }
    if (position[processor] == CURRENT) {
      return lpUnder(place[processor]);
    }
    boolean carried = position[processor] == ENTERED && position[threadOf[processor]] == CURRENT;
    return carried ? lpUnder(place[threadOf[processor]]) : Entities.NONE;
  }

  private void advance(long timeNs) {
    Invariant.check(timeNs >= nowNs, "events come in order of time", timeNs, nowNs);
    if (dirty) {
      dirty = false;
      for (int vp : vpIds) {
        settle(vp);
      }
      for (int lp : lpIds) {
        settleLp(lp);
      }
    }
    nowNs = timeNs;
  }

  private void settle(int vp) {
    VpBook book = books[vp];
    State state = stateOf(vp);
    if (state != book.state) {
      book.pay(nowNs);
      book.state = state;
    }
    if (state == State.RUN) {
      int lp = lpUnder(vp);
      if (lp != book.lastLp) {
        book.migrations += book.lastLp == Entities.NONE ? 0 : 1;
        book.lastLp = lp;
      }
    }
  }

  private void settleLp(int lp) {
    boolean busy = current[lp] != Entities.NONE;
    if (busy != lpBusy[lp]) {
      payLp(lp, nowNs);
      lpHalts[lp] += busy ? 0 : 1;
      lpBusy[lp] = busy;
    }
  }

  private void payLp(int lp, long timeNs) {
    lpRunNs[lp] += lpBusy[lp] ? timeNs - lpSinceNs[lp] : 0;
    lpSinceNs[lp] = timeNs;
  }

  private State stateOf(int vp) {
    return switch (position[vp]) {
      case AT_REST, INTERCEPTED -> State.IDLE;
      case THROTTLED -> State.CAPPED;
      case CURRENT -> runs(place[vp]) ? State.RUN : State.SUSPENDED;
      default -> byParent[vp] ? stateByThread(vp) : waitingFor(place[vp]);
    };
  }

  private State stateByThread(int vp) {
    int thread = threadOf[vp];
    if (position[thread] == AT_REST) {
      return State.WAKE_UP;
    }
    if (position[thread] == THROTTLED) {
      return State.CONTENTION;
    }
    int processor = place[thread];
    if (processor != Entities.NONE && !runs(processor)) {
      return position[processor] == AT_REST ? State.WAKE_UP : State.SUSPENDED;
    }
    if (position[thread] == CURRENT) {
      return position[vp] == ENTERED ? State.RUN : State.WAKE_UP;
    }
    return waitingFor(processor);
  }

  private State waitingFor(int processor) {
    boolean taken =
        processor != Entities.NONE
            && (current[processor] != Entities.NONE || holder[processor] != Entities.NONE);
    return taken ? State.CONTENTION : State.WAKE_UP;
  }

  private boolean runs(int processor) {
    return lpUnder(processor) != Entities.NONE;
  }

  /// Brings every counter up to `endNs`; events may follow.
  public void finish(long endNs) {
    dirty = true;
    advance(endNs);
    for (int vp : vpIds) {
      books[vp].pay(endNs);
    }
    for (int lp : lpIds) {
      payLp(lp, endNs);
    }
  }

  /// The counters of a VP as of the last [#finish].
  public VpCounters vp(int vp) {
    VpBook book = books[vp];
    List<Long> buckets = new ArrayList<>();
    for (long bucket : book.buckets) {
      buckets.add(bucket);
    }
    boolean scheduledByParent = byParent[vp];
    return new VpCounters(
        entities.path(vp),
        book.ns(State.RUN),
        book.ns(State.WAKE_UP) + book.ns(State.CONTENTION),
        book.ns(State.WAKE_UP),
        book.ns(State.CONTENTION),
        book.ns(State.SUSPENDED),
        book.ns(State.CAPPED),
        book.ns(State.IDLE),
        book.halts,
        book.dispatches,
        book.migrations,
        buckets,
        scheduledByParent && position[vp] == AT_REST,
        scheduledByParent || book.lastLp == Entities.NONE
            ? OptionalInt.empty()
            : OptionalInt.of(indexOf(book.lastLp)),
        nodeCount() == 1 ? OptionalLong.of(0) : OptionalLong.empty(),
        hypervisorTimes.ns(vp));
  }

  private int nodeCount() {
    return machine.nodeOf(machine.lpCount() - 1) + 1;
  }

  private int indexOf(int lpId) {
    return Arrays.binarySearch(lpIds, lpId);
  }

  /// The counters of the LP with this number as of the last [#finish].
  ///
  /// @param rootVpIndex the root partition's VP of this LP, if there is a root partition
  public LpCounters lp(int lp, OptionalInt rootVpIndex) {
    int id = lpIds[lp];
    return new LpCounters(
        nowNs,
        lpRunNs[id],
        hypervisorTimes.ns(id),
        contextSwitches[id],
        lpHalts[id],
        hypervisorTimes.worldSwitchNs(id),
        rootVpIndex,
        machine.nodeOf(lp));
  }
}
