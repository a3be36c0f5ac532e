package dev.stint.model.hypervisor;

import dev.stint.model.machine.CpuSet;

/// A mutable set of slot indices that is walked in ascending order: decisions never depend on the
/// order of events.
final class SlotSet {
  /*
   * Most sets of a big host are empty or nearly so, and are walked at every decision: a bit of
   * `filled` says whether a word has a member.
   */
  private final long[] words;
  private final long[] filled;

  SlotSet(int slotCount) {
    words = new long[(slotCount + 63) / 64];
    filled = new long[(words.length + 63) / 64];
  }

  void add(int index) {
    int word = index >> 6;
    words[word] |= 1L << index;
    filled[word >> 6] |= 1L << word;
  }

  void remove(int index) {
    int word = index >> 6;
    words[word] &= ~(1L << index);
    if (words[word] == 0) {
      filled[word >> 6] &= ~(1L << word);
    }
  }

  boolean contains(int index) {
    return (words[index >> 6] & (1L << index)) != 0;
  }

  void clear() {
    for (int word = nextFilled(0); word >= 0; word = nextFilled(word + 1)) {
      words[word] = 0;
    }
    for (int i = 0; i < filled.length; i++) {
      filled[i] = 0;
    }
  }

  boolean isEmpty() {
    return nextFilled(0) < 0;
  }

  /// The least member not below `from`, or -1.
  int next(int from) {
    int word = from >> 6;
    if (word >= words.length) {
      return -1;
    }
    long bits = words[word] & (-1L << from);
    if (bits == 0) {
      word = nextFilled(word + 1);
      if (word < 0) {
        return -1;
      }
      bits = words[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(bits);
  }

  /// The least member not below `from` that is in `other` too, or -1.
  int next(int from, CpuSet other) {
    int mine = next(from);
    while (mine >= 0) {
      int both = other.next(mine);
      if (both == mine || both < 0) {
        return both;
      }
      mine = next(both);
    }
    return -1;
  }

  private int nextFilled(int from) {
    int at = from >> 6;
    if (at >= filled.length) {
      return -1;
    }
    long bits = filled[at] & (-1L << from);
    while (bits == 0) {
      if (++at == filled.length) {
        return -1;
      }
      bits = filled[at];
    }
    return (at << 6) + Long.numberOfTrailingZeros(bits);
  }
}
