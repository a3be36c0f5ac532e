package dev.stint.testkit.linux;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a guest must be able to observe, worked out again from the trace of a bare Linux: waits of
/// tasks, idle time of CPUs, and the history of every group's runnable and running tasks.
final class NaiveGuest implements TraceSink {
  private final Entities entities;
  final Map<Integer, Long> runDelayNs = new TreeMap<>();
  final Map<Integer, Long> arrivals = new TreeMap<>();
  private final Map<Integer, Long> idleNs = new TreeMap<>();
  final Map<Integer, List<Change>> changes = new TreeMap<>();
  private final Map<Integer, Long> waitsSince = new TreeMap<>();
  private final Map<Integer, Long> idleSince = new TreeMap<>();
  private final Map<Integer, Integer> running = new TreeMap<>();
  long eventCount;

  /// From `timeNs` a group has so many more tasks runnable, and running, on a CPU.
  record Change(long timeNs, int cpu, int runnable, int running) {}

  NaiveGuest(Entities entities) {
    this.entities = entities;
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    eventCount++;
    switch (kind) {
      case READY -> {
        waitsSince.put(a, timeNs);
        change(timeNs, a, b, 1, 0);
      }
      case MOVE -> {
        change(timeNs, a, b, -1, 0);
        change(timeNs, a, c, 1, 0);
      }
      case SWITCH -> {
        leave(timeNs, a, b, d);
        enter(timeNs, a, c);
      }
      case THROTTLE, UNTHROTTLE, ENTER, LEAVE, HOLD, COST -> {}
    }
  }

  private void leave(long timeNs, int cpu, int task, int state) {
    if (task == Entities.NONE) {
      idleNs.merge(cpu, timeNs - idleSince.getOrDefault(cpu, 0L), Long::sum);
      return;
    }
    if (state == PreviousState.READY.ordinal()) {
      waitsSince.put(task, timeNs);
      change(timeNs, task, cpu, 0, -1);
    } else {
      change(timeNs, task, cpu, -1, -1);
    }
  }

  private void enter(long timeNs, int cpu, int task) {
    running.put(cpu, task);
    if (task == Entities.NONE) {
      idleSince.put(cpu, timeNs);
      return;
    }
    Long since = waitsSince.remove(task);
    if (since == null) {
      throw new AssertionError("a task runs that did not wait: " + entities.path(task));
    }
    runDelayNs.merge(task, timeNs - since, Long::sum);
    arrivals.merge(task, 1L, Long::sum);
    change(timeNs, task, cpu, 0, 1);
  }

  private void change(long timeNs, int task, int lp, int runnable, int running) {
    int cpu = Integer.parseInt(entities.path(lp).substring("cpu".length()));
    int group = entities.get(task).group();
    while (group != Entities.NONE && entities.get(group).kind() == EntityKind.GROUP) {
      add(group, new Change(timeNs, cpu, runnable, running));
      group = entities.get(group).parent();
    }
    add(Entities.NONE, new Change(timeNs, cpu, runnable, running));
  }

  private void add(int group, Change change) {
    changes.computeIfAbsent(group, _ -> new ArrayList<>()).add(change);
  }

  /// Idle time of a CPU up to `untilNs`.
  long idleNs(int cpu, long untilNs) {
    long sum = idleNs.getOrDefault(cpu, 0L);
    boolean idle = running.getOrDefault(cpu, Entities.NONE) == Entities.NONE;
    return idle ? sum + untilNs - idleSince.getOrDefault(cpu, 0L) : sum;
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {}
}
