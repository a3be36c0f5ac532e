package dev.stint.host.kernel;

import dev.stint.host.figures.RunLengths;
import dev.stint.host.figures.RunRecorder;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Folds the switches of one Linux, real or simulated, into the runs of a scenario's tasks.
final class SwitchFold implements TraceSink {
  private final Entities entities;
  private final EntityKind processor;
  private final Function<String, Optional<String>> names;
  private final RunRecorder runs;
  private final Map<Integer, Optional<String>> known = new LinkedHashMap<>();
  private final Map<String, long[]> switches = new LinkedHashMap<>();
  private final long durationNs;

  /// @param processor the kind of what tasks run on
  /// @param names the scenario's task of an entity's path, if it is one
  SwitchFold(
      Entities entities,
      EntityKind processor,
      Function<String, Optional<String>> names,
      long durationNs) {
    this.entities = entities;
    this.processor = processor;
    this.names = names;
    this.durationNs = durationNs;
    runs = new RunRecorder(0, durationNs);
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    if (kind != TraceKind.SWITCH || entities.get(a).kind() != processor) {
      return;
    }
    if (b != Entities.NONE && timeNs < durationNs) {
      boolean slept = PreviousState.values()[d] == PreviousState.BLOCKED;
      name(b).ifPresent(name -> counts(name)[slept ? 1 : 0]++);
    }
    if (c == Entities.NONE) {
      runs.toIdle(a, timeNs);
      return;
    }
    Optional<String> next = name(c);
    if (next.isPresent()) {
      runs.toTask(a, timeNs, next.get());
    } else {
      runs.toOther(a, timeNs);
    }
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {}

  private Optional<String> name(int entity) {
    return known.computeIfAbsent(entity, id -> names.apply(entities.path(id)));
  }

  private long[] counts(String task) {
    return switches.computeIfAbsent(task, _ -> new long[2]);
  }

  /// No more events come.
  void finish() {
    for (int id = 0; id < entities.count(); id++) {
      if (entities.get(id).kind() == processor) {
        runs.toIdle(id, durationNs);
      }
    }
  }

  double sharePercent(String task) {
    return 100.0 * runs.runNs(task) / durationNs;
  }

  RunLengths lengths(String task) {
    return runs.lengths(task);
  }

  double preemptedPerSecond(String task) {
    return counts(task)[0] * 1e9 / durationNs;
  }

  double sleptPerSecond(String task) {
    return counts(task)[1] * 1e9 / durationNs;
  }
}
