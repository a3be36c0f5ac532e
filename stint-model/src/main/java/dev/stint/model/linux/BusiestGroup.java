package dev.stint.model.linux;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which group, and which of its CPUs, a CPU should pull from, and how much
/// (`sched_balance_find_src_group`, `sched_balance_find_src_rq`; facts: linux.md §5.3).
final class BusiestGroup {
  private final LinuxKernel kernel;
  final Imbalance imbalance = new Imbalance();
  final GroupStats candidate = new GroupStats();

  BusiestGroup(LinuxKernel kernel) {
    this.kernel = kernel;
  }

  /// The group to pull from; null when the domain is balanced. Sets the attempt's migration and
  /// imbalance.
  @Nullable SchedGroup find(BalanceAttempt attempt) {
    SchedDomain domain = attempt.domain;
    imbalance.begin(attempt.idle, domain.level, domain.numaImbalanceCount);
    SchedGroup busiest = null;
    List<SchedGroup> groups = domain.groups;
    boolean overloaded = false;
    long utilSum = 0;
    for (int i = 0; i < groups.size(); i++) {
      SchedGroup group = groups.get(i);
      if (i > 0 && group.cpus.length == 1 && isNotBusier(group.cpus[0])) {
        utilSum += countOne(attempt, group.cpus[0]);
        continue;
      }
      GroupStats stats = i == 0 ? imbalance.local : candidate;
      overloaded |= sum(attempt, group, stats, i == 0);
      utilSum += stats.util;
      imbalance.total(stats.load, stats.capacity);
      if (i > 0 && stats.runnableCount > 0 && Imbalance.busier(stats, imbalance.busiest, busiest)) {
        imbalance.busiest.copyFrom(stats);
        busiest = group;
      }
    }
    if (domain.parent == null) {
      domain.root.overloaded = overloaded;
    }
    limitScan(attempt, utilSum);
    attempt.imbalance = 0;
    if (busiest == null) {
      return null;
    }
    imbalance.between(domain.localGroup(), busiest);
    imbalance.decide();
    attempt.migration = imbalance.migration;
    attempt.imbalance = imbalance.amount;
    return attempt.imbalance > 0 ? busiest : null;
  }

  /// Whether a group of one CPU cannot be busier than the busiest so far: nothing is runnable
  /// there, or it has no task to spare and the busiest is overloaded.
  private boolean isNotBusier(int cpu) {
    Runqueue runqueue = kernel.runqueue(cpu);
    return runqueue.queuedTaskCount <= 1
        && (imbalance.busiest.type == GroupType.OVERLOADED || runqueue.root.runnableTaskCount == 0);
  }

  /// Counts a CPU's group towards the domain's average; returns its utilisation.
  private long countOne(BalanceAttempt attempt, int cpu) {
    Runqueue runqueue = kernel.runqueue(cpu);
    boolean considered = attempt.considers(cpu);
    imbalance.total(considered ? CpuLoads.load(runqueue) : 0, CpuLoads.capacity(runqueue));
    return considered ? CpuLoads.util(runqueue) : 0;
  }

  /// Sums up a group; says whether some CPU has more than one task.
  private boolean sum(BalanceAttempt attempt, SchedGroup group, GroupStats stats, boolean local) {
    SchedDomain domain = attempt.domain;
    boolean overloaded = false;
    stats.clear();
    for (int cpu : group.cpus) {
      Runqueue runqueue = kernel.runqueue(cpu);
      stats.capacity += CpuLoads.capacity(runqueue);
      if (!attempt.considers(cpu)) {
        continue;
      }
      long load = CpuLoads.load(runqueue);
      stats.load += load;
      stats.util += CpuLoads.util(runqueue);
      stats.runnable += CpuLoads.runnable(runqueue);
      stats.runnableCount += runqueue.root.runnableTaskCount;
      int tasks = runqueue.queuedTaskCount;
      stats.taskCount += tasks;
      if (tasks == 0 && CpuLoads.idle(runqueue)) {
        stats.idleCount++;
        continue;
      }
      overloaded |= tasks > 1;
      if (!local
          && attempt.forIdle()
          && runqueue.root.runnableTaskCount == 1
          && CpuLoads.reducedCapacity(runqueue, domain)) {
        stats.misfitLoad = Math.max(stats.misfitLoad, load);
      }
    }
    stats.cpuCount = group.cpus.length;
    stats.imbalanced = group.imbalanced;
    stats.smtBalance =
        !local && attempt.forIdle() && group.sharesCapacity() && stats.runnableCount > 1;
    stats.classify(domain.level.imbalancePercent);
    if (stats.type == GroupType.OVERLOADED) {
      stats.averageLoad();
    }
    return overloaded;
  }

  private void limitScan(BalanceAttempt attempt, long utilSum) {
    SharedCache cache = kernel.smp.domains.cache(attempt.home.cpu);
    if (attempt.idle != IdleKind.NEWLY_IDLE
        && cache != null
        && attempt.domain.cpuCount == cache.size) {
      cache.limitScan(utilSum, attempt.domain.level.imbalancePercent);
    }
  }

  /// The CPU of the group to pull from, null for none.
  @Nullable Runqueue findSource(BalanceAttempt attempt, SchedGroup group) {
    Runqueue busiest = null;
    long most = 0;
    long capacityOfMost = 1;
    for (int cpu : group.cpus) {
      Runqueue runqueue = kernel.runqueue(cpu);
      int runnable = runqueue.root.runnableTaskCount;
      if (runnable == 0 || !attempt.considers(cpu)) {
        continue;
      }
      long amount = 0;
      long capacity = 1;
      switch (attempt.migration) {
        case LOAD -> {
          amount = CpuLoads.load(runqueue);
          capacity = CpuLoads.capacity(runqueue);
          if (runnable == 1
              && amount > attempt.imbalance
              && !CpuLoads.reducedCapacity(runqueue, attempt.domain)) {
            continue;
          }
        }
        case UTIL -> amount = runnable > 1 ? CpuLoads.boostedUtil(runqueue) : 0;
        case TASK -> amount = runnable;
      }
      if (amount * capacityOfMost > most * capacity) {
        most = amount;
        capacityOfMost = capacity;
        busiest = runqueue;
      }
    }
    return busiest;
  }

  /// The groups that were compared last.
  @Override
  public String toString() {
    return "local " + imbalance.local + ", busiest " + imbalance.busiest;
  }
}
