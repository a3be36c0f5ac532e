package dev.stint.model.linux;

/// One CPU's attempt to pull work within one of its domains (`sched_balance_rq`; facts: linux.md
/// §5.3).
final class LoadBalancer {
  private final LinuxKernel kernel;
  final BusiestGroup busiestGroup;
  private final DetachTasks tasks;

  /// The last attempt was another CPU's business: higher levels are so too.
  boolean stopped;

  LoadBalancer(LinuxKernel kernel, DetachTasks tasks) {
    this.kernel = kernel;
    this.tasks = tasks;
    busiestGroup = new BusiestGroup(kernel);
  }

  /// How an attempt ended, if it moved nothing.
  private enum Outcome {
    BALANCED,
    ALL_PINNED,
    ONE_PINNED,
    TRIED
  }

  /// Balances; returns how many tasks were moved.
  int balance(SchedDomain domain, IdleKind idle, long nowNs) {
    BalanceAttempt attempt = domain.attempt;
    attempt.begin(idle);
    stopped = false;
    int moved = 0;
    Outcome outcome = Outcome.BALANCED;
    boolean again = shouldBalance(attempt);
    stopped = !again;
    while (again) {
      again = false;
      SchedGroup group = busiestGroup.find(attempt);
      Runqueue source = group == null ? null : busiestGroup.findSource(attempt, group);
      if (source == null) {
        break;
      }
      outcome = Outcome.TRIED;
      attempt.allPinned = true;
      if (source.queuedTaskCount > 1) {
        moved += pull(attempt, source, nowNs);
        if (attempt.allPinned) {
          attempt.excluded.set(source.cpu);
          again = anySourceLeft(attempt);
          outcome = again ? Outcome.BALANCED : Outcome.ALL_PINNED;
          attempt.examinedCount = 0;
          continue;
        }
      }
      if (moved == 0 && !push(attempt, source, nowNs)) {
        outcome = Outcome.ONE_PINNED;
      }
    }
    conclude(attempt, outcome, moved);
    return outcome == Outcome.TRIED ? moved : 0;
  }

  private int pull(BalanceAttempt attempt, Runqueue source, long nowNs) {
    int moved = tasks.move(attempt, source, nowNs);
    while (attempt.alternative >= 0 && attempt.imbalance > 0) {
      attempt.excluded.set(attempt.destination.cpu);
      attempt.destination = kernel.runqueue(attempt.alternative);
      attempt.alternative = -1;
      attempt.examinedCount = 0;
      moved += tasks.move(attempt, source, nowNs);
    }
    SchedDomain parent = attempt.domain.parent;
    if (parent != null && attempt.somePinned && attempt.imbalance > 0) {
      parent.localGroup().imbalanced = true;
    }
    return moved;
  }

  private static boolean anySourceLeft(BalanceAttempt attempt) {
    SchedDomain domain = attempt.domain;
    for (int i = 1; i < domain.groups.size(); i++) {
      for (int cpu : domain.groups.get(i).cpus) {
        if (attempt.considers(cpu)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Nothing waiting could be moved: perhaps the running task should. False when that one may not
  /// run here.
  private boolean push(BalanceAttempt attempt, Runqueue source, long nowNs) {
    SchedDomain domain = attempt.domain;
    if (attempt.idle != IdleKind.NEWLY_IDLE) {
      domain.failedCount++;
    }
    if (!ActiveBalance.needed(attempt, source)) {
      return true;
    }
    Task running = source.current();
    if (running == null || !running.allowed.contains(attempt.home.cpu)) {
      return false;
    }
    attempt.allPinned = false;
    kernel.smp.active.start(attempt, source, nowNs);
    return true;
  }

  private static void conclude(BalanceAttempt attempt, Outcome outcome, int moved) {
    SchedDomain domain = attempt.domain;
    if (outcome == Outcome.TRIED) {
      if (moved > 0) {
        domain.failedCount = 0;
      }
      domain.resetInterval();
      return;
    }
    SchedDomain parent = domain.parent;
    if (outcome == Outcome.BALANCED && parent != null && !attempt.allPinned) {
      parent.localGroup().imbalanced = false;
    }
    if (outcome != Outcome.ONE_PINNED) {
      domain.failedCount = 0;
    }
    if (attempt.idle != IdleKind.NEWLY_IDLE) {
      domain.lengthenInterval(attempt.allPinned);
    }
  }

  /// One CPU balances for its group: the first idle one, an idle core's before others; without idle
  /// ones the first (`should_we_balance`).
  private boolean shouldBalance(BalanceAttempt attempt) {
    Runqueue home = attempt.home;
    if (attempt.idle == IdleKind.NEWLY_IDLE) {
      return home.queuedTaskCount == 0 && home.pendingWakeCount() == 0;
    }
    SchedDomain domain = attempt.domain;
    SchedGroup group = domain.localGroup();
    boolean seesCores = !domain.level.sharesCapacity() && kernel.smp.domains.smtActive();
    int idleThread = -1;
    for (int cpu : group.cpus) {
      if (!CpuLoads.idle(kernel.runqueue(cpu))) {
        continue;
      }
      if (seesCores && !coreIdle(cpu)) {
        idleThread = idleThread < 0 ? cpu : idleThread;
        continue;
      }
      return cpu == home.cpu;
    }
    return (idleThread >= 0 ? idleThread : group.balanceCpu()) == home.cpu;
  }

  private boolean coreIdle(int cpu) {
    for (int sibling : kernel.smp.domains.siblings(cpu)) {
      if (sibling != cpu && !CpuLoads.idle(kernel.runqueue(sibling))) {
        return false;
      }
    }
    return true;
  }
}
