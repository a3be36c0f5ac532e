package dev.stint.report.perfetto;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import java.util.Arrays;

/// Who is where, folded from the events: what each processor runs, which processor an entity runs
/// on or waits for, which VP a vCPU thread has entered, and how many wait for or run on each
/// processor.
final class Seats {
  private static final int READY = PreviousState.READY.ordinal();

  private final boolean[] lp;
  private final boolean[] vp;
  private final int[] current;
  private final int[] place;
  private final int[] carriedBy;
  private final int[] entered;
  private final int[] queuedAt;
  private final int[] queueLength;

  Seats(Entities entities) {
    int count = entities.count();
    lp = new boolean[count];
    vp = new boolean[count];
    for (int id = 0; id < count; id++) {
      lp[id] = entities.get(id).kind() == EntityKind.LP;
      vp[id] = entities.get(id).kind() == EntityKind.VP;
    }
    current = none(count);
    place = none(count);
    carriedBy = none(count);
    entered = none(count);
    queuedAt = none(count);
    queueLength = new int[count];
  }

  private static int[] none(int count) {
    int[] ids = new int[count];
    Arrays.fill(ids, Entities.NONE);
    return ids;
  }

  void event(TraceKind kind, int a, int b, int c, int d) {
    switch (kind) {
      case SWITCH -> onSwitch(a, b, c, d);
      case READY -> seat(a, b);
      case MOVE -> move(a, c);
      case THROTTLE -> queue(a, Entities.NONE);
      case UNTHROTTLE -> seat(a, b);
      case ENTER -> {
        entered[a] = b;
        carriedBy[b] = a;
        place[b] = Entities.NONE;
        queue(b, Entities.NONE);
      }
      case LEAVE -> {
        entered[a] = Entities.NONE;
        carriedBy[b] = Entities.NONE;
      }
      case HOLD, COST, UNKNOWN -> {}
    }
  }

  private void onSwitch(int processor, int previous, int next, int previousState) {
    if (previous != Entities.NONE) {
      if (previousState == READY) {
        seat(previous, processor);
      } else {
        seat(previous, Entities.NONE);
      }
    }
    current[processor] = next;
    if (next != Entities.NONE) {
      seat(next, processor);
    }
  }

  /// A throttled entity that moves is still in no queue.
  private void move(int id, int to) {
    boolean queued = queuedAt[id] != Entities.NONE;
    seat(id, to);
    if (!queued && !vp[id]) {
      queue(id, Entities.NONE);
    }
  }

  private void seat(int id, int processor) {
    boolean viaThread = vp[id] && processor != Entities.NONE && !lp[processor];
    int at = viaThread ? Entities.NONE : processor;
    place[id] = at;
    queue(id, at);
  }

  private void queue(int id, int processor) {
    int before = queuedAt[id];
    if (before != processor) {
      if (before != Entities.NONE) {
        queueLength[before]--;
      }
      if (processor != Entities.NONE) {
        queueLength[processor]++;
      }
      queuedAt[id] = processor;
    }
  }

  /// What a processor runs.
  int current(int processor) {
    return current[processor];
  }

  /// The processor that an entity runs on or waits for: for a carried VP that of its thread.
  int processorOf(int id) {
    int thread = carriedBy[id];
    return thread == Entities.NONE ? place[id] : place[thread];
  }

  /// The VP that a vCPU thread has entered.
  int enteredBy(int thread) {
    return entered[thread];
  }

  /// How many run on a processor or wait for it, but for those that a limit keeps from it.
  int queueLength(int processor) {
    return queueLength[processor];
  }
}
