package dev.stint.model.hypervisor;

/// An L1VH and the children that the hypervisor schedules for it: together they weigh no more than
/// the L1VH's own units.
///
/// The family has a virtual clock of its own: it advances as that of one unit with the weight of
/// the L1VH's own units would, had that unit run whatever the family ran. A child that is made
/// during the run starts there. If it started level with everybody, an L1VH could run for ever in
/// new children, each of which has yet to pay for its first time slice.
final class Family {
  /// A partition that is nobody's family.
  static final Family NONE = new Family(0, true);

  /* Sum of the weights of the L1VH's own units, active or not. */
  long ownWeight;

  /* How many those are. */
  int ownUnits;

  /* Kept by Weights: sum of the weights of all active units. */
  long activeWeight;

  /* One clock where virtual times of all slots are comparable, else one per slot. */
  private final long[] clockNs;
  private final long[] remainder;

  Family(int slotCount, boolean comparable) {
    clockNs = new long[comparable ? Math.min(1, slotCount) : slotCount];
    remainder = new long[clockNs.length];
  }

  /// One of its units ran on that slot.
  void charge(int slot, long ranNs) {
    if (this == NONE || ownWeight == 0) {
      return;
    }
    int index = clockNs.length == 1 ? 0 : slot;
    // Of a clock for each slot: the part of the weight that can be there.
    int parts = Math.max(1, Math.min(clockNs.length, ownUnits));
    long numerator = ranNs * 100 * parts + remainder[index];
    clockNs[index] += numerator / ownWeight;
    remainder[index] = numerator % ownWeight;
  }

  /// Where a unit that was made during the run starts on a slot with this level.
  long joinNs(int slot, long levelNs) {
    if (this == NONE) {
      return levelNs;
    }
    int index = clockNs.length == 1 ? 0 : slot;
    clockNs[index] = Math.max(clockNs[index], levelNs);
    return clockNs[index];
  }
}
