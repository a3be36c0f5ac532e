package dev.stint.model.linux;

/// A level of the hierarchy in which load is balanced, from the nearest CPUs outwards (`struct
/// sched_domain_topology_level`; facts: linux.md §5.1).
enum SchedLevel {
  /// Hardware threads of a core.
  SMT(110, 0),
  /// Cores under a last-level cache.
  MC(117, 1),
  /// Caches of a NUMA node.
  PKG(117, 1),
  /// NUMA nodes.
  NUMA(117, 2);

  /// From how many per cent of another group's load on a group counts as busier.
  final int imbalancePercent;

  /// Failed attempts after which cache-hot tasks are moved too.
  final int cacheNiceTries;

  SchedLevel(int imbalancePercent, int cacheNiceTries) {
    this.imbalancePercent = imbalancePercent;
    this.cacheNiceTries = cacheNiceTries;
  }

  /// Its CPUs share the execution units (`SD_SHARE_CPUCAPACITY`).
  boolean sharesCapacity() {
    return this == SMT;
  }

  /// Its CPUs share the last-level cache (`SD_SHARE_LLC`).
  boolean sharesCache() {
    return this == SMT || this == MC;
  }

  /// Tasks prefer a sibling of this level to company in it (`SD_PREFER_SIBLING`).
  boolean prefersSibling() {
    return this != NUMA;
  }
}
