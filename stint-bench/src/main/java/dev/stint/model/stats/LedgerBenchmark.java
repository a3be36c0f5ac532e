package dev.stint.model.stats;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceDigest;
import dev.stint.model.trace.TraceKind;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What does a switch cost in what is kept of it: two VPs with two tasks each take turns on an LP?
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class LedgerBenchmark {
  private static final int READY = PreviousState.READY.ordinal();
  private static final int VPS = 2;

  private final Entities entities = new Entities();
  private final int lp = entities.add(EntityKind.LP, "lp0", Entities.NONE);
  private final int[] vps = new int[VPS];
  private final int[] tasks = new int[2 * VPS];
  private final TraceDigest digest = new TraceDigest();
  private final LatencyHistogram histogram = new LatencyHistogram();
  private Ledger ledger = new Ledger(entities);
  private long nowNs;
  private int current;
  private int turn;

  /// Makes everybody ready and the first VP and tasks run.
  @Setup
  public void begin() {
    for (int i = 0; i < VPS; i++) {
      vps[i] = entities.add(EntityKind.VP, "vm/vp" + i, Entities.NONE);
    }
    for (int i = 0; i < tasks.length; i++) {
      tasks[i] = entities.add(EntityKind.TASK, "vm/task:" + i, Entities.NONE);
    }
    ledger = new Ledger(entities);
    for (int i = 0; i < tasks.length; i++) {
      ledger.event(0, TraceKind.READY, tasks[i], vps[i / 2], Entities.NONE, 0);
    }
    for (int i = 0; i < VPS; i++) {
      ledger.event(0, TraceKind.READY, vps[i], lp, Entities.NONE, 0);
      ledger.event(0, TraceKind.SWITCH, vps[i], Entities.NONE, tasks[2 * i], READY);
    }
    ledger.event(0, TraceKind.SWITCH, lp, Entities.NONE, vps[0], READY);
  }

  /// The ledger's part of a switch of VPs.
  @Benchmark
  public void switchVps() {
    nowNs += 1_000;
    int next = current ^ 1;
    ledger.event(nowNs, TraceKind.SWITCH, lp, vps[current], vps[next], READY);
    current = next;
  }

  /// The ledger's part of a switch of tasks on a backed VP.
  @Benchmark
  public void switchTasks() {
    nowNs += 1_000;
    int previous = 2 * current + turn;
    turn ^= 1;
    int next = 2 * current + turn;
    ledger.event(nowNs, TraceKind.SWITCH, vps[current], tasks[previous], tasks[next], READY);
  }

  /// The digest's part of any event.
  @Benchmark
  public TraceDigest digest() {
    nowNs += 1_000;
    digest.event(nowNs, TraceKind.SWITCH, lp, vps[0], vps[1], READY);
    return digest;
  }

  /// A wake-up latency into its histogram.
  @Benchmark
  public LatencyHistogram record() {
    nowNs = nowNs * 6364136223846793005L + 1442695040888963407L;
    histogram.record(nowNs >>> 40);
    return histogram;
  }
}
