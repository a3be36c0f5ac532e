package dev.stint.model.hypervisor;

import java.util.ArrayList;
import java.util.List;

/// Shares that have slots in common, and so on transitively, with these slots: what is active here
/// decides what its units weigh, and nothing elsewhere but their family does.
final class Competition {
  private final int slotCount;
  private final List<EqualShares> rivals = new ArrayList<>();

  /* Something in it became active or inactive since its weights were computed. */
  boolean marked;

  Competition(int slotCount) {
    this.slotCount = slotCount;
  }

  void add(EqualShares peers) {
    rivals.add(peers);
  }

  /// Computes what its active units weigh; says whether that changes for one that was active.
  ///
  /// @param fitToSlots whether no unit may weigh more than a slot is worth
  boolean weigh(boolean fitToSlots) {
    marked = false;
    for (int i = 0; i < rivals.size(); i++) {
      rivals.get(i).applyFamily();
    }
    if (fitToSlots) {
      fit();
    }
    boolean changed = false;
    for (int i = 0; i < rivals.size(); i++) {
      changed |= rivals.get(i).settle();
    }
    return changed;
  }

  private void fit() {
    sortByWeight();
    long slotsLeft = slotCount;
    long weightLeft = 0;
    long lightest = 0;
    for (int i = 0; i < rivals.size(); i++) {
      weightLeft += rivals.get(i).activeScaled();
    }
    int limited = 0;
    for (int i = 0; i < rivals.size(); i++) {
      EqualShares peers = rivals.get(i);
      // All of them weigh the same: w * p > S holds for all active units or for none.
      if (peers.activeCount > 0 && peers.familyScaled * slotsLeft > weightLeft) {
        slotsLeft -= peers.activeCount;
        weightLeft -= peers.activeScaled();
        lightest = peers.familyScaled;
        peers.nextScaled = 0;
        limited++;
      }
    }
    for (int i = 0; limited > 0 && i < rivals.size(); i++) {
      EqualShares peers = rivals.get(i);
      if (peers.nextScaled == 0) {
        peers.nextScaled = weightLeft > 0 ? weightLeft / slotsLeft : lightest;
        limited--;
      }
    }
  }

  /* Heaviest first. Insertion sort: the order seldom changes between two calls. */
  private void sortByWeight() {
    for (int i = 1; i < rivals.size(); i++) {
      EqualShares peers = rivals.get(i);
      int at = i;
      while (at > 0 && rivals.get(at - 1).familyScaled < peers.familyScaled) {
        rivals.set(at, rivals.get(at - 1));
        at--;
      }
      rivals.set(at, peers);
    }
  }
}
