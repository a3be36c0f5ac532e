package dev.stint.host.observe;

import java.util.Optional;
import java.util.OptionalLong;

/// Something that time was spent by, over an interval.
///
/// @param path as in a simulation's results: `lp0`, `gold`, `host/thread:gold/vcpu0`,
///   `host/cgroup:web`
/// @param group the path of the cgroup that it is in, absent for the root cgroup
/// @param account of it; of a VM and a cgroup the sum over threads
/// @param carried the part of it that vCPU threads have
/// @param dispatches times that it was put on a CPU
/// @param migrations changes of CPU that were seen: at least so many
/// @param wakes waits after wake-ups, absent if they are not traced
/// @param limits of a cgroup
public record ViewEntity(
    String path,
    Kind kind,
    Optional<String> group,
    Account account,
    Account carried,
    long dispatches,
    long migrations,
    Optional<WakeLatency> wakes,
    Optional<Limits> limits) {
  /// What it is, in the words of the JSON contract.
  public enum Kind {
    /// A CPU of this host.
    LP("lp"),
    /// A VM.
    PARTITION("partition"),
    /// The thread of a VMM that carries a VP.
    THREAD("thread"),
    /// A cgroup.
    GROUP("group"),
    /// Another thread.
    TASK("task");

    private final String jsonName;

    Kind(String jsonName) {
      this.jsonName = jsonName;
    }

    /// The name in JSON and metrics.
    public String jsonName() {
      return jsonName;
    }
  }

  /// What a cgroup's files say beside the figures of its threads.
  ///
  /// @param quota in words, absent if it has none or it cannot be read
  /// @param periods active ones
  /// @param throttledPeriods those in which it was throttled
  /// @param throttledNs summed over CPUs
  /// @param pressureNs time in which some task of it waited for a CPU
  public record Limits(
      Optional<String> quota,
      OptionalLong periods,
      OptionalLong throttledPeriods,
      OptionalLong throttledNs,
      OptionalLong pressureNs) {}

  /// How long it waited for a CPU each time that it got one, in the mean: the wake-up latency, if
  /// each wait follows a wake-up, and else less; absent if it never got one.
  public OptionalLong waitPerDispatchNs() {
    return kind == Kind.LP || dispatches <= 0
        ? OptionalLong.empty()
        : OptionalLong.of(account.waitNs() / dispatches);
  }
}
