package dev.stint.model.stack;

import dev.stint.model.stack.TraceRules.Rule;
import dev.stint.model.time.BrokenInvariant;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Follows a trace and stops, with the time and the paths, where it contradicts itself or breaks a
/// rule of its assembly.
///
/// Of one event: it names what was true (a switch's previous entity, a ready entity's state); what
/// is switched in waited for that processor and runs nowhere else; time is monotone. Of an instant,
/// when time passes on from it: only backed processors were switched, and what then holds for a
/// positive time satisfies the rules. What comes and goes within one instant is legal.
public final class InvariantChecker implements TraceSink {
  private enum Position {
    BLOCKED,
    EXITED,
    WAITING,
    THROTTLED,
    CURRENT,
    ENTERED
  }

  private static final long NOT_IDLE = -1;
  private static final PreviousState[] STATES = PreviousState.values();

  private final Entities entities;
  private final TraceRules rules;
  private final EntityKind[] kind;
  private final Position[] position;
  private final int[] place;
  private final int[] current;
  private final int[] holder;
  private final int[] waiterCount;
  private final int[] threadOf;
  private final int[] enteredVp;
  private final long[] ranAtNs;
  private final long[] idleSinceNs;
  private final List<Integer> lps = new ArrayList<>();
  private final Set<Integer> mustBeBacked = new LinkedHashSet<>();
  private long nowNs;
  private long eventCount;

  /// A checker at time 0: everything is blocked or idle.
  public InvariantChecker(Entities entities, TraceRules rules) {
    this.entities = entities;
    this.rules = rules;
    int count = entities.count();
    kind = new EntityKind[count];
    position = new Position[count];
    place = none(count);
    current = none(count);
    holder = none(count);
    waiterCount = new int[count];
    threadOf = none(count);
    enteredVp = none(count);
    ranAtNs = new long[count];
    Arrays.fill(ranAtNs, -1);
    idleSinceNs = new long[count];
    Arrays.fill(idleSinceNs, NOT_IDLE);
    for (int id = 0; id < count; id++) {
      kind[id] = entities.get(id).kind();
      position[id] = Position.BLOCKED;
      if (kind[id] == EntityKind.LP) {
        lps.add(id);
      }
    }
  }

  /// Says, before any event, which vCPU thread stands for a VP.
  public void carrier(int vp, int thread) {
    threadOf[vp] = thread;
  }

  /// How many events were checked.
  public long eventCount() {
    return eventCount;
  }

  /// Checks what held until `endNs`.
  public void finish(long endNs) {
    pass(endNs);
  }

  @Override
  public void event(long timeNs, TraceKind event, int a, int b, int c, int d) {
    pass(timeNs);
    eventCount++;
    switch (event) {
      case SWITCH -> switched(a, b, c, STATES[d]);
      case READY -> {
        check(position[a] == Position.BLOCKED, "only a blocked entity becomes ready", a);
        become(Position.WAITING, a, b);
      }
      case MOVE -> {
        boolean ready = position[a] == Position.WAITING || position[a] == Position.THROTTLED;
        check(ready, "only a ready entity that does not run moves", a);
        check(place[a] == b, "an entity moves from where it waits", a, b);
        become(position[a], a, c);
      }
      case THROTTLE -> {
        check(position[a] == Position.WAITING, "only what waits is throttled", a);
        become(Position.THROTTLED, a, b);
      }
      case UNTHROTTLE -> {
        check(position[a] == Position.THROTTLED, "only what is throttled is unthrottled", a);
        become(Position.WAITING, a, b);
      }
      case ENTER -> entered(a, b);
      case LEAVE -> left(a, b, STATES[c]);
      case HOLD -> {
        check(kind[a] == EntityKind.LP, "only an LP is held", a);
        holder[a] = b;
      }
      case COST -> {
        check(c > 0, "a cost takes time", a);
        demandBacked(a);
      }
      case UNKNOWN -> check(false, "a simulated run has nothing unknown", a);
    }
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {
    pass(timeNs);
    check(value >= 0, "a workload's figure is not negative", entity);
  }

  private void switched(int processor, int previous, int next, PreviousState state) {
    check(
        kind[processor] == EntityKind.LP || kind[processor] == EntityKind.VP,
        "only a processor is switched",
        processor);
    check(current[processor] == previous, "a switch names the current entity", processor, previous);
    check(previous != next, "a switch is a change", processor, next);
    check(
        (previous == Entities.NONE) == (state == PreviousState.NONE),
        "the state of nobody is none",
        processor,
        previous);
    demandBacked(processor);
    current[processor] = next;
    switch (state) {
      case READY -> become(Position.WAITING, previous, processor);
      case BLOCKED -> become(Position.BLOCKED, previous, Entities.NONE);
      case EXITED -> become(Position.EXITED, previous, Entities.NONE);
      case INTERCEPTED -> intercepted(previous);
      case NONE -> {}
    }
    if (next != Entities.NONE) {
      switchedIn(processor, next);
    }
  }

  private void switchedIn(int processor, int next) {
    boolean rootAtStart = nowNs == 0 && kind[next] == EntityKind.VP;
    check(
        position[next] == Position.WAITING || (rootAtStart && position[next] == Position.BLOCKED),
        "what is switched in was ready",
        processor,
        next);
    check(
        place[next] == processor || place[next] == Entities.NONE,
        "what is switched in waited for that processor",
        processor,
        next);
    boolean byThread = threadOf[next] != Entities.NONE && rules.demand(Rule.CARRIED_BY_THREAD);
    check(!byThread, "only its vCPU thread runs a VP that has one", processor, next);
    become(Position.CURRENT, next, processor);
    noteRunning(next);
  }

  private void entered(int thread, int vp) {
    check(position[vp] == Position.WAITING, "a thread enters a ready VP", thread, vp);
    check(enteredVp[thread] == Entities.NONE, "a thread enters one VP at a time", thread, vp);
    check(
        threadOf[vp] == Entities.NONE || threadOf[vp] == thread,
        "a VP is entered by its own thread",
        thread,
        vp);
    demandBacked(position[thread] == Position.CURRENT ? place[thread] : thread);
    threadOf[vp] = thread;
    enteredVp[thread] = vp;
    become(Position.ENTERED, vp, Entities.NONE);
    noteRunning(vp);
  }

  private void left(int thread, int vp, PreviousState state) {
    check(enteredVp[thread] == vp, "a thread leaves the VP that it entered", thread, vp);
    check(state != PreviousState.NONE, "a VP that was left has a state", thread, vp);
    demandBacked(position[thread] == Position.CURRENT ? place[thread] : thread);
    enteredVp[thread] = Entities.NONE;
    switch (state) {
      case READY -> become(Position.WAITING, vp, Entities.NONE);
      case BLOCKED, NONE -> become(Position.BLOCKED, vp, Entities.NONE);
      case EXITED -> become(Position.EXITED, vp, Entities.NONE);
      case INTERCEPTED -> intercepted(vp);
    }
  }

  /// It waits for its VMM: for no processor.
  private void intercepted(int vp) {
    check(kind[vp] == EntityKind.VP, "only a VP is intercepted", vp);
    become(Position.WAITING, vp, Entities.NONE);
  }

  private void become(Position newPosition, int id, int processor) {
    if (waits(id)) {
      waiterCount[place[id]]--;
    }
    position[id] = newPosition;
    place[id] = processor;
    if (waits(id)) {
      waiterCount[processor]++;
    }
  }

  /// Whether the scheduler of processor `place[id]` could run `id`; a VP that a thread carries
  /// waits for that.
  private boolean waits(int id) {
    return position[id] == Position.WAITING
        && place[id] != Entities.NONE
        && (kind[id] != EntityKind.VP || kind[place[id]] == EntityKind.LP);
  }

  /// `id` must run at some moment of this instant: just before it, in its course, or at its end.
  private void demandBacked(int id) {
    if (kind[id] != EntityKind.LP && ranAtNs[id] != nowNs) {
      mustBeBacked.add(id);
    }
  }

  /// If `id` runs, it and everything above it ran at this instant.
  private void noteRunning(int id) {
    int running = id != Entities.NONE && runs(id) ? id : Entities.NONE;
    while (running != Entities.NONE) {
      ranAtNs[running] = nowNs;
      running = kind[running] == EntityKind.THREAD ? enteredVp[running] : current[running];
    }
  }

  private boolean runs(int id) {
    return switch (position[id]) {
      case CURRENT -> kind[place[id]] == EntityKind.LP || runs(place[id]);
      case ENTERED -> runs(threadOf[id]);
      case BLOCKED, EXITED, WAITING, THROTTLED -> false;
    };
  }

  private void pass(long timeNs) {
    check(timeNs >= nowNs, "time is monotone", Entities.NONE);
    if (timeNs == nowNs) {
      return;
    }
    for (int id : mustBeBacked) {
      check(runs(id), "only what is backed switches, enters or leaves", id);
    }
    mustBeBacked.clear();
    for (int id = 0; id < kind.length; id++) {
      checkLasting(id, timeNs);
    }
    if (rules.demand(Rule.ONE_PARTITION_PER_CORE)) {
      checkSiblings();
    }
    nowNs = timeNs;
    for (int lp : lps) {
      noteRunning(current[lp]);
    }
  }

  private void checkLasting(int id, long untilNs) {
    switch (kind[id]) {
      case LP -> checkBusy(id, untilNs);
      case VP -> checkVp(id);
      case THREAD, TASK, GROUP, PARTITION, RULE -> {}
    }
  }

  private void checkVp(int vp) {
    int thread = threadOf[vp];
    if (position[vp] == Position.ENTERED) {
      check(
          position[thread] != Position.BLOCKED && position[thread] != Position.EXITED,
          "a vCPU thread sleeps only after it left its VP",
          thread,
          vp);
    }
    if (rules.demand(Rule.THREAD_SLEEPS) && thread != Entities.NONE && runs(vp)) {
      check(position[thread] == Position.BLOCKED, "while a VP runs its thread sleeps", vp, thread);
    }
    boolean asleep = position[vp] == Position.BLOCKED && rules.demand(Rule.NO_LOST_WAKE);
    if (asleep && waiterCount[vp] != 0 && !suspended(thread)) {
      check(false, "a halted VP is woken for its waiter", vp, waiterOf(vp));
    }
  }

  /// A VP is suspended until its thread has called MSHV_RUN_VP, that is, until it sleeps for the
  /// first time.
  private boolean suspended(int thread) {
    return thread != Entities.NONE && position[thread] != Position.BLOCKED;
  }

  private void checkBusy(int lp, long untilNs) {
    boolean lazy =
        current[lp] == Entities.NONE && holder[lp] == Entities.NONE && waiterCount[lp] > 0;
    if (!lazy || !rules.demand(Rule.LP_BUSY)) {
      idleSinceNs[lp] = NOT_IDLE;
      return;
    }
    if (idleSinceNs[lp] == NOT_IDLE) {
      idleSinceNs[lp] = nowNs;
    }
    if (untilNs - idleSinceNs[lp] > rules.idleBoundNs()) {
      check(false, "no LP idles longer than the bound while an entity waits", lp, waiterOf(lp));
    }
  }

  private int waiterOf(int processor) {
    for (int id = 0; id < kind.length; id++) {
      if (waits(id) && place[id] == processor) {
        return id;
      }
    }
    return Entities.NONE;
  }

  private void checkSiblings() {
    for (int lp = 0; lp < lps.size(); lp++) {
      int vp = current[lps.get(lp)];
      int first = rules.machine().firstLpOf(rules.machine().coreOf(lp));
      for (int sibling = first; sibling < lp; sibling++) {
        int other = current[lps.get(sibling)];
        check(
            vp == Entities.NONE
                || other == Entities.NONE
                || entities.get(vp).parent() == entities.get(other).parent(),
            "sibling LPs run VPs of one partition",
            vp,
            other);
      }
    }
  }

  private void check(boolean condition, String rule, int... ids) {
    if (!condition) {
      List<String> paths = Arrays.stream(ids).mapToObj(entities::path).toList();
      throw new BrokenInvariant(
          String.format(Locale.ROOT, "at t=%dns: %s: %s", nowNs, rule, String.join(", ", paths)));
    }
  }

  private static int[] none(int count) {
    int[] ids = new int[count];
    Arrays.fill(ids, Entities.NONE);
    return ids;
  }
}
