package dev.stint.model.linux;

import dev.stint.model.machine.CpuSet;
import java.util.List;

/// All that makes several CPUs one system: domains, placement of waking and new tasks, and the
/// balancing of load (facts: linux.md §5, 6.18.44).
///
/// The occasions are a CPU's tick, the softirq after it, a CPU about to idle, a wake-up and a fork.
final class Smp {
  final SchedDomains domains;
  final WakePlacement wakes;
  final ForkPlacement forks;
  final DetachTasks tasks;
  final LoadBalancer balancer;
  final PeriodicBalance periodic;
  final NewidleBalance newidle;
  final NohzBalance nohz;
  final ActiveBalance active;
  final int jiffiesPerSecond;

  private final LinuxKernel kernel;

  Smp(LinuxKernel kernel, CpuTopology topology) {
    this.kernel = kernel;
    domains = new SchedDomains(kernel, topology);
    wakes = new WakePlacement(kernel);
    tasks = new DetachTasks(kernel);
    balancer = new LoadBalancer(kernel, tasks);
    forks = new ForkPlacement(kernel, balancer.busiestGroup);
    periodic = new PeriodicBalance(kernel);
    newidle = new NewidleBalance(kernel);
    nohz = new NohzBalance(kernel);
    active = new ActiveBalance(kernel);
    jiffiesPerSecond = kernel.config.hz();
  }

  /// All CPUs exist: one partition of them all.
  void start() {
    domains.rebuild(List.of(CpuSet.range(0, kernel.cpuCount())));
  }

  /// The CPUs are divided anew: each partition is balanced by itself, CPUs of none not at all.
  void partition(List<CpuSet> partitions) {
    domains.rebuild(partitions);
    nohz.recountBusy();
    for (int cpu = 0; cpu < kernel.cpuCount(); cpu++) {
      noteTasks(kernel.runqueue(cpu));
    }
  }

  /// A CPU has more tasks than before.
  void noteTasks(Runqueue runqueue) {
    if (runqueue.queuedTaskCount >= 2) {
      SchedDomain domain = domains.lowest(runqueue.cpu);
      if (domain != null) {
        domain.root.overloaded = true;
      }
    }
  }

  /// A busy CPU's tick (`sched_balance_trigger`).
  void tick(Runqueue runqueue, long nowNs) {
    if (!runqueue.balance.hasDomain) {
      return;
    }
    if (kernel.jiffy(nowNs) >= runqueue.balance.nextBalanceJiffy) {
      runqueue.raiseBalance(nowNs);
    }
    nohz.tick(runqueue, nowNs);
  }

  /// After the ticks of the instant (`sched_balance_softirq`).
  void softirq(Runqueue runqueue, long nowNs) {
    BlockedLoad.decay(runqueue, nowNs);
    periodic.run(runqueue, runqueue.idle() ? IdleKind.IDLE : IdleKind.BUSY, nowNs);
  }

  /// A CPU has nothing to run: its tick stops, and its core may be idle.
  void idles(Runqueue runqueue) {
    nohz.stopTick(runqueue);
    SharedCache cache = domains.cache(runqueue.cpu);
    if (cache == null || cache.hasIdleCores || !domains.smtActive()) {
      return;
    }
    for (int sibling : domains.siblings(runqueue.cpu)) {
      if (sibling != runqueue.cpu && !CpuLoads.available(kernel.runqueue(sibling))) {
        return;
      }
    }
    cache.hasIdleCores = true;
  }
}
