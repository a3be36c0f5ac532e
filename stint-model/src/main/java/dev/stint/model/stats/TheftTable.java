package dev.stint.model.stats;

import dev.stint.model.trace.Entities;
import java.util.Arrays;

/// The theft matrix: nanoseconds by (victim, reason, occupant), as one open-addressed hash of
/// primitives.
final class TheftTable {
  /*
   * Key: victim (28 bits) | reason (4 bits) | occupant + 1 (31 bits), so that no occupant is 0 and
   * a key is never negative. Linear probing at a load of at most one half; no cell is ever removed.
   * Nothing outside sees the order of the slots: readers sort.
   */
  private static final long EMPTY = -1;
  private static final int REASON_SHIFT = 31;
  private static final int VICTIM_SHIFT = 35;
  private static final long OCCUPANT_MASK = (1L << REASON_SHIFT) - 1;

  private long[] keys = new long[256];
  private long[] valuesNs = new long[256];
  private int size;

  TheftTable() {
    Arrays.fill(keys, EMPTY);
  }

  static long key(int victim, int reason, int occupant) {
    return ((long) victim << VICTIM_SHIFT)
        | ((long) reason << REASON_SHIFT)
        | (occupant - Entities.NONE);
  }

  static int victim(long key) {
    return (int) (key >>> VICTIM_SHIFT);
  }

  static int reason(long key) {
    return (int) (key >>> REASON_SHIFT) & 15;
  }

  static int occupant(long key) {
    return (int) (key & OCCUPANT_MASK) + Entities.NONE;
  }

  void add(long key, long ns) {
    int slot = slotOf(key);
    if (keys[slot] == EMPTY) {
      if (++size * 2 > keys.length) {
        grow();
        slot = slotOf(key);
      }
      keys[slot] = key;
    }
    valuesNs[slot] += ns;
  }

  long ns(long key) {
    int slot = slotOf(key);
    return keys[slot] == EMPTY ? 0 : valuesNs[slot];
  }

  /// All keys, ascending: by victim, then reason, then occupant.
  long[] sortedKeys() {
    long[] sorted = new long[size];
    int at = 0;
    for (long key : keys) {
      if (key != EMPTY) {
        sorted[at++] = key;
      }
    }
    Arrays.sort(sorted);
    return sorted;
  }

  private int slotOf(long key) {
    int mask = keys.length - 1;
    int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (keys[slot] != key && keys[slot] != EMPTY) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldKeys = keys;
    long[] oldValuesNs = valuesNs;
    keys = new long[oldKeys.length * 2];
    valuesNs = new long[oldKeys.length * 2];
    Arrays.fill(keys, EMPTY);
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != EMPTY) {
        int slot = slotOf(oldKeys[i]);
        keys[slot] = oldKeys[i];
        valuesNs[slot] = oldValuesNs[i];
      }
    }
  }
}
