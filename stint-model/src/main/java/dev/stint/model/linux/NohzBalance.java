package dev.stint.model.linux;

import java.util.BitSet;

/// Balancing for CPUs whose tick is stopped: a busy CPU's tick kicks one of them, which balances
/// for all (`nohz_balancer_kick`, `nohz_idle_balance`; facts: linux.md §5.3).
final class NohzBalance {
  private final LinuxKernel kernel;
  private final BitSet tickless;
  private int ticklessCount;
  private long nextBalanceJiffy;

  NohzBalance(LinuxKernel kernel) {
    this.kernel = kernel;
    tickless = new BitSet(kernel.cpuCount());
    ticklessCount = kernel.cpuCount();
    tickless.set(0, ticklessCount);
  }

  /// A CPU idles: its tick stops.
  void stopTick(Runqueue runqueue) {
    nextBalanceJiffy = Math.min(nextBalanceJiffy, runqueue.balance.nextBalanceJiffy);
    if (!runqueue.balance.tickless) {
      runqueue.balance.tickless = true;
      tickless.set(runqueue.cpu);
      ticklessCount++;
      countBusy(runqueue, -1);
    }
  }

  /// A busy CPU's tick: should an idle one look for work?
  void tick(Runqueue busy, long nowNs) {
    if (busy.balance.tickless) {
      busy.balance.tickless = false;
      tickless.clear(busy.cpu);
      ticklessCount--;
      countBusy(busy, 1);
    }
    if (ticklessCount == 0 || kernel.jiffy(nowNs) < nextBalanceJiffy || !worthwhile(busy)) {
      return;
    }
    nextBalanceJiffy = kernel.jiffy(nowNs) + 1;
    for (int cpu = tickless.nextSetBit(0); cpu >= 0; cpu = tickless.nextSetBit(cpu + 1)) {
      Runqueue idle = kernel.runqueue(cpu);
      if (CpuLoads.idle(idle)) {
        if (!idle.balance.kicked) {
          idle.balance.kicked = true;
          idle.processor.interrupt(nowNs);
        }
        return;
      }
    }
  }

  private boolean worthwhile(Runqueue busy) {
    if (busy.queuedTaskCount >= 2) {
      return true;
    }
    SchedDomain domain = kernel.smp.domains.lowest(busy.cpu);
    if (domain != null
        && busy.root.runnableTaskCount >= 1
        && CpuLoads.reducedCapacity(busy, domain)) {
      return true;
    }
    SharedCache cache = kernel.smp.domains.cache(busy.cpu);
    return cache != null && cache.busyCount > 1;
  }

  private void countBusy(Runqueue runqueue, int change) {
    SharedCache cache = kernel.smp.domains.cache(runqueue.cpu);
    if (cache != null) {
      cache.busyCount += change;
    }
  }

  /// After domains were rebuilt.
  void recountBusy() {
    for (int cpu = 0; cpu < kernel.cpuCount(); cpu++) {
      Runqueue runqueue = kernel.runqueue(cpu);
      if (!runqueue.balance.tickless) {
        countBusy(runqueue, 1);
      }
    }
  }

  /// The kicked CPU balances for every idle CPU that is due, itself last, until it has work.
  void run(Runqueue kicked, long nowNs) {
    kicked.balance.kicked = false;
    if (!CpuLoads.idle(kicked)) {
      return;
    }
    long jiffy = kernel.jiffy(nowNs);
    long next = jiffy + 60L * kernel.config.hz();
    int count = kernel.cpuCount();
    for (int i = 1; i <= count; i++) {
      int cpu = (kicked.cpu + i) % count;
      Runqueue runqueue = kernel.runqueue(cpu);
      if (!tickless.get(cpu) || !CpuLoads.idle(runqueue)) {
        continue;
      }
      if (!CpuLoads.idle(kicked)) {
        nextBalanceJiffy = jiffy;
        return;
      }
      if (jiffy >= runqueue.balance.nextBalanceJiffy) {
        BlockedLoad.decay(runqueue, nowNs);
        kernel.smp.periodic.run(runqueue, IdleKind.IDLE, nowNs);
      }
      next = Math.min(next, runqueue.balance.nextBalanceJiffy);
    }
    nextBalanceJiffy = next;
  }
}
