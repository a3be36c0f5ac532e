package dev.stint.model.linux;

/// CPUs among which load is balanced, and no further (`struct root_domain`): all of a kernel's, or
/// those of a cpuset partition.
final class RootDomain {
  /// Some CPU has a second task: a CPU that idles may find work. Set at once, cleared by a balance
  /// of the highest level that finds none.
  boolean overloaded;
}
