package dev.stint.model.stats;

import dev.stint.model.trace.CostKind;
import dev.stint.model.trace.EntityKind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/// One entity's account of a run: `wall = run + sum of overhead + sum of wait + blocked + unknown`,
/// to the nanosecond.
///
/// For an LP, run is useful time and blocked is idle time; what it lost to its sibling is wait. For
/// a group the figures are the sums over its members: its tasks, and the VPs of the VMs whose vCPU
/// threads it holds. For a partition they are the sums over its VPs.
///
/// @param runNs time in which it ran and got work done
/// @param unknownNs time of which a recording does not tell what it did; 0 of a simulated run
/// @param overheadNs time in which it held a processor and got none done, by kind, but for that
///   lost to SMT, which is a wait
/// @param dispatches times it was switched in
/// @param switches times it was switched out
/// @param migrations times it changed processor
/// @param periods bandwidth periods that were active (groups with a quota)
/// @param throttledPeriods those in which it was throttled
/// @param wakeLatency from becoming ready to running
/// @param share processor time that it held, useful or not, over the run's duration: 1.0 is one
///   whole processor; what schedulers divide
/// @param entitledShare the weighted max-min fair share of what its family received; absent where
///   not defined
/// @param metrics the workload's own figures, by name, each a distribution
/// @param group the task group that its time counts towards: a task's or thread's own, for a VP
///   that of its vCPU thread, for a nested group the one above; absent for the root group
public record EntityResult(
    String path,
    EntityKind kind,
    long wallNs,
    long runNs,
    long blockedNs,
    long unknownNs,
    Map<WaitReason, Long> waitNs,
    Map<CostKind, Long> overheadNs,
    long dispatches,
    long switches,
    long migrations,
    long periods,
    long throttledPeriods,
    Percentiles wakeLatency,
    double share,
    OptionalDouble entitledShare,
    Map<String, Percentiles> metrics,
    Optional<String> group) {
  /// Copies the maps.
  public EntityResult {
    waitNs = new EnumMap<>(waitNs.isEmpty() ? new EnumMap<>(WaitReason.class) : waitNs);
    overheadNs = new EnumMap<>(overheadNs.isEmpty() ? new EnumMap<>(CostKind.class) : overheadNs);
    metrics = new TreeMap<>(metrics);
  }

  /// Total wait over all reasons.
  public long totalWaitNs() {
    long sum = 0;
    for (long ns : waitNs.values()) {
      sum += ns;
    }
    return sum;
  }

  /// Total time held in vain, but for that lost to SMT.
  public long totalOverheadNs() {
    long sum = 0;
    for (long ns : overheadNs.values()) {
      sum += ns;
    }
    return sum;
  }

  /// What the accounting identity leaves over: 0, always.
  public long residualNs() {
    return wallNs - runNs - totalOverheadNs() - totalWaitNs() - blockedNs - unknownNs;
  }
}
