package dev.stint.model.hypervisor;

/// An L1VH and the children that the hypervisor schedules for it: together they weigh no more than
/// the L1VH's own units.
///
/// What a child had ahead of others when it was deleted is remembered for each slot: the next child
/// starts there, or an L1VH could run for ever in children that each begin level with everybody.
final class Family {
  /// A partition that is nobody's family.
  static final Family NONE = new Family(0);

  /* Sum of the weights of the L1VH's own units, active or not. */
  long ownWeight;

  /* Scratch of Weights: sum of the weights of all active units. */
  long activeWeight;

  private final long[] departedNs;

  Family(int slotCount) {
    departedNs = new long[slotCount];
  }

  /// A unit left with this virtual time on the scale of that slot.
  void depart(int slot, long virtualTimeNs) {
    if (this != NONE) {
      departedNs[slot] = Math.max(departedNs[slot], virtualTimeNs);
    }
  }

  /// The greatest virtual time with which a unit left, 0 if none did.
  long departedNs(int slot) {
    return this == NONE ? 0 : departedNs[slot];
  }
}
