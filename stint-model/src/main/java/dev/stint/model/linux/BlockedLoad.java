package dev.stint.model.linux;

import java.util.List;

/// Ages the load of what sleeps, so that it is forgotten also on CPUs where nothing happens
/// (`update_blocked_averages`; `NOHZ_STATS_KICK` of `nohz_balancer_kick`; `nohz_run_idle_balance`).
final class BlockedLoad {
  /// How often idle CPUs' loads are looked after (`LOAD_AVG_PERIOD`).
  private static final long INTERVAL_NS = 32_000_000;

  private BlockedLoad() {}

  /// Ages everything on a CPU: its queues from the leaves up.
  static void decay(Runqueue runqueue, long nowNs) {
    if (!runqueue.root.load.tracked()) {
      return;
    }
    decay(runqueue.root, nowNs);
  }

  private static void decay(FairQueue queue, long nowNs) {
    List<TaskGroup> children = queue.group.children;
    for (int i = 0; i < children.size(); i++) {
      decay(children.get(i).queues[queue.runqueue.cpu], nowNs);
    }
    queue.load.decayBlocked(nowNs);
  }

  /// A busy CPU's tick looks after the idle CPUs.
  static void tick(Runqueue busy, long nowNs) {
    if (busy.root.load.tracked()) {
      decayIdle(busy.kernel, nowNs, 1);
    }
  }

  /// And so does a CPU that goes idle.
  static void idles(Runqueue runqueue, long nowNs) {
    if (runqueue.root.load.tracked()) {
      decayIdle(runqueue.kernel, nowNs, 0);
    }
  }

  private static void decayIdle(LinuxKernel kernel, long nowNs, long lateJiffies) {
    long jiffy = kernel.jiffy(nowNs);
    if (jiffy < kernel.idleLoadAgedJiffy + INTERVAL_NS / kernel.tickNs + lateJiffies) {
      return;
    }
    for (int cpu = 0; cpu < kernel.cpuCount(); cpu++) {
      Runqueue runqueue = kernel.runqueue(cpu);
      if (runqueue.current() == null) {
        kernel.idleLoadAgedJiffy = jiffy;
        decay(runqueue, nowNs);
      }
    }
  }
}
