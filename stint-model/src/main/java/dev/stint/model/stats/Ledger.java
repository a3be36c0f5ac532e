package dev.stint.model.stats;

import dev.stint.model.time.Invariant;
import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;

/// The account of a run: for every LP, VP, vCPU thread and task, how long it ran, waited (and
/// because of whom) and was blocked, folded from the event stream as it passes.
///
/// For each entity and any time up to now `wall = run + sum of overhead + sum of wait + blocked +
/// unknown` in exact nanoseconds, and the theft cells of a (victim, reason) sum to the wait for
/// that reason; [#finish] checks both.
///
/// - An LP runs while it has a current entity and is blocked (idle) otherwise. It is always backed.
/// - A VP runs while it is backed: current on an LP, or carried by a vCPU thread that is itself
///   running.
/// - A task or thread runs while it is current on a backed processor.
/// - Whatever is ready and does not run waits, blamed on the lowest broken link of its chain.
///
/// States at an instant count only if time then passes in them: a processor that goes from one
/// entity to idle to the next at one instant was never idle.
///
/// Every entity must be registered before the ledger is made, except rules.
public final class Ledger implements TraceSink {
  /*
   * How it works
   *
   * Every accounted entity has one status: RUN, BLOCKED, or a wait code (reason, occupant). The
   * status follows from the entity's own structure and the status of one thing below it:
   *
   *   unknown, waiting on such an LP -> unknown
   *   throttled                     -> (throttle reason of its kind, rule)
   *   on processor p, p backed      -> RUN if current, else (queue reason, current of p or holder)
   *   on VP p, p not backed         -> the status of p, whatever it is: the link broke below
   *   carried VP, its thread t runs -> RUN if t has entered it, else (overhead.signal, t)
   *   carried VP, t waits           -> the status of t
   *   what is below is blocked      -> (overhead.signal, nobody): it is about to be told
   *   intercepted VP                -> the status of its thread; where that runs, or where there is
   *                                    none, (overhead.intercept, thread)
   *
   * "VP p is backed" is the same as "the status of p is RUN". Blame is thus never searched for: it
   * is inherited upwards, one link at a time, and a change stops where a status stays equal.
   *
   * Events only change structure and mark what they touched. When time is about to advance, the
   * marked entities are evaluated, the last marked first; one whose status changed is paid for the
   * time since its last change, under its old status, and what is above it is marked in turn. An
   * instant of many events costs one evaluation.
   *
   * Cost per event: O(1) plus one step per waiter whose blame may change: those of the processor
   * that was switched, and everything above a VP that was backed or unbacked. Nothing is allocated,
   * except when a new theft cell doubles the table or a histogram meets a new order of magnitude.
   */
  private static final int READY_ORDINAL = PreviousState.READY.ordinal();
  private static final int INTERCEPTED_ORDINAL = PreviousState.INTERCEPTED.ordinal();
  private static final long SIGNAL = Accounts.wait(WaitReason.OVERHEAD_SIGNAL, Entities.NONE);
  private static final byte UNKNOWN = -1;
  private static final byte AT_REST = 0;
  private static final byte WAITING = 1;
  private static final byte THROTTLED = 2;
  private static final byte CURRENT = 3;
  private static final byte CARRIED = 4;
  private static final byte INTERCEPTED = 5;

  private final Entities entities;
  private final int count;

  // What an entity is: fixed.
  private final boolean[] lp;
  private final boolean[] vp;
  private final WaitReason[] queueReason;
  private final WaitReason[] throttleReason;

  // Structure: who is where. A WAITING entity with a place is in its processor's list of waiters.
  private final byte[] state;
  private final int[] place;
  private final int[] rule;
  private final int[] current;
  private final int[] holder;
  private final WaiterLists waiters;
  private final int[] threadOf;
  private final int[] vpOf;
  private final boolean[] viaThread;

  private final Accounts accounts;
  private final Samples samples;
  private final Marks marks;
  private long nowNs;

  /// A ledger whose spans nobody wants.
  public Ledger(Entities entities) {
    this(entities, SpanSink.NONE);
  }

  /// A ledger that starts at time 0 with every entity blocked and every processor idle.
  public Ledger(Entities entities, SpanSink spans) {
    this.entities = entities;
    count = entities.count();
    lp = new boolean[count];
    vp = new boolean[count];
    queueReason = new WaitReason[count];
    throttleReason = new WaitReason[count];
    state = new byte[count];
    place = WaiterLists.none(count);
    rule = WaiterLists.none(count);
    current = WaiterLists.none(count);
    holder = WaiterLists.none(count);
    waiters = new WaiterLists(count);
    threadOf = WaiterLists.none(count);
    vpOf = WaiterLists.none(count);
    viaThread = new boolean[count];
    accounts = new Accounts(count, spans);
    samples = new Samples(count);
    marks = new Marks(count);
    for (int id = 0; id < count; id++) {
      EntityKind kind = entities.get(id).kind();
      lp[id] = kind == EntityKind.LP;
      vp[id] = kind == EntityKind.VP;
      queueReason[id] = WaitReason.inQueue(kind);
      throttleReason[id] = WaitReason.throttled(kind);
    }
  }

  /// Says, before any event, which vCPU thread stands for a VP.
  ///
  /// Known under every assembly, for it also says which group a VM's time counts towards. A VP that
  /// has a thread is scheduled by it unless its READY, MOVE or SWITCH names an LP.
  public void carrier(int vpId, int thread) {
    Invariant.check(vp[vpId], "a carrier carries a VP", vpId);
    Invariant.check(vpOf[thread] < 0 || vpOf[thread] == vpId, "a thread stands for one VP", thread);
    if (threadOf[vpId] != Entities.NONE) {
      vpOf[threadOf[vpId]] = Entities.NONE;
    }
    threadOf[vpId] = thread;
    vpOf[thread] = vpId;
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    if (timeNs != nowNs) {
      advance(timeNs);
    }
    switch (kind) {
      case SWITCH -> onSwitch(a, b, c, d);
      case READY -> onReady(a, b);
      case MOVE -> onMove(a, c);
      case THROTTLE -> onThrottle(a, c);
      case UNTHROTTLE -> onUnthrottle(a, b);
      case ENTER -> onEnter(a, b);
      case LEAVE -> onLeave(a, b, c);
      case HOLD -> {
        holder[a] = b;
        marks.addAttached(a);
      }
      case COST -> onCost(a, b, c, d);
      case UNKNOWN -> onUnknown(a);
    }
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {
    samples.record(entity, metric, value);
  }

  /// Brings every account up to `endNs` and checks the identities. Events may follow: the accounts
  /// then grow on from here.
  public void finish(long endNs) {
    advance(endNs);
    accounts.finish(entities, nowNs);
  }

  private void onSwitch(int processor, int previous, int next, int previousState) {
    Invariant.check(
        current[processor] == previous, "a switch names the current entity", previous, processor);
    if (previous != Entities.NONE) {
      switchOut(processor, previous, previousState);
    }
    current[processor] = next;
    state[processor] = lp[processor] ? AT_REST : state[processor];
    if (next != Entities.NONE) {
      switchIn(processor, next);
    }
    marks.addAttached(processor);
  }

  private void switchOut(int processor, int previous, int previousState) {
    if (lp[processor]) {
      accounts.switchedOut(processor);
    }
    accounts.switchedOut(previous);
    if (vpOf[previous] != Entities.NONE && state[vpOf[previous]] == CARRIED) {
      accounts.switchedOut(vpOf[previous]);
    }
    left(previous, previousState, processor);
  }

  private void left(int id, int newState, int processor) {
    if (newState == READY_ORDINAL) {
      await(id, processor);
    } else if (newState == INTERCEPTED_ORDINAL) {
      await(id, Entities.NONE);
      state[id] = INTERCEPTED;
    } else {
      rest(id);
    }
  }

  private void switchIn(int processor, int next) {
    Invariant.check(
        state[next] != CURRENT && state[next] != CARRIED, "what is switched in runs nowhere", next);
    detach(next);
    state[next] = CURRENT;
    place[next] = processor;
    viaThread[next] = false;
    if (lp[processor]) {
      accounts.dispatched(processor, processor);
    }
    accounts.dispatched(next, processor);
    if (vpOf[next] != Entities.NONE && state[vpOf[next]] == CARRIED) {
      accounts.dispatched(vpOf[next], processor);
    }
    marks.add(next);
  }

  private void onReady(int id, int processor) {
    Invariant.check(state[id] <= AT_REST, "only a blocked entity becomes ready", id);
    accounts.woken(id, nowNs);
    await(id, processor);
  }

  private void onMove(int id, int to) {
    boolean runs = state[id] == AT_REST || state[id] == CURRENT || state[id] == CARRIED;
    Invariant.check(!runs, "only what is ready moves", id);
    if (state[id] != THROTTLED) {
      detach(id);
      await(id, to);
    }
  }

  private void onThrottle(int id, int ruleId) {
    Invariant.check(state[id] == WAITING, "only what waits is throttled", id);
    detach(id);
    state[id] = THROTTLED;
    rule[id] = ruleId;
    marks.add(id);
  }

  private void onUnthrottle(int id, int processor) {
    Invariant.check(state[id] == THROTTLED, "only what is throttled is unthrottled", id);
    await(id, processor);
  }

  private void onEnter(int thread, int vpId) {
    Invariant.check(
        state[vpId] != CURRENT && state[vpId] != CARRIED, "what is entered runs nowhere", vpId);
    if (threadOf[vpId] != thread) {
      carrier(vpId, thread);
    }
    detach(vpId);
    state[vpId] = CARRIED;
    place[vpId] = Entities.NONE;
    viaThread[vpId] = true;
    accounts.dispatched(vpId, place[thread]);
    marks.add(vpId);
  }

  private void onLeave(int thread, int vpId, int vpState) {
    Invariant.check(
        state[vpId] == CARRIED && threadOf[vpId] == thread,
        "a thread leaves what it entered",
        vpId);
    if (state[thread] == CURRENT) {
      accounts.switchedOut(vpId);
    }
    left(vpId, vpState, Entities.NONE);
  }

  /// The task, and all below it in its chain, held a processor for nothing.
  private void onCost(int task, int kind, int ns, int cause) {
    int id = task;
    while (!lp[id]) {
      accounts.lost(id, kind, ns, cause);
      id = viaThread[id] ? threadOf[id] : place[id];
    }
    accounts.lost(id, kind, ns, cause);
  }

  private void onUnknown(int id) {
    Invariant.check(lp[id] || state[id] != CURRENT, "the LP becomes unknown, not its task", id);
    if (current[id] != Entities.NONE) {
      state[current[id]] = AT_REST;
      onUnknown(current[id]);
      current[id] = Entities.NONE;
    }
    detach(id);
    state[id] = UNKNOWN;
    place[id] = Entities.NONE;
    marks.addAttached(id);
  }

  private void await(int id, int processor) {
    state[id] = WAITING;
    viaThread[id] = vp[id] && threadOf[id] != Entities.NONE && (processor < 0 || !lp[processor]);
    place[id] = viaThread[id] ? Entities.NONE : processor;
    if (place[id] != Entities.NONE) {
      waiters.add(processor, id);
    }
    marks.add(id);
  }

  private void rest(int id) {
    accounts.rested(id, nowNs);
    state[id] = AT_REST;
    place[id] = Entities.NONE;
    marks.add(id);
  }

  private void detach(int id) {
    if (state[id] == WAITING && place[id] != Entities.NONE) {
      waiters.remove(place[id], id);
    }
  }

  private void advance(long timeNs) {
    Invariant.check(timeNs >= nowNs, "events come in order of time", timeNs, nowNs);
    while (!marks.isEmpty()) {
      int id = marks.last();
      boolean attached = marks.take();
      long newStatus = statusOf(id);
      if (newStatus != accounts.status(id)) {
        accounts.change(id, newStatus, nowNs);
        attached |= vp[id];
        if (vpOf[id] != Entities.NONE) {
          marks.add(vpOf[id]);
        }
      }
      if (attached) {
        markAttached(id);
      }
    }
    nowNs = timeNs;
  }

  private void markAttached(int processor) {
    for (int id = waiters.first(processor); id != Entities.NONE; id = waiters.next(id)) {
      marks.add(id);
    }
    if (current[processor] != Entities.NONE) {
      marks.add(current[processor]);
    }
  }

  private long statusOf(int id) {
    if (lp[id] && current[id] != Entities.NONE) {
      return Accounts.RUN;
    }
    if (state[id] <= AT_REST) {
      return state[id] == UNKNOWN ? Accounts.UNKNOWN : Accounts.BLOCKED;
    }
    if (state[id] == THROTTLED) {
      return Accounts.wait(throttleReason[id], rule[id]);
    }
    if (viaThread[id] || state[id] == INTERCEPTED) {
      return statusViaThread(id);
    }
    int processor = place[id];
    if (processor == Entities.NONE) {
      return Accounts.wait(queueReason[id], Entities.NONE);
    }
    if (lp[processor] ? state[processor] == UNKNOWN : accounts.status(processor) != Accounts.RUN) {
      return lp[processor] ? Accounts.UNKNOWN : inherited(processor);
    }
    return state[id] == CURRENT
        ? Accounts.RUN
        : Accounts.wait(queueReason[id], occupantOf(processor));
  }

  private long statusViaThread(int id) {
    int thread = threadOf[id];
    if (thread != Entities.NONE && accounts.status(thread) != Accounts.RUN) {
      return inherited(thread);
    }
    if (state[id] == INTERCEPTED) {
      return Accounts.wait(WaitReason.OVERHEAD_INTERCEPT, thread);
    }
    return state[id] == CARRIED ? Accounts.RUN : Accounts.wait(WaitReason.OVERHEAD_SIGNAL, thread);
  }

  private long inherited(int below) {
    long status = accounts.status(below);
    return status == Accounts.BLOCKED ? SIGNAL : status;
  }

  private int occupantOf(int processor) {
    return current[processor] != Entities.NONE ? current[processor] : holder[processor];
  }

  /// The directory that this ledger's ids belong to.
  public Entities entities() {
    return entities;
  }

  /// The time up to which events were seen, or that [#finish] named.
  public long nowNs() {
    return nowNs;
  }

  /// The vCPU thread of a VP, or [Entities#NONE].
  public int threadOf(int vpId) {
    return threadOf[vpId];
  }

  /// The VP of a vCPU thread, or [Entities#NONE].
  public int vpOf(int thread) {
    return vpOf[thread];
  }

  /// Time that the entity ran with effect, as of the last [#finish], as are the figures below.
  public long runNs(int id) {
    return accounts.heldNs(id) - accounts.lost().totalNs(id);
  }

  /// Time that the entity held a processor: [#runNs] and all that was lost.
  public long heldNs(int id) {
    return accounts.heldNs(id);
  }

  /// The part of [#heldNs] that went to this.
  public long overheadNs(int id, CostKind kind) {
    return accounts.lost().ns(id, kind);
  }

  /// Time that the entity had nothing to do (an LP: was idle).
  public long blockedNs(int id) {
    return accounts.blockedNs(id);
  }

  /// Time of which a recording does not tell what the entity did.
  public long unknownNs(int id) {
    return accounts.unknownNs(id);
  }

  /// Time that the entity waited for this reason.
  public long waitNs(int id, WaitReason reason) {
    return accounts.waitNs(id, reason.ordinal());
  }

  /// The part of [#waitNs] during which `occupant` ([Entities#NONE] for nobody) stood in the way.
  public long theftNs(int victim, WaitReason reason, int occupant) {
    return accounts.theft().ns(TheftTable.key(victim, reason.ordinal(), occupant));
  }

  /// Times that the entity was switched in; for a VP carried by a thread, times that the thread
  /// entered it or was switched in while carrying it; for an LP, times that it was given an entity.
  public long dispatches(int id) {
    return accounts.dispatches(id);
  }

  /// Times that the entity was switched out, counted like [#dispatches].
  public long switches(int id) {
    return accounts.switches(id);
  }

  /// Dispatches on another processor than the one before.
  public long migrations(int id) {
    return accounts.migrations(id);
  }

  /// From each wake-up to the first instant from which the entity ran.
  public LatencyHistogram wakeLatency(int id) {
    return accounts.wakeLatency(id);
  }

  /// What the entity's workload measured itself; empty when it reported no such figure.
  public LatencyHistogram metric(int id, Metric metric) {
    return samples.of(id, metric);
  }

  Accounts accounts() {
    return accounts;
  }

  /// One line per accounted entity: what it ran, was blocked, and waited for, by whom.
  @Override
  public String toString() {
    return accounts.describe(entities);
  }
}
