package dev.stint.model.hypervisor;

/// An L1VH and the children that the hypervisor schedules for it: together they weigh no more than
/// the L1VH's own units.
final class Family {
  /// A partition that is nobody's family.
  static final Family NONE = new Family();

  /* Sum of the weights of the L1VH's own units, active or not. */
  long ownWeight;

  /* Scratch of Weights: sum of the weights of all active units. */
  long activeWeight;
}
