package dev.stint.model.linux;

/// Ages the load of what sleeps, so that it is forgotten also on CPUs where nothing happens
/// (`update_blocked_averages`; `NOHZ_STATS_KICK` of `nohz_balancer_kick`; `nohz_run_idle_balance`).
final class BlockedLoad {
  /// How often idle CPUs' loads are looked after (`LOAD_AVG_PERIOD`).
  private static final long INTERVAL_NS = 32_000_000;

  private final LinuxKernel kernel;
  private final long intervalJiffies;
  private long agedJiffy;
  private int idleCount;

  /// Of a kernel whose CPUs all idle.
  BlockedLoad(LinuxKernel kernel) {
    this.kernel = kernel;
    intervalJiffies = INTERVAL_NS / kernel.tickNs;
    idleCount = kernel.cpuCount();
  }

  /// Ages everything on a CPU: its queues from the leaves up.
  static void decay(Runqueue runqueue, long nowNs) {
    if (!runqueue.root.load.tracked()) {
      return;
    }
    decay(runqueue.root, nowNs);
  }

  private static void decay(FairQueue queue, long nowNs) {
    for (int i = 0; i < queue.belowCount(); i++) {
      decay(queue.below(i), nowNs);
    }
    queue.load.decayBlocked(nowNs);
  }

  /// A CPU begins to idle, or stops.
  void changeIdle(int change) {
    idleCount += change;
  }

  /// A busy CPU's tick looks after the idle CPUs.
  void tick(Runqueue busy, long nowNs) {
    if (idleCount > 0 && busy.root.load.tracked()) {
      decayIdle(nowNs, 1);
    }
  }

  /// And so does a CPU that goes idle.
  void idles(Runqueue runqueue, long nowNs) {
    if (runqueue.root.load.tracked()) {
      decayIdle(nowNs, 0);
    }
  }

  private void decayIdle(long nowNs, long lateJiffies) {
    long jiffy = kernel.jiffy(nowNs);
    if (jiffy < agedJiffy + intervalJiffies + lateJiffies) {
      return;
    }
    for (int cpu = 0; cpu < kernel.cpuCount(); cpu++) {
      Runqueue runqueue = kernel.runqueue(cpu);
      if (runqueue.current() == null) {
        agedJiffy = jiffy;
        decay(runqueue, nowNs);
      }
    }
  }
}
