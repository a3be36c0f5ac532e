package dev.stint.model.linux;

import dev.stint.model.sim.RandomStream;

/// A CPU that is about to idle looks for one task to pull (`sched_balance_newidle`; facts: linux.md
/// §5.3).
final class NewidleBalance {
  /*
   * It must not cost more than the idle time it fills: it is skipped when the CPU's mean idle time
   * is below the greatest cost of late. The model takes no time for it, so the cost is a parameter:
   * a fixed part and one per CPU looked at, of the order measured on current machines (assumed).
   * The mean idle time only just after boot, or with waits of some microseconds, comes so low.
   */
  static final long COST_FIXED_NS = 1_000;
  static final long COST_PER_CPU_NS = 150;

  private final LinuxKernel kernel;
  private final RandomStream dice;
  private final boolean throwsDice;

  NewidleBalance(LinuxKernel kernel) {
    this.kernel = kernel;
    dice = kernel.simulation.random().stream("newidle/" + kernel.path());
    throwsDice = kernel.config.version().newidleDice();
  }

  /// Tries to find work for `runqueue`; true if it has some now.
  boolean pull(Runqueue runqueue, long nowNs) {
    CpuBalance state = runqueue.balance;
    if (runqueue.pendingWakeCount() > 0) {
      return false;
    }
    state.idleSinceNs = Math.max(1, nowNs);
    SchedDomain lowest = kernel.smp.domains.lowest(runqueue.cpu);
    if (lowest == null) {
      return false;
    }
    long jiffy = kernel.jiffy(nowNs);
    long nextBalance = jiffy + kernel.smp.jiffiesPerSecond;
    boolean pulled = false;
    if (!lowest.root.overloaded || state.averageIdleNs < lowest.newidleCostMaxNs) {
      nextBalance = Math.min(nextBalance, kernel.smp.periodic.dueJiffy(lowest, false));
    } else {
      BlockedLoad.decay(runqueue, nowNs);
      long costNs = 0;
      for (SchedDomain domain = lowest;
          domain != null && !pulled && !(costNs > 0 && kernel.smp.balancer.stopped);
          domain = domain.parent) {
        nextBalance = Math.min(nextBalance, kernel.smp.periodic.dueJiffy(domain, false));
        if (state.averageIdleNs < costNs + domain.newidleCostMaxNs) {
          break;
        }
        int weight = throwDice(domain);
        if (weight > 0) {
          pulled = kernel.smp.balancer.balance(domain, IdleKind.NEWLY_IDLE, nowNs) > 0;
          long domainCostNs = COST_FIXED_NS + COST_PER_CPU_NS * domain.cpuCount;
          costNs += domainCostNs;
          domain.countNewidle(pulled ? weight : 0);
          updateCost(domain, domainCostNs, jiffy);
        }
        pulled |= runqueue.queuedTaskCount > 0;
      }
      state.idleBalanceCostMaxNs = Math.max(state.idleBalanceCostMaxNs, costNs);
    }
    state.nextBalanceJiffy = Math.min(state.nextBalanceJiffy, nextBalance);
    if (pulled) {
      state.idleSinceNs = 0;
    }
    return pulled;
  }

  /// For how many calls this one stands: the rarer the domain's calls succeed, the rarer they are
  /// made; 0 to skip it.
  private int throwDice(SchedDomain domain) {
    if (!throwsDice) {
      return 1;
    }
    int odds = 1 + domain.newidleRatio;
    if (dice.nextBelow(SchedDomain.NEWIDLE_CALLS) > odds) {
      domain.countNewidle(0);
      return 0;
    }
    return (SchedDomain.NEWIDLE_CALLS + odds / 2) / odds;
  }

  /// Keeps the greatest cost, forgetting 1 % a second; says whether it forgot
  /// (`update_newidle_cost`).
  boolean updateCost(SchedDomain domain, long costNs, long jiffy) {
    if (costNs > domain.newidleCostMaxNs) {
      domain.newidleCostMaxNs = costNs;
      domain.lastCostDecayJiffy = jiffy;
      return false;
    }
    if (jiffy > domain.lastCostDecayJiffy + kernel.smp.jiffiesPerSecond) {
      domain.newidleCostMaxNs = domain.newidleCostMaxNs * 253 / 256;
      domain.lastCostDecayJiffy = jiffy;
      return true;
    }
    return false;
  }

  /// A wake-up ends a CPU's idling: its mean idle time follows (`update_avg`).
  static void wokeUp(Runqueue runqueue, long nowNs) {
    CpuBalance state = runqueue.balance;
    if (state.idleSinceNs == 0) {
      return;
    }
    long idledNs = nowNs - state.idleSinceNs;
    long mean = state.averageIdleNs + (idledNs - state.averageIdleNs) / 8;
    state.averageIdleNs = Math.min(mean, 2 * state.idleBalanceCostMaxNs);
    state.idleSinceNs = 0;
  }
}
