package dev.stint.model.linux;

import dev.stint.model.linux.RecordedEvent.Left;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.linux.RecordedEvent.Wakeup;
import dev.stint.model.linux.RecordedEvent.Who;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the model does, in the lines of a recording.
final class ModelRecording implements TraceSink {
  private static final Who IDLE = new Who(RecordedEvent.IDLE, "swapper", 120);

  private static final Who HIGHER = new Who(-1, "higher", 0);

  private final Map<Integer, Who> tasks = new LinkedHashMap<>();
  private final Map<Integer, Integer> cpus = new LinkedHashMap<>();
  private final List<RecordedEvent> events = new ArrayList<>();

  /// Whether it records: the model does not decide before.
  boolean on;

  /// Whether a CPU passes to a task of a higher class.
  boolean taken;

  void cpu(int entity, int cpu) {
    cpus.put(entity, cpu);
  }

  void task(int entity, Who who) {
    tasks.put(entity, who);
  }

  /// A task wakes by a timer that is not its own.
  void woken(long timeNs, int entity, int cpu) {
    events.add(new Wakeup(timeNs, cpu, who(entity), cpu, false, false));
  }

  List<RecordedEvent> events() {
    return List.copyOf(events);
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    if (!on) {
      return;
    }
    if (kind == TraceKind.SWITCH) {
      events.add(
          new Switch(
              timeNs,
              cpuOf(a),
              who(b),
              left(PreviousState.values()[d]),
              c == Entities.NONE && taken ? HIGHER : who(c)));
    } else if (kind == TraceKind.READY) {
      events.add(new Wakeup(timeNs, cpuOf(b), who(a), cpuOf(b), false, false));
    }
  }

  private int cpuOf(int entity) {
    return cpus.getOrDefault(entity, 0);
  }

  private Who who(int entity) {
    return entity == Entities.NONE ? IDLE : tasks.getOrDefault(entity, IDLE);
  }

  private static Left left(PreviousState state) {
    return switch (state) {
      case BLOCKED -> Left.BLOCKED;
      case EXITED -> Left.GONE;
      case NONE, READY, INTERCEPTED -> Left.RUNNABLE;
    };
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {}
}
