package dev.stint.host.standin;

import java.util.Map;

/// One live run under one assembly.
///
/// @param runNs CPU time in the window of the L1VH's cgroups below its root, by name, whoever gave
///   it
/// @param windowNs how long the window was
/// @param foreignPercent time that others had on the CPUs that stand for LPs
/// @param agentPercent time that the agent had on them
/// @param stealPercent time that a hypervisor took
/// @param agent how the agent kept its times; all 0 where it only measured
record StandInRepetition(
    Map<String, Long> runNs,
    long windowNs,
    double foreignPercent,
    double agentPercent,
    double stealPercent,
    Agent agent) {
  /// @param fifo whether it was a real-time thread
  /// @param turns of the window
  /// @param lateP50Ns from the end of a slice until the next turn was given
  record Agent(boolean fifo, int turns, long lateP50Ns, long lateP99Ns, long lateMostNs) {}

  /// CPU time of all.
  long totalNs() {
    return runNs.values().stream().mapToLong(Long::longValue).sum();
  }
}
