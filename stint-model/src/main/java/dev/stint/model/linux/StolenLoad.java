package dev.stint.model.linux;

/// How much of a CPU's recent past was stolen, as a load average, and so what is left for tasks
/// (`rq.avg_irq` with NONTASK_CAPACITY, `scale_rt_capacity`; facts: linux.md §4). Only a kernel
/// with a steal clock knows; to others a CPU always looks whole.
final class StolenLoad {
  static final long CAPACITY = 1024;

  private final Runqueue runqueue;
  private final boolean known;
  private final LoadAverage average = new LoadAverage();
  private final PeltStep step = new PeltStep();
  private long seenDeniedNs;

  StolenLoad(Runqueue runqueue) {
    this.runqueue = runqueue;
    known = runqueue.kernel.config.stealClock() && runqueue.kernel.cpuCount() > 1;
    average.lastUpdateNs = 0;
  }

  /// The CPU reads its clocks again: the time stolen since the last reading is taken to be the
  /// latest part of it (`update_irq_load_avg`).
  void update(long nowNs) {
    if (!known) {
      return;
    }
    long deniedNs = runqueue.processor.deniedNs(nowNs);
    account(average, step, nowNs, deniedNs - seenDeniedNs);
    seenDeniedNs = deniedNs;
  }

  static void account(LoadAverage average, PeltStep step, long nowNs, long stolenNs) {
    boolean changed = average.update(step, nowNs - stolenNs, 0, 0, false, 1);
    changed |= average.update(step, nowNs, 1, 1, true, 1);
    if (changed) {
      average.average(1);
    }
  }

  /// What is left of the CPU for tasks, 1..1024.
  long capacity(long nowNs) {
    if (!known) {
      return CAPACITY;
    }
    update(nowNs);
    return ofLeftOver(average.utilAvg);
  }

  static long ofLeftOver(long stolen) {
    return stolen >= CAPACITY ? 1 : Math.max(1, CAPACITY * (CAPACITY - stolen) / CAPACITY);
  }
}
