package dev.stint.model.linux;

/// Ages the load of what sleeps, so that it is forgotten also on CPUs where nothing happens
/// (`update_blocked_averages`, and the `NOHZ_STATS_KICK` of `nohz_balancer_kick`).
final class BlockedLoad {
  /// How often sleeping CPUs' loads are looked after (`LOAD_AVG_PERIOD` in ms).
  private static final long INTERVAL_NS = 32_000_000;

  private BlockedLoad() {}

  /// Ages everything on a CPU: its queues from the leaves up.
  static void decay(Runqueue runqueue, long nowNs) {
    if (!runqueue.root.load.tracked()) {
      return;
    }
    runqueue.blockedLoadAgedNs = nowNs;
    LinuxKernel kernel = runqueue.kernel;
    // Parents are created before children.
    for (int i = kernel.groupCount() - 1; i >= 0; i--) {
      kernel.group(i).queues[runqueue.cpu].load.decayBlocked(nowNs);
    }
    runqueue.root.load.decayBlocked(nowNs);
  }

  /// A busy CPU's tick looks after itself and after all idle CPUs.
  static void tick(Runqueue busy, long nowNs) {
    if (!busy.root.load.tracked()) {
      return;
    }
    if (nowNs - busy.blockedLoadAgedNs >= INTERVAL_NS) {
      decay(busy, nowNs);
    }
    LinuxKernel kernel = busy.kernel;
    if (kernel.idleCpuCount > 0 && nowNs - kernel.idleLoadAgedNs >= INTERVAL_NS) {
      kernel.idleLoadAgedNs = nowNs;
      decayIdle(kernel, nowNs);
    }
  }

  private static void decayIdle(LinuxKernel kernel, long nowNs) {
    for (int cpu = 0; cpu < kernel.cpuCount(); cpu++) {
      Runqueue runqueue = kernel.runqueue(cpu);
      if (runqueue.current() == null) {
        decay(runqueue, nowNs);
      }
    }
  }
}
