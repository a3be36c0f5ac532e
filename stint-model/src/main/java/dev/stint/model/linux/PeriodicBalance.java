package dev.stint.model.linux;

/// Balances a CPU's domains as they fall due, each at its own pace (`sched_balance_domains`; facts:
/// linux.md §5.3).
final class PeriodicBalance {
  /// How long domains whose tasks are all pinned may go without a balance.
  static final int PINNED_INTERVAL_MAX_MS = 512;

  /// A CPU with work balances this much more rarely.
  private static final int BUSY_FACTOR = 16;

  private final LinuxKernel kernel;
  private final int hz;

  PeriodicBalance(LinuxKernel kernel) {
    this.kernel = kernel;
    hz = kernel.config.hz();
  }

  /// Balances what is due.
  void run(Runqueue runqueue, IdleKind kind, long nowNs) {
    long jiffy = kernel.jiffy(nowNs);
    IdleKind idle = kind;
    boolean busy = idle == IdleKind.BUSY && !runqueue.onlyIdlePolicy();
    boolean decayed = false;
    boolean goesOn = true;
    long costNs = 0;
    long nextBalance = jiffy + 60L * hz;
    for (SchedDomain domain = kernel.smp.domains.lowest(runqueue.cpu);
        domain != null;
        domain = domain.parent) {
      decayed |= kernel.smp.newidle.updateCost(domain, 0, jiffy);
      costNs += domain.newidleCostMaxNs;
      if (!goesOn) {
        if (decayed) {
          continue;
        }
        break;
      }
      if (jiffy >= dueJiffy(domain, busy)) {
        if (kernel.smp.balancer.balance(domain, idle, nowNs) > 0) {
          idle = CpuLoads.idle(runqueue) ? IdleKind.IDLE : IdleKind.BUSY;
          busy = idle == IdleKind.BUSY && !runqueue.onlyIdlePolicy();
        }
        goesOn = !kernel.smp.balancer.stopped;
        domain.lastBalanceJiffy = jiffy;
      }
      nextBalance = Math.min(nextBalance, dueJiffy(domain, busy));
    }
    if (decayed) {
      runqueue.balance.idleBalanceCostMaxNs = Math.max(CpuBalance.MIGRATION_COST_NS, costNs);
    }
    runqueue.balance.nextBalanceJiffy = nextBalance;
  }

  /// When a domain is due again.
  long dueJiffy(SchedDomain domain, boolean busy) {
    return domain.lastBalanceJiffy
        + intervalJiffies(domain.intervalMs, busy, hz, kernel.cpuCount());
  }

  /// `get_sd_balance_interval`: a busy CPU's interval is a jiffy less than 16 times an idle one's,
  /// so that levels do not always fall due together.
  static long intervalJiffies(int intervalMs, boolean busy, int hz, int cpuCount) {
    long ms = busy ? (long) intervalMs * BUSY_FACTOR : intervalMs;
    long jiffies = (ms * hz + 999) / 1000;
    if (busy) {
      jiffies--;
    }
    return Math.clamp(jiffies, 1, Math.max(1, (long) hz * cpuCount / 10));
  }
}
