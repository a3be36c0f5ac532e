package dev.stint.report.events;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.Arrays;

/// Turns blocks of an event file back into events.
final class EventDecoder {
  private static final TraceKind[] KINDS = TraceKind.values();
  private static final Metric[] METRICS = Metric.values();

  private final String file;
  private final EventFileHead.Meanings meanings;
  private final Entities entities;
  private final EventRoles roles;
  private final TraceSink sink;
  private final int[] current;
  private long nowNs;

  EventDecoder(String file, EventFileHead head, TraceSink sink) {
    this.file = file;
    this.sink = sink;
    meanings = head.meanings();
    entities = head.run().entities();
    roles = new EventRoles(entities);
    current = new int[entities.count()];
    Arrays.fill(current, Entities.NONE);
  }

  /// Tells what is in a block whose checksum held, and returns how many events there were.
  int block(long offset, byte[] block, int end) {
    EventBytes in = new EventBytes(file, offset, block, EventFormat.BLOCK_HEAD_BYTES, end);
    if ((long) EventFormat.LONG.get(block, 12) != nowNs) {
      throw in.fault("the block begins at another time than the one before it ends");
    }
    int events = 0;
    while (in.more()) {
      int first = in.next();
      int operation = first & EventFormat.OPERATION_MASK;
      if (operation == EventFormat.ENTITY) {
        EventFileHead.readEntity(in, meanings, entities);
        roles.registered();
        continue;
      }
      if ((first & EventFormat.SAME_TIME) == 0) {
        advance(in);
      }
      if (operation == EventFormat.SAMPLE) {
        sample(in);
      } else {
        event(in, operation, (first >>> EventFormat.STATE_SHIFT) & EventFormat.STATE_MASK);
      }
      events++;
    }
    if (events != (int) EventFormat.INT.get(block, 8)) {
      throw in.fault("the block holds " + events + " events and claims another number");
    }
    return events;
  }

  private void advance(EventBytes in) {
    long deltaNs = in.number();
    if (deltaNs < 0 || nowNs + deltaNs < 0) {
      throw in.fault("the time is beyond all bounds");
    }
    nowNs += deltaNs;
  }

  private void sample(EventBytes in) {
    int metric = meanings.metric(in.count("metrics"));
    if (metric < 0) {
      throw in.fault("a metric that this version of Stint does not know");
    }
    int entity = in.entity(entities.count());
    long value = in.number();
    if (entity == Entities.NONE || value < 0) {
      throw in.fault("a sample is of nobody, or negative");
    }
    sink.sample(nowNs, METRICS[metric], entity, value);
  }

  private void event(EventBytes in, int operation, int stateNumber) {
    boolean raw = operation == EventFormat.RAW;
    int kindOrdinal = meanings.kind(raw ? in.next() : operation);
    if (kindOrdinal < 0) {
      throw in.fault("an event of a kind that this version of Stint does not know");
    }
    TraceKind kind = KINDS[kindOrdinal];
    int known = entities.count();
    if (raw) {
      tellRaw(in, kind);
      return;
    }
    switch (kind) {
      case SWITCH -> {
        int processor = in.entity(known);
        int next = in.entity(known);
        if (processor < 0 || processor >= current.length) {
          throw in.fault("entity " + processor + " is no processor");
        }
        tell(in, kind, processor, current[processor], next, state(in, stateNumber));
      }
      case READY, MOVE, THROTTLE ->
          tell(in, kind, in.entity(known), in.entity(known), in.entity(known), 0);
      case UNTHROTTLE, ENTER, HOLD, UNKNOWN ->
          tell(in, kind, in.entity(known), in.entity(known), 0, 0);
      case LEAVE -> tell(in, kind, in.entity(known), in.entity(known), state(in, stateNumber), 0);
      case COST -> {
        int task = in.entity(known);
        int cost = cost(in, in.count("costs"));
        int ns = in.count("nanoseconds");
        tell(in, kind, task, cost, ns, in.entity(known));
      }
    }
  }

  /// The states and costs among an event's arguments are numbers of the file, too.
  private void tellRaw(EventBytes in, TraceKind kind) {
    int a = in.signed();
    int b = in.signed();
    int c = in.signed();
    int d = in.signed();
    switch (kind) {
      case SWITCH -> tell(in, kind, a, b, c, state(in, d));
      case LEAVE -> tell(in, kind, a, b, state(in, c), d);
      case COST -> tell(in, kind, a, cost(in, b), c, d);
      case READY, MOVE, THROTTLE, UNTHROTTLE, ENTER, HOLD, UNKNOWN -> tell(in, kind, a, b, c, d);
    }
  }

  private int state(EventBytes in, int number) {
    int state = meanings.state(number);
    if (state < 0) {
      throw in.fault("a state that this version of Stint does not know");
    }
    return state;
  }

  private int cost(EventBytes in, int number) {
    int cost = meanings.cost(number);
    if (cost < 0) {
      throw in.fault("a cost that this version of Stint does not know");
    }
    return cost;
  }

  private void tell(EventBytes in, TraceKind kind, int a, int b, int c, int d) {
    if (!roles.fit(kind, a, b, c, d)) {
      throw in.fault(
          kind + " at " + nowNs + " ns names what cannot take part: " + names(a, b, c, d));
    }
    if (kind == TraceKind.SWITCH && a < current.length) {
      current[a] = c;
    }
    sink.event(nowNs, kind, a, b, c, d);
  }

  private static String names(int a, int b, int c, int d) {
    return a + ", " + b + ", " + c + ", " + d;
  }
}
