package dev.stint.model.linux;

import dev.stint.model.machine.CpuSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The CPUs among which one CPU balances at one level (`struct sched_domain`), in groups; each CPU
/// has its own, with its own pace and its own failures.
final class SchedDomain {
  /// Newidle calls over which the success ratio is taken, and its scale.
  static final int NEWIDLE_CALLS = 1024;

  final SchedLevel level;
  final CpuSet span;
  final int cpuCount;

  /// The groups in circular order from the CPU's own.
  final List<SchedGroup> groups;

  final RootDomain root;
  final BalanceAttempt attempt;
  private final SchedGroup localGroup;
  @Nullable SchedDomain parent;
  @Nullable SchedDomain child;

  /// With how many tasks NUMA nodes may be out of balance to keep them close (`imb_numa_nr`).
  int numaImbalanceCount;

  private final int intervalMinMs;
  private final int intervalMaxMs;
  int intervalMs;
  long lastBalanceJiffy;

  /// Attempts of the periodic balance in a row that moved nothing though there was an imbalance.
  int failedCount;

  long newidleCostMaxNs;
  long lastCostDecayJiffy;
  private int newidleCalls = NEWIDLE_CALLS / 2;
  private int newidleSuccesses = NEWIDLE_CALLS / 4;

  /// Successes among about the last 1024 newidle balances.
  int newidleRatio = NEWIDLE_CALLS / 2;

  SchedDomain(
      SchedLevel level, CpuSet span, List<SchedGroup> groups, RootDomain root, Runqueue cpu) {
    this.level = level;
    this.span = span;
    this.groups = groups;
    localGroup = groups.getFirst();
    this.root = root;
    cpuCount = span.count();
    intervalMinMs = cpuCount;
    intervalMaxMs = 2 * cpuCount;
    intervalMs = cpuCount;
    attempt = new BalanceAttempt(this, cpu);
  }

  SchedGroup localGroup() {
    return localGroup;
  }

  void resetInterval() {
    intervalMs = intervalMinMs;
  }

  /// In balance: look less often; pinned tasks, which nothing but time can move, make it rare.
  void lengthenInterval(boolean allPinned) {
    if (intervalMs < intervalMaxMs
        || (allPinned && intervalMs < PeriodicBalance.PINNED_INTERVAL_MAX_MS)) {
      intervalMs *= 2;
    }
  }

  /// Counts a newidle balance (`update_newidle_stats`): `success` is 0 or, as only some are run,
  /// how many this success stands for.
  void countNewidle(int success) {
    newidleCalls++;
    newidleSuccesses += success;
    if (newidleCalls >= NEWIDLE_CALLS) {
      newidleRatio = newidleSuccesses;
      newidleCalls /= 2;
      newidleSuccesses /= 2;
    }
  }

  @Override
  public String toString() {
    return level + " " + groups + " every " + intervalMs + " ms, failed " + failedCount;
  }
}
