package dev.stint.model.counters;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// The counters of one VP. Times are nanoseconds here; their text is in units of 100 ns.
///
/// `wall = run + wait + suspended + capped + idle`, to the nanosecond.
///
/// @param path of the VP
/// @param runNs it ran on an LP
/// @param waitNs it was ready and its scheduler ran something else, or was about to run it:
///   `wakeUpNs + contentionNs`
/// @param wakeUpNs the part during which nobody else held the LP or CPU that it waited for
/// @param contentionNs the other part, quotas of its parent's Linux included
/// @param suspendedNs it was ready and its *parent's* VP did not run (integrated)
/// @param cappedNs the hypervisor's cap kept it from running: to the hypervisor it is not ready
/// @param idleNs it had nothing to do, or was suspended until its VMM had handled an intercept
/// @param halts times it ran out of work
/// @param dispatches times it was dispatched on an LP
/// @param migrations times it ran on another LP than before
/// @param buckets the dispatches by the wait before each, see [CounterRules]
/// @param dispatchThreadBlocked the last dispatch by its parent returned BLOCKED and no signal
///   followed
/// @param idealLp the LP that its scheduler prefers for it; absent where its parent schedules it or
///   it has not run
/// @param remoteRunNs it ran away from its memory's NUMA node; absent where the model cannot know
/// @param hypervisorRunNs the part of `runNs` that went to the hypervisor's own work; absent
///   without costs
public record VpCounters(
    String path,
    long runNs,
    long waitNs,
    long wakeUpNs,
    long contentionNs,
    long suspendedNs,
    long cappedNs,
    long idleNs,
    long halts,
    long dispatches,
    long migrations,
    List<Long> buckets,
    boolean dispatchThreadBlocked,
    OptionalInt idealLp,
    OptionalLong remoteRunNs,
    OptionalLong hypervisorRunNs) {
  /// Copies the list.
  public VpCounters {
    buckets = List.copyOf(buckets);
  }

  /// CPU Wait Time Per Dispatch: mean nanoseconds that it waited for an LP; absent before the first
  /// dispatch.
  public OptionalLong waitPerDispatchNs() {
    return perDispatch(waitNs);
  }

  /// CPU Wake Up Time Per Dispatch: the part of [#waitPerDispatchNs] without contention.
  public OptionalLong wakeUpPerDispatchNs() {
    return perDispatch(wakeUpNs);
  }

  /// CPU Contention Time Per Dispatch: the part of [#waitPerDispatchNs] while another one ran.
  public OptionalLong contentionPerDispatchNs() {
    return perDispatch(contentionNs);
  }

  private OptionalLong perDispatch(long ns) {
    return dispatches == 0 ? OptionalLong.empty() : OptionalLong.of(ns / dispatches);
  }
}
