package dev.stint.report.events;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.TraceKind;
import java.util.Arrays;

/// Which entity may take which part in an event: a file may be whole and still make no sense.
final class EventRoles {
  private static final int PROCESSOR = 1;
  private static final int SCHEDULABLE = 2;
  private static final int THREAD = 4;
  private static final int VP = 8;
  private static final int LP = 16;
  private static final int RULE = 32;

  private final Entities entities;
  private byte[] roles = new byte[0];
  private int known;

  EventRoles(Entities entities) {
    this.entities = entities;
    registered();
  }

  /// Takes note of entities that came since.
  void registered() {
    int count = entities.count();
    if (count > roles.length) {
      roles = Arrays.copyOf(roles, Math.max(count, 2 * roles.length));
    }
    for (; known < count; known++) {
      roles[known] = (byte) of(entities.get(known).kind());
    }
  }

  private static int of(EntityKind kind) {
    return switch (kind) {
      case LP -> PROCESSOR | LP;
      case VP -> PROCESSOR | SCHEDULABLE | VP;
      case THREAD -> SCHEDULABLE | THREAD;
      case TASK -> SCHEDULABLE;
      case RULE -> RULE;
      case GROUP, PARTITION -> 0;
    };
  }

  /// Whether the event's arguments are of the right kinds.
  boolean fit(TraceKind kind, int a, int b, int c, int d) {
    return switch (kind) {
      case SWITCH -> is(a, PROCESSOR) && runs(a, b) && runs(a, c);
      case READY -> is(a, SCHEDULABLE) && waitsFor(a, b) && isKnown(c);
      case MOVE -> is(a, SCHEDULABLE) && waitsFor(a, b) && waitsFor(a, c);
      case THROTTLE -> is(a, SCHEDULABLE) && waitsFor(a, b) && is(c, RULE);
      case UNTHROTTLE -> is(a, SCHEDULABLE) && waitsFor(a, b);
      case ENTER, LEAVE -> is(a, THREAD) && is(b, VP) && carries(a, b);
      case HOLD -> is(a, LP) && isKnown(b);
      case UNKNOWN -> is(a, LP) || is(a, SCHEDULABLE);
      case COST -> is(a, SCHEDULABLE) && isKnown(d);
    };
  }

  /// Whether the thread is one of the VP's parent's: so no chain of dispatches bites its tail.
  boolean carries(int thread, int vp) {
    int partition = entities.get(vp).parent();
    return partition != Entities.NONE
        && entities.get(thread).parent() != partition
        && entities.get(thread).parent() == entities.get(partition).parent();
  }

  private boolean runs(int processor, int next) {
    return next == Entities.NONE || (is(next, SCHEDULABLE) && waitsFor(next, processor));
  }

  /// Whether it may ever run there: on an LP, or a task on a VP of its own partition.
  private boolean waitsFor(int schedulable, int processor) {
    return processor == Entities.NONE
        || is(processor, LP)
        || (is(processor, VP)
            && !is(schedulable, VP)
            && entities.get(schedulable).parent() == entities.get(processor).parent());
  }

  private boolean isKnown(int id) {
    return id >= Entities.NONE && id < known;
  }

  private boolean is(int id, int role) {
    return id >= 0 && id < known && (roles[id] & role) != 0;
  }
}
