package dev.stint.model.linux;

import dev.stint.model.machine.CpuSet;

/// What the CPUs under one last-level cache know together (`struct sched_domain_shared`).
final class SharedCache {
  final CpuSet span;
  final int size;

  /// How many CPUs a wake-up may search for an idle one (`nr_idle_scan`): fewer the busier the
  /// cache's CPUs are. Of an idle system, all.
  int idleScanLimit;

  /// A core of the cache was seen with all its threads idle.
  boolean hasIdleCores;

  /// CPUs whose tick runs.
  int busyCount;

  SharedCache(CpuSet span) {
    this.span = span;
    size = span.count();
    idleScanLimit = size;
  }

  /// Sets the search limit from the utilisation of all CPUs under the cache
  /// (`update_idle_cpu_scan`): it falls with the square of the utilisation and reaches 0 where a
  /// CPU is fully busy but for the margin of `imbalancePercent`.
  void limitScan(long utilSum, int imbalancePercent) {
    idleScanLimit = scanLimit(utilSum, size, imbalancePercent);
  }

  static int scanLimit(long utilSum, int size, int imbalancePercent) {
    long mean = utilSum / size;
    long squared = mean * mean * imbalancePercent * imbalancePercent / (10_000L * 1024);
    return (int) ((1024 - Math.min(squared, 1024)) * size / 1024);
  }
}
