package dev.stint.bench;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Scenario;

/// One benchmark: a scenario under an assembly, on one host or on several that are alike.
///
/// @param name says what it is
/// @param host one host's scenario; its duration does not count
/// @param hosts run one after another, with different seeds
/// @param least the simulated time of a host is at least this
/// @param quick whether it is part of the short form
record BenchCase(
    String name, Scenario host, Assembly assembly, int hosts, long leastNs, boolean quick) {
  private static final double NS_PER_S = 1e9;

  int lps() {
    return host.machine().lpCount() * hosts;
  }

  int vms() {
    return Counts.vms(host) * hosts;
  }

  int tasks() {
    return Counts.tasks(host) * hosts;
  }

  /// The simulated time of each host for about so many core-seconds in all.
  long simulatedNs(double coreSeconds) {
    return Math.max(leastNs, (long) (coreSeconds / lps() * NS_PER_S));
  }

  /// The scenario of one of the hosts.
  Scenario host(int index, long simulatedNs) {
    return new Scenario(
        name,
        "",
        index + 1,
        simulatedNs,
        host.machine(),
        host.hypervisor(),
        host.partitions(),
        host.under());
  }
}
