package dev.stint.report.html;

import dev.stint.model.stack.WatchedRun;
import dev.stint.model.stats.SpanSink;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.Map;
import java.util.TreeMap;

/// Records one run for the page: the slices of its timeline, and its latencies as histograms.
///
/// Slices are bounded: beyond the limit the timeline ends, everything else goes on.
public final class RunRecorder implements TraceSink, SpanSink {
  /*
   * Two columns of slices:
   * - what a VP, thread or task did: the ledger's own spans. Code 0 is blocked, 1 is run, 2
   *   is unknown, and a wait is 16 * (occupant + 1) + 3 + reason.
   * - what an LP or VP ran: its switches. The code is the id of the current entity + 1; 0 is idle.
   * For an LP the second says everything. For a VP it says which task, also while it is not backed.
   */
  private static final int WAIT_BASE = 3;
  private static final int WAIT_STEP = 16;

  private final Entities entities;
  private final Map<Integer, Integer> threadOfVp;
  private final long slicesMax;
  private final SliceColumn[] status;
  private final SliceColumn[] current;
  private final long[] currentCode;
  private final LogBins[] wakes;
  private final Map<Integer, Map<Metric, LogBins>> metrics = new TreeMap<>();
  private long sliceCount;
  private long endNs = Long.MAX_VALUE;

  /// @param slicesMax about how many slices to keep
  public RunRecorder(WatchedRun run, long slicesMax) {
    entities = run.entities();
    threadOfVp = run.threadOfVp();
    this.slicesMax = slicesMax;
    int count = entities.count();
    status = new SliceColumn[count];
    current = new SliceColumn[count];
    currentCode = new long[count];
    wakes = new LogBins[count];
    for (int id = 0; id < count; id++) {
      status[id] = new SliceColumn();
      current[id] = new SliceColumn();
      wakes[id] = new LogBins();
    }
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    if (kind == TraceKind.SWITCH) {
      put(current[a], currentCode[a], timeNs);
      currentCode[a] = c + 1L;
    }
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {
    metrics
        .computeIfAbsent(entity, _ -> new TreeMap<>())
        .computeIfAbsent(metric, _ -> new LogBins())
        .record(value);
  }

  @Override
  public void span(int entity, long code, long fromNs, long toNs) {
    if (entities.get(entity).kind() != EntityKind.LP) {
      put(status[entity], code(code), toNs);
    }
  }

  @Override
  public void wake(int entity, long latencyNs) {
    wakes[entity].record(latencyNs);
  }

  private static long code(long status) {
    if (SpanSink.isRun(status)) {
      return 1;
    }
    if (SpanSink.isBlocked(status)) {
      return 0;
    }
    if (SpanSink.isUnknown(status)) {
      return 2;
    }
    long occupant = (long) SpanSink.occupant(status) - Entities.NONE;
    return WAIT_STEP * occupant + WAIT_BASE + SpanSink.reason(status).ordinal();
  }

  private void put(SliceColumn column, long code, long toNs) {
    long untilNs = Math.min(toNs, endNs);
    if (untilNs > column.toNs() && column.put(code, untilNs)) {
      sliceCount++;
      if (sliceCount >= slicesMax && endNs == Long.MAX_VALUE) {
        endNs = toNs;
      }
    }
  }

  /// Completes what processors ran up to the end of the run.
  void finish(long durationNs) {
    for (int id = 0; id < current.length; id++) {
      EntityKind kind = entities.get(id).kind();
      if (kind == EntityKind.LP || kind == EntityKind.VP) {
        put(current[id], currentCode[id], durationNs);
      }
    }
  }

  Entities entities() {
    return entities;
  }

  /// The vCPU thread that stands for a VP.
  Map<Integer, Integer> threadOfVp() {
    return threadOfVp;
  }

  /// What the entity did; empty for an LP, a group and a partition.
  SliceColumn status(int id) {
    return status[id];
  }

  /// What the processor ran; empty for all others.
  SliceColumn current(int id) {
    return current[id];
  }

  /// How many entities have columns; rules that came later have none.
  int columnCount() {
    return status.length;
  }

  /// How many slices were kept.
  long sliceCount() {
    return sliceCount;
  }

  /// The time up to which the timeline goes.
  long coveredNs(long durationNs) {
    return Math.min(endNs, durationNs);
  }

  /// From ready to running.
  LogBins wakes(int id) {
    return wakes[id];
  }

  /// What the workload measured itself.
  Map<Metric, LogBins> metrics(int id) {
    return metrics.getOrDefault(id, Map.of());
  }
}
