package dev.stint.model.linux;

import dev.stint.model.sched.Processor;

/// How much of a CPU's recent past was stolen, as a load average, and so what is left for tasks
/// (`rq.avg_irq` with NONTASK_CAPACITY, `scale_rt_capacity`; facts: linux.md §4). Only a kernel
/// with a steal clock knows; to others a CPU always looks whole.
final class StolenLoad {
  static final long CAPACITY = 1024;

  private final Processor processor;
  private final boolean known;
  private final LoadAverage average = new LoadAverage();
  private final PeltStep step = new PeltStep();
  private long seenDeniedNs;

  /* Nothing was stolen, or nothing is left of it: the average is 0 and stays so. */
  private boolean quiet = true;

  private long quietUntilNs;

  /// @param known whether the kernel has a steal clock, and CPUs to compare
  StolenLoad(Processor processor, boolean known) {
    this.processor = processor;
    this.known = known;
    average.lastUpdateNs = 0;
  }

  /// The CPU reads its clocks again: the time stolen since the last reading is taken to be the
  /// latest part of it (`update_irq_load_avg`).
  void update(long nowNs) {
    if (!known) {
      return;
    }
    long deniedNs = processor.deniedNs(nowNs);
    if (quiet && deniedNs == seenDeniedNs) {
      quietUntilNs = nowNs;
      return;
    }
    if (quiet) {
      average.update(step, quietUntilNs, 0, 0, false, 1);
    }
    account(average, step, nowNs, deniedNs - seenDeniedNs);
    seenDeniedNs = deniedNs;
    quiet = average.decayed() && average.idle();
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
    return quiet ? CAPACITY : ofLeftOver(average.utilAvg);
  }

  static long ofLeftOver(long stolen) {
    return stolen >= CAPACITY ? 1 : Math.max(1, CAPACITY * (CAPACITY - stolen) / CAPACITY);
  }
}
