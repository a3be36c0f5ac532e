package dev.stint.scenario.trace;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.Arrays;

/// Turns what the lines of a trace mean into the event stream that a simulated run has: of a window
/// of it, with its gaps in their places.
final class TraceEvents implements TraceEffects {
  private static final byte UNKNOWN = 0;
  private static final byte AT_REST = 1;
  private static final byte WAITS = 2;
  private static final byte RUNS = 3;
  private static final int NOT_KNOWN = -2;

  private final TraceSink sink;
  private final TraceGaps gaps;
  private final int cpus;
  private final long fromNs;
  private final long toNs;
  private final int[] current;
  private final byte[] does;
  private final int[] place;
  private int nextGap;
  private boolean open;

  /// @param newborn by task, whether the trace tells of its birth
  /// @param fromNs the window's start in the trace's clock
  /// @param toNs the first instant whose events are not in it
  TraceEvents(TraceSink sink, TraceGaps gaps, int cpus, boolean[] newborn, long fromNs, long toNs) {
    this.sink = sink;
    this.gaps = gaps;
    this.cpus = cpus;
    this.fromNs = fromNs;
    this.toNs = toNs;
    current = new int[cpus];
    Arrays.fill(current, NOT_KNOWN);
    does = new byte[newborn.length];
    place = new int[newborn.length];
    for (int task = 0; task < newborn.length; task++) {
      does[task] = newborn[task] ? AT_REST : UNKNOWN;
    }
  }

  /// The window begins, if no event was in it yet.
  void begin() {
    if (open) {
      return;
    }
    open = true;
    for (int cpu = 0; cpu < cpus; cpu++) {
      if (current[cpu] == NOT_KNOWN) {
        event(fromNs, TraceKind.UNKNOWN, cpu, 0, 0, 0);
      } else if (current[cpu] != IDLE) {
        event(fromNs, TraceKind.SWITCH, cpu, IDLE, entity(current[cpu]), NONE);
      }
    }
    for (int task = 0; task < does.length; task++) {
      if (does[task] == UNKNOWN || does[task] == WAITS) {
        event(fromNs, TraceKind.UNKNOWN, entity(task), 0, 0, 0);
      }
      if (does[task] == WAITS) {
        event(fromNs, TraceKind.MOVE, entity(task), Entities.NONE, place[task], 0);
      }
    }
  }

  private static final int NONE = PreviousState.NONE.ordinal();

  private int entity(int task) {
    return task == IDLE ? Entities.NONE : cpus + task;
  }

  private void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    if (timeNs >= fromNs && timeNs < toNs) {
      sink.event(timeNs - fromNs, kind, a, b, c, d);
    }
  }

  private void at(long timeNs) {
    if (timeNs >= fromNs) {
      begin();
    }
  }

  @Override
  public void found(long timeNs, int cpu, int task) {
    at(timeNs);
    event(timeNs, TraceKind.SWITCH, cpu, Entities.NONE, entity(task), NONE);
    take(cpu, task);
  }

  private void take(int cpu, int task) {
    current[cpu] = task;
    if (task != IDLE) {
      does[task] = RUNS;
      place[task] = cpu;
    }
  }

  @Override
  public void switched(long timeNs, int cpu, int previous, int next, PreviousState state) {
    at(timeNs);
    event(timeNs, TraceKind.SWITCH, cpu, entity(previous), entity(next), state.ordinal());
    if (previous != IDLE) {
      does[previous] = state == PreviousState.READY ? WAITS : AT_REST;
      place[previous] = cpu;
    }
    take(cpu, next);
  }

  @Override
  public void woken(long timeNs, int task, int cpu, int waker) {
    at(timeNs);
    event(timeNs, TraceKind.READY, entity(task), cpu, entity(waker), 0);
    does[task] = WAITS;
    place[task] = cpu;
  }

  @Override
  public void moved(long timeNs, int task, int from, int to) {
    at(timeNs);
    event(timeNs, TraceKind.MOVE, entity(task), from, to, 0);
    place[task] = to;
  }

  /// The gaps that begin with this event.
  @Override
  public void told(long number, long timeNs) {
    while (nextGap < gaps.count() && gaps.sinceEvent(nextGap) <= number) {
      int id = gaps.id(nextGap);
      if (gaps.ofCpu(nextGap)) {
        forgetCpu(timeNs, id);
      } else if (does[id] != UNKNOWN) {
        at(timeNs);
        event(timeNs, TraceKind.UNKNOWN, entity(id), 0, 0, 0);
        does[id] = UNKNOWN;
      }
      nextGap++;
    }
  }

  private void forgetCpu(long timeNs, int cpu) {
    if (current[cpu] == NOT_KNOWN) {
      return;
    }
    at(timeNs);
    event(timeNs, TraceKind.UNKNOWN, cpu, 0, 0, 0);
    if (current[cpu] != IDLE) {
      does[current[cpu]] = UNKNOWN;
    }
    current[cpu] = NOT_KNOWN;
  }

  /// Already told, in its place.
  @Override
  public void unknownCpu(long sinceEvent, int cpu) {}

  @Override
  public void unknownTask(long sinceEvent, int task) {}
}
