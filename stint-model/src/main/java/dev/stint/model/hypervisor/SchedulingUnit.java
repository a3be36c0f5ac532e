package dev.stint.model.hypervisor;

import dev.stint.model.machine.CpuSet;

/// A scheduling unit: what a slot runs. One VP under the classic scheduler, a virtual core (the VPs
/// that are each other's SMT siblings) under the core scheduler.
final class SchedulingUnit {
  /// Nothing: what an idle slot runs. Never changed.
  static final SchedulingUnit IDLE =
      new SchedulingUnit(new VirtualProcessor[0], Share.NONE, CpuSet.EMPTY);

  final VirtualProcessor[] vps;
  final Share share;

  /* The slots that it may use. */
  final CpuSet slots;

  long virtualTimeNs;

  /* What the last charges left undivided, in 1/effective weight of a nanosecond. */
  private long remainder;
  private long remainderScaled;

  /* Order of arrival: of becoming ready, or of the end of its last slice. */
  long sequence;

  /* Below its reserve in this window. */
  boolean owed;
  boolean touched;

  /* Made after the start, and not ready since. */
  boolean madeInRun;

  /* VPs that are ready or running: the unit is ready while there is one. */
  int runnableCount;

  /*
   * The slot that it holds (or will when this instant is over), or -1; the one it held last, or -1;
   * the one it waits for.
   */
  int slot = -1;
  int lastSlot = -1;
  int waitSlot = -1;

  /* Its place in a run list, or -1. */
  int position = -1;
  RunList list = RunList.NONE;

  /* Round robin: the run list of all units with the same slots. */
  RunList home = RunList.NONE;

  SchedulingUnit(VirtualProcessor[] vps, Share share, CpuSet slots) {
    this.vps = vps;
    this.share = share;
    this.slots = slots;
  }

  boolean waiting() {
    return position >= 0;
  }

  /*
   * Virtual time is nanoseconds at weight 100: it advances by run * 100 / effective weight. The
   * remainder of the division is kept for the next charge, so that rounding never adds up; it is
   * dropped (less than 1 ns) when the weight changes. A charge covers at most one time slice (1 s):
   * 1e9 * 100 * 2^20 < 2^63.
   */
  void charge(long ranNs) {
    if (ranNs == 0) {
      return;
    }
    long weight = share.effectiveScaled;
    if (remainderScaled != weight) {
      remainderScaled = weight;
      remainder = 0;
    }
    long numerator = ranNs * (100L << Weights.SCALE_SHIFT) + remainder;
    virtualTimeNs += numerator / weight;
    remainder = numerator % weight;
  }

  /// Whether every VP of it that runs has announced a long spin since it started.
  boolean spins() {
    for (VirtualProcessor vp : vps) {
      if (vp.state == VirtualProcessor.State.RUNNING && !vp.spins) {
        return false;
      }
    }
    return true;
  }

  /// Whether a VP of it that could run is below its reserve.
  boolean owedAt(long nowNs) {
    for (VirtualProcessor vp : vps) {
      if (vp.reserved() && vp.runnable() && vp.usedNs(nowNs) < vp.reserveBudgetNs) {
        return true;
      }
    }
    return false;
  }

  /// The order in which units get a slot: first those below their reserve, then by virtual time,
  /// then by arrival.
  static boolean before(SchedulingUnit a, SchedulingUnit b) {
    if (a.owed != b.owed) {
      return a.owed;
    }
    if (a.virtualTimeNs != b.virtualTimeNs) {
      return a.virtualTimeNs < b.virtualTimeNs;
    }
    return a.sequence < b.sequence;
  }

  @Override
  public String toString() {
    if (this == IDLE) {
      return "idle";
    }
    StringBuilder text = new StringBuilder(share.partition).append(" vp");
    for (int i = 0; i < vps.length; i++) {
      text.append(i == 0 ? "" : "+").append(vps[i].index());
      if (!vps[i].runnable()) {
        text.append('(').append(vps[i].state).append(')');
      }
    }
    return text.append(" v=").append(virtualTimeNs).append(owed ? " owed" : "").toString();
  }
}
