package dev.stint.model.linux;

/// How a group's weight is divided among its CPUs: by the load of each (`calc_group_shares`,
/// `update_tg_load_avg`; facts: linux.md §2.2).
final class GroupShares {
  /*
   * The exact division would be shares * load_c / sum of load_k. A CPU knows its own load now but
   * the others' only through one number per group, the sum of what each CPU last published; it
   * replaces its own part of that sum by the truth. Its own load is the greater of what is queued
   * and of what the average says: a group that wakes counts at once, one that slept briefly still
   * counts.
   */
  private static final long PUBLISH_INTERVAL_NS = 1_000_000;
  private static final long PUBLISH_FRACTION = 64;

  private GroupShares() {}

  /// The weight of a group's entity on the CPU of `queue`, the group's queue there. With one CPU
  /// the formula gives the whole of the shares, whatever the load.
  static long weightOn(FairQueue queue) {
    TaskGroup group = queue.group;
    if (!queue.load.tracked()) {
      return group.sharesWeight;
    }
    long load = Math.max(Weights.down(queue.loadWeight), queue.average.loadAvg);
    long total = group.loadAvg - queue.load.contribution + load;
    long weight = group.sharesWeight * load;
    if (total != 0) {
      weight /= total;
    }
    return Math.clamp(weight, Weights.MIN_SHARES, group.sharesWeight);
  }

  /// Tells the group of this CPU's load, at most once a millisecond and only if it changed by more
  /// than a 64th.
  static void publish(FairQueue queue, long nowNs) {
    TaskGroup group = queue.group;
    QueueLoad load = queue.load;
    if (group.parent() == null || nowNs - load.publishedNs < PUBLISH_INTERVAL_NS) {
      return;
    }
    long change = queue.average.loadAvg - load.contribution;
    if (Math.abs(change) > load.contribution / PUBLISH_FRACTION) {
      group.loadAvg += change;
      load.contribution += change;
      load.publishedNs = nowNs;
    }
  }
}
