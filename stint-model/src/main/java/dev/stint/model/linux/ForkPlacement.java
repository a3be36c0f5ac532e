package dev.stint.model.linux;

import dev.stint.model.machine.CpuSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which CPU a new task is put on: from the highest domain down, the idlest group and in it the
/// idlest CPU (`sched_balance_find_dst_cpu`; facts: linux.md §5.2).
final class ForkPlacement {
  /// A start that waits for its CPU to be backed counts there as a task that runs.
  private static final long WAITING_LOAD = 1024;

  private final LinuxKernel kernel;
  private final GroupStats local;
  private final GroupStats idlest;
  private final GroupStats candidate;

  /// Computes in the memory of `balance`: no task is forked in the midst of one.
  ForkPlacement(LinuxKernel kernel, BusiestGroup balance) {
    this.kernel = kernel;
    local = balance.imbalance.local;
    idlest = balance.imbalance.busiest;
    candidate = balance.candidate;
  }

  /// The CPU for a new task whose parent runs on `parentCpu`.
  int select(Task task, int parentCpu) {
    CpuSet allowed = task.allowed;
    int chosen = parentCpu;
    SchedDomain domain = highest(parentCpu);
    int cpu = parentCpu;
    while (domain != null) {
      SchedGroup group = domain.span.intersects(allowed) ? idlestGroup(domain, task, cpu) : null;
      int found = group == null ? cpu : idlestCpu(group, task, cpu);
      if (found == cpu) {
        domain = domain.child;
      } else {
        cpu = found;
        chosen = found;
        domain = below(domain.cpuCount, found);
      }
    }
    return allowed.contains(chosen) ? chosen : kernel.smp.wakes.fallback(allowed, parentCpu);
  }

  private @Nullable SchedDomain highest(int cpu) {
    return below(Integer.MAX_VALUE, cpu);
  }

  /// The highest domain of a CPU with fewer CPUs than this.
  private @Nullable SchedDomain below(int cpuCount, int cpu) {
    SchedDomain found = null;
    for (SchedDomain domain = kernel.smp.domains.lowest(cpu);
        domain != null && domain.cpuCount < cpuCount;
        domain = domain.parent) {
      found = domain;
    }
    return found;
  }

  /// The group that is clearly idler than the local one, or null to stay
  /// (`sched_balance_find_dst_group`).
  private @Nullable SchedGroup idlestGroup(SchedDomain domain, Task task, int cpu) {
    List<SchedGroup> groups = domain.groups;
    SchedGroup best = null;
    boolean haveLocal = false;
    idlest.clear();
    idlest.type = GroupType.OVERLOADED;
    idlest.averageLoad = Long.MAX_VALUE;
    for (int i = 0; i < groups.size(); i++) {
      SchedGroup group = groups.get(i);
      if (!group.span.intersects(task.allowed)) {
        continue;
      }
      if (group.span.contains(cpu)) {
        haveLocal = true;
        sum(domain, group, task, local);
        continue;
      }
      sum(domain, group, task, candidate);
      if (idler(candidate, idlest)) {
        idlest.copyFrom(candidate);
        best = group;
      }
    }
    if (best == null || !haveLocal) {
      return best;
    }
    return leaves(domain, task, cpu) ? best : null;
  }

  private void sum(SchedDomain domain, SchedGroup group, Task task, GroupStats stats) {
    stats.clear();
    for (int cpu : group.cpus) {
      Runqueue runqueue = kernel.runqueue(cpu);
      stats.capacity += CpuLoads.capacity(runqueue);
      if (!task.allowed.contains(cpu)) {
        continue;
      }
      int waiting = runqueue.pendingWakeCount();
      stats.load += CpuLoads.load(runqueue) + WAITING_LOAD * waiting;
      stats.util += Math.min(CpuLoads.FULL, CpuLoads.util(runqueue) + WAITING_LOAD * waiting);
      stats.runnable += CpuLoads.runnable(runqueue) + WAITING_LOAD * waiting;
      stats.runnableCount += runqueue.root.runnableTaskCount + waiting;
      stats.taskCount += runqueue.queuedTaskCount + waiting;
      if (CpuLoads.idle(runqueue)) {
        stats.idleCount++;
      }
    }
    stats.cpuCount = group.cpus.length;
    stats.imbalanced = group.imbalanced;
    stats.classify(domain.level.imbalancePercent);
    if (stats.type == GroupType.FULLY_BUSY || stats.type == GroupType.OVERLOADED) {
      stats.averageLoad();
    }
  }

  /// `update_pick_idlest`.
  static boolean idler(GroupStats stats, GroupStats least) {
    if (stats.type != least.type) {
      return stats.type.compareTo(least.type) < 0;
    }
    return switch (stats.type) {
      case OVERLOADED, FULLY_BUSY -> stats.averageLoad < least.averageLoad;
      case IMBALANCED, SMT_BALANCE, MISFIT -> false;
      case HAS_SPARE ->
          stats.idleCount > least.idleCount
              || (stats.idleCount == least.idleCount && stats.util < least.util);
    };
  }

  private boolean leaves(SchedDomain domain, Task task, int cpu) {
    if (local.type != idlest.type) {
      return local.type.compareTo(idlest.type) > 0;
    }
    int percent = domain.level.imbalancePercent;
    return switch (local.type) {
      case OVERLOADED, FULLY_BUSY -> {
        long margin = 1024L * (percent - 100) / 100;
        boolean staysOnNode =
            domain.level == SchedLevel.NUMA && idlest.averageLoad + margin >= local.averageLoad;
        yield !staysOnNode
            && idlest.averageLoad < local.averageLoad + margin
            && 100 * local.averageLoad > percent * idlest.averageLoad;
      }
      case IMBALANCED, SMT_BALANCE, MISFIT -> false;
      case HAS_SPARE -> {
        int allowed = allowedLocally(domain, task, cpu);
        long difference = Math.abs((long) local.idleCount - idlest.idleCount);
        boolean staysOnNode =
            domain.level == SchedLevel.NUMA
                && Imbalance.tolerateNuma(difference, local.taskCount + 1, allowed) == 0;
        yield !staysOnNode && local.idleCount < idlest.idleCount;
      }
    };
  }

  /// How many tasks of imbalance between nodes are fine: no more than CPUs that the task may use.
  private int allowedLocally(SchedDomain domain, Task task, int cpu) {
    int usable = 0;
    for (int i = 0; i < domain.groups.size(); i++) {
      SchedGroup group = domain.groups.get(i);
      if (group.span.contains(cpu)) {
        usable = group.span.and(task.allowed).count();
      }
    }
    return Math.min(usable, domain.numaImbalanceCount);
  }

  /// In the group: the CPU that began to idle last, else the least loaded
  /// (`sched_balance_find_dst_group_cpu`).
  private int idlestCpu(SchedGroup group, Task task, int cpu) {
    if (group.cpus.length == 1) {
      return group.cpus[0];
    }
    int idle = -1;
    long latestNs = 0;
    int least = cpu;
    long leastLoad = Long.MAX_VALUE;
    for (int other : group.cpus) {
      if (!task.allowed.contains(other)) {
        continue;
      }
      Runqueue runqueue = kernel.runqueue(other);
      if (runqueue.onlyIdlePolicy()) {
        return other;
      }
      if (CpuLoads.available(runqueue)) {
        if (runqueue.balance.idleSinceNs > latestNs) {
          latestNs = runqueue.balance.idleSinceNs;
          idle = other;
        }
      } else if (idle < 0) {
        long load = CpuLoads.load(runqueue) + WAITING_LOAD * runqueue.pendingWakeCount();
        if (load < leastLoad) {
          leastLoad = load;
          least = other;
        }
      }
    }
    return idle >= 0 ? idle : least;
  }
}
