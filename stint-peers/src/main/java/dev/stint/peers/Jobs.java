package dev.stint.peers;

/// The jobs of the churn workload: the same for all simulators.
final class Jobs {
  private static final long LEAST_MS = 50;
  private static final long SPREAD_MS = 100;
  private static final int JOBS_MOST = 1 << 12;

  private Jobs() {}

  /// An index of a slot's job.
  static long index(int slot, int number) {
    return (long) slot * JOBS_MOST + number;
  }

  /// Its length: 50 to 150 ms of processor time.
  static long ms(long index) {
    long mixed = (index + 1) * 0x9E3779B97F4A7C15L;
    mixed = (mixed ^ mixed >>> 32) * 0xD6E8FEB86659FD93L;
    return LEAST_MS + Math.floorMod(mixed ^ mixed >>> 32, SPREAD_MS + 1);
  }
}
