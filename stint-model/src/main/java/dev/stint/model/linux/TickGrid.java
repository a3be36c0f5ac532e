package dev.stint.model.linux;

/// When ticks are due: all of a kernel's CPUs tick on one grid, and the kernel's coarse time counts
/// its periods (`jiffies`).
final class TickGrid {
  /*
   * Nearly every question is about the period that the last one was about, or the next: the
   * division by which an instant's period is found is made only when time has leapt.
   */
  private final long periodNs;
  private final long phaseNs;
  private long startNs;
  private long jiffy;

  /// Ticks fall on multiples of `periodNs` plus `phaseNs`.
  TickGrid(long periodNs, long phaseNs) {
    this.periodNs = periodNs;
    this.phaseNs = phaseNs;
    startNs = phaseNs;
  }

  long phaseNs() {
    return phaseNs;
  }

  /// Number of the period that `timeNs` is in, from the one that begins at the phase.
  long jiffy(long timeNs) {
    seek(timeNs);
    return jiffy;
  }

  /// The first tick after `timeNs`.
  long nextNs(long timeNs) {
    seek(timeNs);
    return startNs + periodNs;
  }

  private void seek(long timeNs) {
    long sinceNs = timeNs - startNs;
    if (sinceNs >= 0 && sinceNs < periodNs) {
      return;
    }
    long periods = sinceNs >= 0 && sinceNs < 2 * periodNs ? 1 : Math.floorDiv(sinceNs, periodNs);
    jiffy += periods;
    startNs += periods * periodNs;
  }
}
