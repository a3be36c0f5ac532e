package dev.stint.model.hypervisor;

import java.util.ArrayList;
import java.util.List;

/// Effective weights of all shares, from the controls, the family rule and what is active.
final class Weights {
  /// Effective weights carry this many binary places.
  static final int SCALE_SHIFT = 20;

  /* 1/1024: keeps virtual time within 2^63 for runs of more than a day. */
  private static final long LEAST_SCALED = 1L << (SCALE_SHIFT - 10);

  private final List<Share> shares = new ArrayList<>();
  private final List<Family> families = new ArrayList<>();
  private final boolean fitToSlots;
  private final int slotCount;
  private boolean sharesChanged;

  /* Per component: slots not yet claimed, and the weight of the active units that share them. */
  private final long[] slotsLeft;
  private final long[] weightLeft;
  private final long[] lightest;
  private final int[] componentSlots;

  /// `fitToSlots` limits every unit to the weight that a whole slot is worth; it needs a run list
  /// that spans the slots.
  Weights(int slotCount, boolean fitToSlots) {
    this.slotCount = slotCount;
    this.fitToSlots = fitToSlots;
    slotsLeft = new long[slotCount];
    weightLeft = new long[slotCount];
    lightest = new long[slotCount];
    componentSlots = new int[slotCount];
  }

  void add(Share share) {
    shares.add(share);
    if (share.family != Family.NONE && !families.contains(share.family)) {
      families.add(share.family);
    }
    sharesChanged = true;
  }

  /// Nobody draws on `share` any more.
  void remove(Share share) {
    if (shares.remove(share)) {
      if (shares.stream().noneMatch(other -> other.family == share.family)) {
        families.remove(share.family);
      }
      sharesChanged = true;
    }
  }

  /*
   * Two steps.
   *
   * Family: W_F is the sum of the L1VH's own units' weights. While the active units of the family
   * sum up to more, each weighs w * W_F / sum: the family as a whole then weighs W_F.
   *
   * Fit to slots (weight readjustment: Chandra, Adler, Goyal, Shenoy, "Surplus fair scheduling",
   * OSDI 2000): a unit can use at most one slot. Where w / sum > 1 / slots, virtual time would
   * advance too slowly for what the unit can get, fall behind all others without bound, and the
   * next unit to start from it would starve them. Such a unit weighs what makes its part exactly
   * one slot: the heaviest first, each leaves one slot less and its weight less to the others; the
   * lighter rest, with weight sum S on p slots, is unchanged, and the limited ones weigh S / p.
   */
  /// Computes the weights that hold from now on into `nextScaled`; says whether any active share's
  /// changes.
  boolean compute() {
    applyFamilies();
    if (fitToSlots) {
      fit();
    }
    boolean changed = false;
    for (int i = 0; i < shares.size(); i++) {
      Share share = shares.get(i);
      changed |= share.activeCount > 0 && share.nextScaled != share.effectiveScaled;
    }
    return changed;
  }

  /// Puts the computed weights in force.
  void install() {
    for (int i = 0; i < shares.size(); i++) {
      Share share = shares.get(i);
      share.effectiveScaled = share.nextScaled;
    }
  }

  private void applyFamilies() {
    for (int i = 0; i < families.size(); i++) {
      families.get(i).activeWeight = 0;
    }
    for (int i = 0; i < shares.size(); i++) {
      Share share = shares.get(i);
      if (share.family != Family.NONE) {
        share.family.activeWeight += (long) share.activeCount * share.weight;
      }
    }
    for (int i = 0; i < shares.size(); i++) {
      Share share = shares.get(i);
      Family family = share.family;
      long scaled = (long) share.weight << SCALE_SHIFT;
      if (family != Family.NONE && family.activeWeight > family.ownWeight) {
        // weight <= 10^4 and own weight <= 2 * 10^7: below 2^38, and 2^58 when scaled.
        scaled = ((share.weight * family.ownWeight) << SCALE_SHIFT) / family.activeWeight;
      }
      share.familyScaled = Math.max(LEAST_SCALED, scaled);
      share.nextScaled = share.familyScaled;
    }
  }

  private void fit() {
    if (sharesChanged) {
      sharesChanged = false;
      joinComponents();
    }
    for (int i = 0; i < slotCount; i++) {
      slotsLeft[i] = componentSlots[i];
      weightLeft[i] = 0;
      lightest[i] = 0;
    }
    sortByWeight();
    for (int i = 0; i < shares.size(); i++) {
      Share share = shares.get(i);
      weightLeft[share.component] += share.activeCount * share.familyScaled;
    }
    int limited = 0;
    for (int i = 0; i < shares.size(); i++) {
      Share share = shares.get(i);
      int component = share.component;
      if (share.activeCount == 0) {
        continue;
      }
      // All units of a share weigh the same: w * p > S holds for all of them or for none.
      if (share.familyScaled * slotsLeft[component] > weightLeft[component]) {
        slotsLeft[component] -= share.activeCount;
        weightLeft[component] -= share.activeCount * share.familyScaled;
        lightest[component] = share.familyScaled;
        share.nextScaled = 0;
        limited++;
      }
    }
    for (int i = 0; limited > 0 && i < shares.size(); i++) {
      Share share = shares.get(i);
      if (share.nextScaled == 0) {
        int component = share.component;
        share.nextScaled =
            weightLeft[component] > 0
                ? weightLeft[component] / slotsLeft[component]
                : lightest[component];
        limited--;
      }
    }
  }

  /* Heaviest first. Insertion sort: the order seldom changes between two calls. */
  private void sortByWeight() {
    for (int i = 1; i < shares.size(); i++) {
      Share share = shares.get(i);
      int at = i;
      while (at > 0 && shares.get(at - 1).familyScaled < share.familyScaled) {
        shares.set(at, shares.get(at - 1));
        at--;
      }
      shares.set(at, share);
    }
  }

  /* Shares that have a slot in common compete: they are one component, and so on transitively. */
  private void joinComponents() {
    int[] root = new int[slotCount];
    for (int i = 0; i < slotCount; i++) {
      root[i] = i;
    }
    for (Share share : shares) {
      int first = find(root, share.slots.next(0));
      for (int slot = share.slots.next(0); slot >= 0; slot = share.slots.next(slot + 1)) {
        root[find(root, slot)] = first;
      }
    }
    for (int i = 0; i < slotCount; i++) {
      componentSlots[i] = 0;
    }
    for (int i = 0; i < slotCount; i++) {
      componentSlots[find(root, i)]++;
    }
    for (Share share : shares) {
      share.component = find(root, share.slots.next(0));
    }
  }

  private static int find(int[] root, int slot) {
    int at = slot;
    while (root[at] != at) {
      at = root[at];
    }
    return at;
  }
}
