package dev.stint.model.stats;

/// How much of a quota a group could have used in a run, given when it had something to run: in
/// every period the lesser of its budget and the processor time that its ready members could take.
///
/// What is left of a period's budget is lost at its end, but for a burst's worth. A period may
/// overrun its budget, for Linux notices only at a tick; the next one has that much less. The run's
/// first and last periods, where they are cut, have a part of the quota in proportion.
final class UsableQuota {
  private final ReadyFamily.GroupQuota quota;
  private long endNs;
  private double budgetNs;
  private double wantedNs;
  private double usedNs;

  UsableQuota(ReadyFamily.GroupQuota quota) {
    this.quota = quota;
    long offsetNs = quota.phaseNs() % quota.periodNs();
    endNs = offsetNs == 0 ? quota.periodNs() : offsetNs;
    budgetNs = (double) quota.quotaNs() * endNs / quota.periodNs();
  }

  /// Between these times, `ready` members could have run at once, had they the processors.
  void advance(long fromNs, long toNs, int ready) {
    int running = Math.min(ready, quota.processors());
    long atNs = fromNs;
    while (toNs >= endNs) {
      wantedNs += (double) running * (endNs - atNs);
      atNs = endNs;
      double tookNs = Math.min(budgetNs + quota.overrunNs(), wantedNs);
      usedNs += tookNs;
      budgetNs = quota.quotaNs() + Math.min(quota.burstNs(), budgetNs - tookNs);
      wantedNs = 0;
      endNs += quota.periodNs();
    }
    wantedNs += (double) running * (toNs - atNs);
  }

  /// What was usable, as of the end of the run.
  long totalNs(long runNs) {
    double cutNs = (double) quota.quotaNs() * (endNs - runNs) / quota.periodNs();
    return Math.round(usedNs + Math.min(budgetNs - cutNs, wantedNs));
  }
}
