package dev.stint.host.kernel;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.LiveState;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Writes down the switches of one Linux, real or simulated, so that two can be laid side by side.
final class SwitchLog implements TraceSink {
  /// Who has the CPU where nobody has.
  static final String IDLE = "idle";

  /// The CPU passed from one task to another.
  ///
  /// @param from who left it, and `slept` whether he went to sleep
  /// @param queues the CPU's queues just after it, as a text; empty where they are not known
  record Switch(long timeNs, int cpu, String from, boolean slept, String to, String queues) {}

  private final Entities entities;
  private final EntityKind processor;
  private final Function<String, String> names;
  private final LiveState live;
  private final List<Switch> switches = new ArrayList<>();
  private final Map<Integer, Integer> cpus = new LinkedHashMap<>();
  private final long stateFromNs;
  private final long stateToNs;

  /// @param processor the kind of what tasks run on
  /// @param names how a task's path is to be shown
  /// @param stateFromNs from when to `stateToNs` the queues are noted too
  SwitchLog(
      Entities entities,
      EntityKind processor,
      Function<String, String> names,
      LiveState live,
      long stateFromNs,
      long stateToNs) {
    this.entities = entities;
    this.processor = processor;
    this.names = names;
    this.live = live;
    this.stateFromNs = stateFromNs;
    this.stateToNs = stateToNs;
    for (int id = 0; id < entities.count(); id++) {
      if (entities.get(id).kind() == processor) {
        cpus.put(id, cpus.size());
      }
    }
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    if (kind != TraceKind.SWITCH || entities.get(a).kind() != processor) {
      return;
    }
    boolean state = stateFromNs <= timeNs && timeNs <= stateToNs;
    switches.add(
        new Switch(
            timeNs,
            cpus.computeIfAbsent(a, _ -> cpus.size()),
            name(b),
            PreviousState.values()[d] == PreviousState.BLOCKED,
            name(c),
            state ? live.queues(a) : ""));
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {}

  private String name(int entity) {
    return entity == Entities.NONE ? IDLE : names.apply(entities.path(entity));
  }

  List<Switch> switches() {
    return switches;
  }
}
