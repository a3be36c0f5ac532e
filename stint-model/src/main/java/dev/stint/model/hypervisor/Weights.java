package dev.stint.model.hypervisor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Effective weights of all shares, from the controls, the family rule and what is active.
final class Weights {
  /// Effective weights carry this many binary places.
  static final int SCALE_SHIFT = 20;

  /// 1/1024: keeps virtual time within 2^63 for runs of more than a day.
  static final long LEAST_SCALED = 1L << (SCALE_SHIFT - 10);

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
   *
   * What became active or not since the last time is all that is looked at: its competition, or
   * all of them where it has a family, which may be in several.
   */
  private final List<Share> shares = new ArrayList<>();
  private final List<Competition> competitions = new ArrayList<>();
  private final boolean fitToSlots;
  private final int slotCount;
  private boolean sharesChanged;

  private Competition[] marked = new Competition[0];
  private int markedCount;

  /* Shares whose first unit became active. */
  private Share[] awakened = new Share[0];
  private int awakenedCount;

  /// `fitToSlots` limits every unit to the weight that a whole slot is worth; it needs a run list
  /// that spans the slots.
  Weights(int slotCount, boolean fitToSlots) {
    this.slotCount = slotCount;
    this.fitToSlots = fitToSlots;
  }

  void add(Share share) {
    shares.add(share);
    sharesChanged = true;
  }

  /// Nobody draws on `share` any more.
  void remove(Share share) {
    sharesChanged |= shares.remove(share);
  }

  /// One more unit of `share` is active, or one less (`change` is 1 or -1).
  void activity(Share share, int change) {
    share.activeCount += change;
    if (sharesChanged) {
      return; // all is counted when the shares are grouped
    }
    EqualShares peers = share.peers;
    peers.activeCount += change;
    if (change > 0 && share.activeCount == 1 && !share.awakened) {
      share.awakened = true;
      awakened[awakenedCount++] = share;
    }
    if (peers.family == Family.NONE) {
      mark(peers.competition);
    } else {
      peers.family.activeWeight += (long) change * share.weight;
      for (int i = 0; i < competitions.size(); i++) {
        mark(competitions.get(i));
      }
    }
  }

  private void mark(Competition competition) {
    if (!competition.marked) {
      competition.marked = true;
      marked[markedCount++] = competition;
    }
  }

  /// Computes the weights that hold from now on; says whether any active share's changes.
  boolean compute() {
    if (sharesChanged) {
      sharesChanged = false;
      group();
    }
    boolean changed = false;
    for (int i = 0; i < markedCount; i++) {
      changed |= marked[i].weigh(fitToSlots);
    }
    markedCount = 0;
    for (int i = 0; i < awakenedCount; i++) {
      Share share = awakened[i];
      share.awakened = false;
      changed |= share.activeCount > 0 && share.peers.nextScaled != share.effectiveScaled;
    }
    awakenedCount = 0;
    return changed;
  }

  /// Puts the computed weights in force.
  void install() {
    for (int i = 0; i < shares.size(); i++) {
      Share share = shares.get(i);
      share.effectiveScaled =
          share.activeCount > 0 ? share.peers.nextScaled : share.peers.familyScaled;
    }
  }

  /* Anew, as if everything that is active had just become so. */
  private void group() {
    competitions.clear();
    markedCount = 0;
    awakened = shares.toArray(Share[]::new);
    awakenedCount = awakened.length;
    record Kind(Competition competition, int weight, Family family) {}
    Map<Kind, EqualShares> known = new LinkedHashMap<>();
    Competition[] bySlot = joinBySlot();
    for (Share share : shares) {
      share.family.activeWeight = 0;
    }
    for (Share share : shares) {
      Competition competition = bySlot[share.slots.next(0)];
      share.peers =
          known.computeIfAbsent(
              new Kind(competition, share.weight, share.family),
              kind -> new EqualShares(kind.competition, kind.weight, kind.family));
      share.peers.activeCount += share.activeCount;
      share.awakened = true;
      if (share.family != Family.NONE) {
        share.family.activeWeight += (long) share.activeCount * share.weight;
      }
    }
    known.values().forEach(peers -> peers.competition.add(peers));
    marked = new Competition[competitions.size()];
    competitions.forEach(this::mark);
  }

  /* Shares that have a slot in common compete, and so on transitively. */
  private Competition[] joinBySlot() {
    int[] root = new int[slotCount];
    Arrays.setAll(root, slot -> slot);
    for (Share share : shares) {
      int first = find(root, share.slots.next(0));
      for (int slot = share.slots.next(0); slot >= 0; slot = share.slots.next(slot + 1)) {
        root[find(root, slot)] = first;
      }
    }
    int[] sizes = new int[slotCount];
    for (int slot = 0; slot < slotCount; slot++) {
      sizes[find(root, slot)]++;
    }
    Competition[] bySlot = new Competition[slotCount];
    for (int slot = 0; slot < slotCount; slot++) {
      int first = find(root, slot);
      if (sizes[first] > 0) {
        Competition competition = new Competition(sizes[first]);
        competitions.add(competition);
        sizes[first] = 0;
        bySlot[first] = competition;
      }
    }
    for (int slot = 0; slot < slotCount; slot++) {
      bySlot[slot] = bySlot[find(root, slot)];
    }
    return bySlot;
  }

  private static int find(int[] root, int slot) {
    int at = slot;
    while (root[at] != at) {
      at = root[at];
    }
    return at;
  }
}
