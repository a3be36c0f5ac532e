package dev.stint.checks.study;

import dev.stint.model.stack.RunWatcher;
import dev.stint.model.stack.Watch;
import dev.stint.model.stack.WatchedRun;
import dev.stint.model.stats.LatencyHistogram;
import dev.stint.model.stats.SpanSink;
import dev.stint.model.trace.Entities.Entity;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.TraceSink;
import java.util.Map;
import java.util.TreeMap;

/// How long the tasks below a path were kept waiting each time that they were ready and did not
/// run, whoever was to blame: also those that never sleep have such a latency.
final class FamilyWaits implements RunWatcher, SpanSink {
  private static final long NOT_WAITING = -1;

  /* One task's: when the wait that is going on began, and when its last piece ended. */
  private static final class Task {
    private final LatencyHistogram waits = new LatencyHistogram();
    private long sinceNs = NOT_WAITING;
    private long untilNs;

    private void close() {
      if (sinceNs != NOT_WAITING) {
        waits.record(untilNs - sinceNs);
        sinceNs = NOT_WAITING;
      }
    }
  }

  private final String prefix;
  private final Map<Integer, Task> tasks = new TreeMap<>();

  FamilyWaits(String partition) {
    prefix = partition + "/";
  }

  @Override
  public Watch watch(WatchedRun run) {
    for (int id = 0; id < run.entities().count(); id++) {
      Entity entity = run.entities().get(id);
      if (entity.kind() == EntityKind.TASK && entity.path().startsWith(prefix)) {
        tasks.put(entity.id(), new Task());
      }
    }
    return new Watch(TraceSink.NONE, this);
  }

  @Override
  public void span(int entity, long status, long fromNs, long toNs) {
    Task task = tasks.get(entity);
    if (task == null) {
      return;
    }
    if (!SpanSink.isWait(status)) {
      task.close();
      return;
    }
    if (task.sinceNs == NOT_WAITING) {
      task.sinceNs = fromNs;
    }
    task.untilNs = toNs;
  }

  /// The percentile of the task that has the worst, in nanoseconds; -1 where no task waited so
  /// often.
  long worstNs(int permille, long least) {
    return tasks.values().stream()
        .filter(task -> task.waits.count() >= least)
        .mapToLong(task -> task.waits.percentileNs(permille))
        .max()
        .orElse(-1);
  }
}
