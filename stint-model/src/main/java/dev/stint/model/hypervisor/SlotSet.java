package dev.stint.model.hypervisor;

/// A mutable set of slot indices that is walked in ascending order: decisions never depend on the
/// order of events.
final class SlotSet {
  private final long[] words;

  SlotSet(int slotCount) {
    words = new long[(slotCount + 63) / 64];
  }

  void add(int index) {
    words[index >> 6] |= 1L << index;
  }

  void remove(int index) {
    words[index >> 6] &= ~(1L << index);
  }

  boolean contains(int index) {
    return (words[index >> 6] & (1L << index)) != 0;
  }

  void clear() {
    for (int i = 0; i < words.length; i++) {
      words[i] = 0;
    }
  }

  boolean isEmpty() {
    return next(0) < 0;
  }

  /// The least member not below `from`, or -1.
  int next(int from) {
    int word = from >> 6;
    if (word >= words.length) {
      return -1;
    }
    long bits = words[word] & (-1L << from);
    while (bits == 0) {
      if (++word == words.length) {
        return -1;
      }
      bits = words[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(bits);
  }
}
