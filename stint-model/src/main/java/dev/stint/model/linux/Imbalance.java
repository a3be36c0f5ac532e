package dev.stint.model.linux;

import org.jspecify.annotations.Nullable;

/// Whether a domain's busiest group has too much for its own group's good, and how much of it
/// should move (`sched_balance_find_src_group`, `calculate_imbalance`; facts: linux.md §5.3).
final class Imbalance {
  /// Nodes with at most this many tasks of difference are left alone while lightly loaded.
  private static final long NUMA_IMBALANCE_MIN = 2;

  final GroupStats local = new GroupStats();
  final GroupStats busiest = new GroupStats();
  private IdleKind idle = IdleKind.BUSY;
  private SchedLevel level = SchedLevel.MC;
  private int numaImbalanceCount;
  private long totalLoad;
  private long totalCapacity;
  private int localCores;
  private int busiestCores;
  private boolean prefersSibling;

  /// The result: in what it is measured, and how much; 0 when all is well.
  Migration migration = Migration.TASK;

  long amount;

  void begin(IdleKind kind, SchedLevel atLevel, int numaCount) {
    idle = kind;
    level = atLevel;
    numaImbalanceCount = numaCount;
    totalLoad = 0;
    totalCapacity = 0;
    busiest.clear();
    busiest.idleCount = Integer.MAX_VALUE;
  }

  /// Counts a group towards the domain's average.
  void total(long load, long capacity) {
    totalLoad += load;
    totalCapacity += capacity;
  }

  void between(SchedGroup localGroup, SchedGroup busiestGroup) {
    localCores = localGroup.coreCount;
    busiestCores = busiestGroup.coreCount;
    prefersSibling = busiestGroup.prefersSibling();
  }

  /// Whether a group is busier than the busiest so far (`update_sd_pick_busiest`); `soFar` is that
  /// group.
  static boolean busier(GroupStats stats, GroupStats most, @Nullable SchedGroup soFar) {
    if (stats.type != most.type) {
      return stats.type.compareTo(most.type) > 0;
    }
    return switch (stats.type) {
      case OVERLOADED -> stats.averageLoad > most.averageLoad;
      case IMBALANCED -> false;
      case MISFIT -> stats.misfitLoad > most.misfitLoad;
      case SMT_BALANCE ->
          (stats.idleCount != 0 || most.idleCount != 0)
              ? fewerIdle(stats, most)
              : fuller(stats, most, soFar);
      case FULLY_BUSY -> fuller(stats, most, soFar);
      case HAS_SPARE -> fewerIdle(stats, most);
    };
  }

  private static boolean fuller(GroupStats stats, GroupStats most, @Nullable SchedGroup soFar) {
    if (stats.averageLoad != most.averageLoad) {
      return stats.averageLoad > most.averageLoad;
    }
    return soFar == null || !soFar.sharesCapacity();
  }

  private static boolean fewerIdle(GroupStats stats, GroupStats most) {
    return stats.idleCount < most.idleCount
        || (stats.idleCount == most.idleCount && stats.taskCount > most.taskCount);
  }

  /// Sets migration and amount.
  void decide() {
    migration = Migration.TASK;
    amount = 0;
    if (unbalanced()) {
      measure();
    }
  }

  private boolean forIdle() {
    return idle != IdleKind.BUSY;
  }

  private boolean unbalanced() {
    if (busiest.type == GroupType.MISFIT || busiest.type == GroupType.IMBALANCED) {
      return true;
    }
    if (local.type.compareTo(busiest.type) > 0) {
      return false;
    }
    if (local.type == GroupType.OVERLOADED && !clearlyBusier()) {
      return false;
    }
    if (prefersSibling && local.type == GroupType.HAS_SPARE && siblingDifference() > 1) {
      return true;
    }
    if (busiest.type == GroupType.OVERLOADED) {
      return true;
    }
    if (!forIdle()) {
      return false;
    }
    boolean sameIdle = busiest.cpuCount > 1 && local.idleCount <= busiest.idleCount + 1L;
    return !sameIdle && busiest.runnableCount != 1;
  }

  /// Of two overloaded groups: the local one is below the average, the other above by the domain's
  /// margin.
  private boolean clearlyBusier() {
    return local.averageLoad < busiest.averageLoad
        && local.averageLoad < averageLoad()
        && 100 * busiest.averageLoad > level.imbalancePercent * local.averageLoad;
  }

  private long averageLoad() {
    return totalLoad * 1024 / totalCapacity;
  }

  /// By how many tasks the busiest group is ahead, per core where the groups differ in cores
  /// (`sibling_imbalance`).
  private long siblingDifference() {
    if (!forIdle() || busiest.taskCount == 0) {
      return 0;
    }
    if (localCores == busiestCores) {
      return Math.max(0, busiest.taskCount - local.taskCount);
    }
    long ahead =
        Math.max(0, (long) localCores * busiest.taskCount - (long) busiestCores * local.taskCount);
    long cores = (long) localCores + busiestCores;
    long rounded = (2 * ahead + cores) / cores;
    return rounded <= 1 && local.taskCount == 0 && busiest.taskCount > 1 ? 2 : rounded;
  }

  private void measure() {
    switch (busiest.type) {
      case MISFIT -> {
        migration = Migration.LOAD;
        amount = busiest.misfitLoad;
      }
      case SMT_BALANCE, IMBALANCED -> amount = 1;
      case HAS_SPARE, FULLY_BUSY, OVERLOADED -> {
        if (local.type == GroupType.HAS_SPARE) {
          fillSpare();
        } else {
          levelLoads();
        }
      }
    }
  }

  /// The local group can take work without being overloaded.
  private void fillSpare() {
    if (busiest.type == GroupType.OVERLOADED && !level.sharesCache()) {
      migration = Migration.UTIL;
      amount = Math.max(local.capacity - local.util, 0);
      if (amount == 0 && forIdle()) {
        migration = Migration.TASK;
        amount = 1;
      }
      return;
    }
    long tasks =
        busiest.cpuCount == 1 || prefersSibling
            ? siblingDifference()
            : Math.max(0, local.idleCount - busiest.idleCount);
    if (level == SchedLevel.NUMA) {
      tasks = tolerateNuma(tasks, local.taskCount + 1, numaImbalanceCount);
    }
    amount = tasks >> 1;
  }

  /// A small difference between nodes keeps a pair of tasks together (`adjust_numa_imbalance`).
  static long tolerateNuma(long difference, int tasks, int allowed) {
    return tasks <= allowed && difference <= NUMA_IMBALANCE_MIN ? 0 : difference;
  }

  /// Both groups are, or will be, overloaded: the busiest is brought down towards the domain's
  /// average load per capacity, the local one up, neither beyond it.
  private void levelLoads() {
    if (local.type != GroupType.OVERLOADED) {
      local.averageLoad();
      if (local.averageLoad >= busiest.averageLoad || local.averageLoad >= averageLoad()) {
        return;
      }
    }
    long average = averageLoad();
    migration = Migration.LOAD;
    long pull = (average - local.averageLoad) * local.capacity;
    // A group of one heavy task can hold the average above the busiest: then nothing bounds.
    long push =
        busiest.averageLoad < average
            ? Long.MAX_VALUE
            : (busiest.averageLoad - average) * busiest.capacity;
    amount = Math.min(push, pull) / 1024;
  }
}
