package dev.stint.testkit.ledger;

import dev.stint.model.stats.Ledger;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Samples a run at every instant: who was ready, what they received, and how long the CPUs waited
/// for LPs, summed per set of those that were ready. It asks a ledger of its own after every event
/// and knows nothing of what events mean.
public final class NaiveReadiness implements TraceSink {
  /// What a set amounted to.
  ///
  /// @param ready which of the leaves were ready
  /// @param durationNs how long
  /// @param receivedNs run time of all leaves
  /// @param waitedNs time that all CPUs together waited for an LP
  public record Sum(List<Boolean> ready, long durationNs, long receivedNs, long waitedNs) {
    private Sum plus(Sum other) {
      return new Sum(
          ready,
          durationNs + other.durationNs,
          receivedNs + other.receivedNs,
          waitedNs + other.waitedNs);
    }
  }

  private final Ledger ledger;
  private final int[] leaves;
  private final int[] cpus;
  private final long[] blockedNs;
  private final Map<String, Sum> sums = new TreeMap<>();
  private long nowNs;
  private long runNs;
  private long waitNs;

  /// Samples these leaves and CPUs.
  public NaiveReadiness(
      Entities entities, Map<Integer, Integer> threadOfVp, int[] leaves, int[] cpus) {
    ledger = new Ledger(entities);
    threadOfVp.forEach(ledger::carrier);
    this.leaves = leaves.clone();
    this.cpus = cpus.clone();
    blockedNs = new long[leaves.length];
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    if (timeNs > nowNs) {
      sample(timeNs);
    }
    ledger.event(timeNs, kind, a, b, c, d);
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {}

  private void sample(long timeNs) {
    ledger.finish(timeNs);
    Boolean[] ready = new Boolean[leaves.length];
    long run = 0;
    for (int leaf = 0; leaf < leaves.length; leaf++) {
      ready[leaf] = ledger.blockedNs(leaves[leaf]) == blockedNs[leaf];
      blockedNs[leaf] = ledger.blockedNs(leaves[leaf]);
      run += ledger.heldNs(leaves[leaf]);
    }
    long wait = 0;
    for (int cpu : cpus) {
      wait += ledger.waitNs(cpu, WaitReason.HYPERVISOR_WAIT);
    }
    Sum sum = new Sum(List.of(ready), timeNs - nowNs, run - runNs, wait - waitNs);
    sums.merge(sum.ready.toString(), sum, Sum::plus);
    nowNs = timeNs;
    runNs = run;
    waitNs = wait;
  }

  /// The sums, as of the end of the run.
  public List<Sum> finish(long endNs) {
    if (endNs > nowNs) {
      sample(endNs);
    }
    return List.copyOf(sums.values());
  }
}
