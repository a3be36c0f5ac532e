package dev.stint.model.linux;

/// The sums over a group's CPUs by which groups are compared (`struct sg_lb_stats`), and the
/// group's type.
final class GroupStats {
  long load;
  long util;
  long runnable;

  /// Tasks on the CPUs, sleeping ones that have not left included (`sum_nr_running`).
  int taskCount;

  /// Tasks that want to run (`sum_h_nr_running`).
  int runnableCount;

  int idleCount;

  /// CPUs of the group.
  int cpuCount;

  long capacity;

  /// The load that a CPU of reduced capacity holds alone.
  long misfitLoad;

  boolean smtBalance;
  boolean imbalanced;
  GroupType type = GroupType.HAS_SPARE;

  /// Load per capacity, x 1024.
  long averageLoad;

  void clear() {
    load = 0;
    util = 0;
    runnable = 0;
    taskCount = 0;
    runnableCount = 0;
    idleCount = 0;
    cpuCount = 0;
    capacity = 0;
    misfitLoad = 0;
    smtBalance = false;
    imbalanced = false;
    type = GroupType.HAS_SPARE;
    averageLoad = 0;
  }

  void copyFrom(GroupStats other) {
    load = other.load;
    util = other.util;
    runnable = other.runnable;
    taskCount = other.taskCount;
    runnableCount = other.runnableCount;
    idleCount = other.idleCount;
    cpuCount = other.cpuCount;
    capacity = other.capacity;
    misfitLoad = other.misfitLoad;
    smtBalance = other.smtBalance;
    imbalanced = other.imbalanced;
    type = other.type;
    averageLoad = other.averageLoad;
  }

  /// Sets the type from the sums (`group_classify`).
  void classify(int imbalancePercent) {
    if (overloaded(imbalancePercent)) {
      type = GroupType.OVERLOADED;
    } else if (imbalanced) {
      type = GroupType.IMBALANCED;
    } else if (smtBalance) {
      type = GroupType.SMT_BALANCE;
    } else if (misfitLoad > 0) {
      type = GroupType.MISFIT;
    } else {
      type = hasCapacity(imbalancePercent) ? GroupType.HAS_SPARE : GroupType.FULLY_BUSY;
    }
  }

  private boolean overloaded(int imbalancePercent) {
    return taskCount > cpuCount
        && (capacity * 100 < util * imbalancePercent || waits(imbalancePercent));
  }

  private boolean hasCapacity(int imbalancePercent) {
    return taskCount < cpuCount
        || (!waits(imbalancePercent) && capacity * 100 > util * imbalancePercent);
  }

  /// Tasks want clearly more than there is.
  private boolean waits(int imbalancePercent) {
    return capacity * imbalancePercent < runnable * 100;
  }

  void averageLoad() {
    averageLoad = load * 1024 / capacity;
  }

  @Override
  public String toString() {
    return type
        + " tasks="
        + taskCount
        + "/"
        + cpuCount
        + " idle="
        + idleCount
        + " load="
        + load
        + " util="
        + util
        + " runnable="
        + runnable;
  }
}
