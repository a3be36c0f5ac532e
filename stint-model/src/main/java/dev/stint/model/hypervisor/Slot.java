package dev.stint.model.hypervisor;

import dev.stint.model.time.Time;
import dev.stint.model.trace.Entities;
import java.util.Arrays;

/// A slot: the LPs that one scheduling unit holds together. A single LP under the classic
/// scheduler, all LPs of a physical core under the core scheduler.
final class Slot {
  /// No VP of the running unit is on this LP.
  static final int VACANT = -1;

  final int index;
  final int firstLp;
  final int lpCount;

  /*
   * Committed: what the trace says. occupant[k] is the thread of `running` that is on LP firstLp +
   * k.
   */
  SchedulingUnit running = SchedulingUnit.IDLE;
  final int[] occupant;
  final int[] holder;

  /* Planned: what will run when this instant is over. */
  SchedulingUnit next = SchedulingUnit.IDLE;

  int timer = -1;
  long sliceEndNs = Time.NEVER;
  long chargedNs;

  /*
   * Virtual time at which the latest slice on this slot began: what a unit that slept starts from.
   */
  long levelNs;

  Slot(int index, int firstLp, int lpCount) {
    this.index = index;
    this.firstLp = firstLp;
    this.lpCount = lpCount;
    this.occupant = new int[lpCount];
    this.holder = new int[lpCount];
    Arrays.fill(occupant, VACANT);
    Arrays.fill(holder, Entities.NONE);
  }

  /// Charges the time since the last charge to the unit that is leaving or going on.
  void charge(SchedulingUnit unit, long nowNs) {
    unit.charge(nowNs - chargedNs);
    unit.share.family.charge(index, nowNs - chargedNs);
    chargedNs = nowNs;
  }
}
