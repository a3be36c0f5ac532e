package dev.stint.model.hypervisor;

import java.util.List;
import java.util.Optional;

/// A slot of the oracle: what runs, what will run when the instant is over, and its time slice.
final class NaiveSlot {
  final int index;
  final List<Integer> lps;
  final int timer;
  Optional<NaiveUnit> running = Optional.empty();
  Optional<NaiveUnit> next = Optional.empty();
  boolean expired;
  boolean slice;
  long sliceEndNs = Long.MAX_VALUE;
  long chargedNs;
  long levelNs;

  NaiveSlot(int index, List<Integer> lps, int timer) {
    this.index = index;
    this.lps = lps;
    this.timer = timer;
  }
}
