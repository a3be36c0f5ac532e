package dev.stint.model.linux;

/// How loaded a group of CPUs is, from least to most (`enum group_type`). Asymmetric packing and
/// cores of different capacity are not modelled.
enum GroupType {
  /// It can take more tasks.
  HAS_SPARE,
  /// Its CPUs are busy, yet no task waits long.
  FULLY_BUSY,
  /// A task runs on a CPU of reduced capacity.
  MISFIT,
  /// Threads of a core are busy while whole cores idle elsewhere.
  SMT_BALANCE,
  /// Pinned tasks kept a level below out of balance.
  IMBALANCED,
  /// More tasks than its CPUs can serve.
  OVERLOADED
}
