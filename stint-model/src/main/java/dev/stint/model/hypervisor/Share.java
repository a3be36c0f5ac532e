package dev.stint.model.hypervisor;

import dev.stint.model.machine.CpuSet;

/// The weight that the units of one partition with the same LPs have in common, and how many of
/// them are active.
final class Share {
  static final Share NONE = new Share("", 0, CpuSet.EMPTY, Family.NONE);

  final String partition;
  final int weight;
  final CpuSet slots;
  final Family family;

  /* Units that are ready or running. */
  int activeCount;

  /* Weight in force, times 2^SCALE_SHIFT. */
  long effectiveScaled;

  /* Those that weigh the same, as Weights grouped them. */
  EqualShares peers = EqualShares.NONE;

  /* Noted by Weights as having become active. */
  boolean awakened;

  Share(String partition, int weight, CpuSet slots, Family family) {
    this.partition = partition;
    this.weight = weight;
    this.slots = slots;
    this.family = family;
    this.effectiveScaled = Math.max(1L, (long) weight << Weights.SCALE_SHIFT);
  }
}
