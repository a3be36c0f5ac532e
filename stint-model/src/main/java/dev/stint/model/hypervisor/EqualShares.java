package dev.stint.model.hypervisor;

/// All shares of one weight and family that compete with the same others: their active units weigh
/// the same, so that weights are found for this many, not for every partition.
final class EqualShares {
  /// Of a share that was never grouped. Never changed.
  static final EqualShares NONE = new EqualShares(new Competition(0), 0, Family.NONE);

  final Competition competition;
  final Family family;
  private final int weight;

  /* Units that are ready or running, of all of them. */
  int activeCount;

  /* What an inactive unit weighs, and what an active one does from now on; times 2^SCALE_SHIFT. */
  long familyScaled;
  long nextScaled;

  /* What the active ones weighed when weights were computed last, or -1 if there were none. */
  private long inForceScaled = -1;

  EqualShares(Competition competition, int weight, Family family) {
    this.competition = competition;
    this.weight = weight;
    this.family = family;
  }

  /// Applies the family rule.
  void applyFamily() {
    long scaled = (long) weight << Weights.SCALE_SHIFT;
    if (family != Family.NONE && family.activeWeight > family.ownWeight) {
      // weight <= 10^4 and own weight <= 2 * 10^7: below 2^38, and 2^58 when scaled.
      scaled = ((weight * family.ownWeight) << Weights.SCALE_SHIFT) / family.activeWeight;
    }
    familyScaled = Math.max(Weights.LEAST_SCALED, scaled);
    nextScaled = familyScaled;
  }

  /// What all its active units weigh, before they are fitted to slots.
  long activeScaled() {
    return activeCount * familyScaled;
  }

  /// The computed weight is what counts now; says whether it differs for units that were active
  /// already.
  boolean settle() {
    boolean differs = activeCount > 0 && inForceScaled >= 0 && inForceScaled != nextScaled;
    inForceScaled = activeCount > 0 ? nextScaled : -1;
    return differs;
  }
}
