package dev.stint.model.linux;

/// Moves a *running* task, when waiting ones would not do: the source CPU's stopper takes it off
/// and pushes it (`active_load_balance_cpu_stop`; facts: linux.md §5.3).
final class ActiveBalance {
  private final LinuxKernel kernel;

  ActiveBalance(LinuxKernel kernel) {
    this.kernel = kernel;
  }

  /// Whether it is time to push (`need_active_balance`): repeated failures to even out tasks, or a
  /// lone task on a CPU of which clearly less is left than of an idle one.
  static boolean needed(BalanceAttempt attempt, Runqueue source) {
    SchedDomain domain = attempt.domain;
    if (attempt.migration == Migration.TASK
        && domain.failedCount > domain.level.cacheNiceTries + 2) {
      return true;
    }
    return attempt.forIdle()
        && source.root.runnableTaskCount == 1
        && CpuLoads.reducedCapacity(source, domain)
        && CpuLoads.capacity(source) * domain.level.imbalancePercent
            < CpuLoads.capacity(attempt.destination) * 100;
  }

  /// Asks the source to push its running task, unless it is being asked already.
  void start(BalanceAttempt attempt, Runqueue source, long nowNs) {
    if (source.balance.push == null) {
      source.balance.push = attempt;
      source.rescheduleByInterrupt(nowNs);
    }
  }

  /// On the source CPU, with no task running: one task goes.
  void push(Runqueue source, long nowNs) {
    BalanceAttempt asked = source.balance.push;
    source.balance.push = null;
    if (asked == null || source.queuedTaskCount == 0) {
      return;
    }
    BalanceAttempt attempt = asked.domain.attempt;
    attempt.begin(IdleKind.IDLE);
    attempt.active = true;
    if (kernel.smp.tasks.moveOne(attempt, source, nowNs)) {
      attempt.domain.failedCount = 0;
    }
  }
}
