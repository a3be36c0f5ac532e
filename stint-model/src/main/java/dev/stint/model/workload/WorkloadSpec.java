package dev.stint.model.workload;

import java.util.List;

/// What a task does with its processor time. All durations are nanoseconds of processor time
/// (`run`, `work`, `service`) or of the task's clock (`period`, `on`, `off`).
public sealed interface WorkloadSpec {
  /// Computes for ever.
  record Busy() implements WorkloadSpec {}

  /// Computes `workNs`, then ends; reports its completion time.
  record Batch(long workNs) implements WorkloadSpec {}

  /// Every `periodNs`, at k x period + phase, runs `runNs`; a job that ends after the next release
  /// is a miss. Late jobs are not skipped.
  record Periodic(long runNs, long periodNs, long phaseNs) implements WorkloadSpec {}

  /// Computes without end for `onNs` of wall time, then sleeps for `offNs`, starting at `phaseNs`.
  record OnOff(long onNs, long offNs, long phaseNs) implements WorkloadSpec {}

  /// Open-loop requests: arrivals do not wait for responses; one task serves them first come, first
  /// served.
  ///
  /// @param meanInterarrivalNs mean time between arrivals
  /// @param poisson exponential times between arrivals, else constant
  /// @param meanServiceNs mean work of a request
  /// @param exponentialService exponential service times, else constant
  record Requests(
      long meanInterarrivalNs, boolean poisson, long meanServiceNs, boolean exponentialService)
      implements WorkloadSpec {}

  /// Two tasks of one guest that name the same `exchange` pass a token to and fro, computing
  /// `workNs` before each pass.
  record PingPong(String exchange, long workNs) implements WorkloadSpec {}

  /// All tasks of one guest that name the same `barrier` compute `workNs` each, then wait for the
  /// last, for ever.
  ///
  /// @param spin waiters spin (burn processor time) instead of blocking
  record Barrier(String barrier, long workNs, boolean spin) implements WorkloadSpec {}

  /// Computes `everyNs`, then touches a device that the VMM emulates, for ever: the VP stops until
  /// the VMM's thread has worked `handlingNs` on it. With `deviceNs` > 0 the device's interrupt
  /// comes that much later, and the task blocks until then.
  record Io(long everyNs, long handlingNs, long deviceNs) implements WorkloadSpec {}

  /// Does what a recorded task did: each job becomes ready when it did, or as soon as the one
  /// before it ends, and computes for as long; then the task ends.
  ///
  /// @param jobs in order of time
  record Replay(List<ReplayedJob> jobs) implements WorkloadSpec {
    /// Copies the list.
    public Replay {
      jobs = List.copyOf(jobs);
    }
  }
}
