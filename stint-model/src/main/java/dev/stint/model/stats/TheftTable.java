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

  /* A cell's key, and then its nanoseconds: both are needed at once. */
  private long[] cells = new long[512];
  private int mask = 255;
  private int size;

  TheftTable() {
    clear(cells);
  }

  private static void clear(long[] cells) {
    for (int at = 0; at < cells.length; at += 2) {
      cells[at] = EMPTY;
    }
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
    int at = find(key);
    if (cells[at] == EMPTY) {
      if (++size * 2 > mask + 1) {
        grow();
        at = find(key);
      }
      cells[at] = key;
    }
    cells[at + 1] += ns;
  }

  long ns(long key) {
    int at = find(key);
    return cells[at] == EMPTY ? 0 : cells[at + 1];
  }

  /// All keys, ascending: by victim, then reason, then occupant.
  long[] sortedKeys() {
    long[] sorted = new long[size];
    int at = 0;
    for (int cell = 0; cell < cells.length; cell += 2) {
      if (cells[cell] != EMPTY) {
        sorted[at++] = cells[cell];
      }
    }
    Arrays.sort(sorted);
    return sorted;
  }

  /// Where the key is, or is to be put.
  private int find(long key) {
    int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    while (cells[2 * slot] != key && cells[2 * slot] != EMPTY) {
      slot = (slot + 1) & mask;
    }
    return 2 * slot;
  }

  private void grow() {
    long[] old = cells;
    cells = new long[old.length * 2];
    mask = old.length - 1;
    clear(cells);
    for (int from = 0; from < old.length; from += 2) {
      if (old[from] != EMPTY) {
        int at = find(old[from]);
        cells[at] = old[from];
        cells[at + 1] = old[from + 1];
      }
    }
  }
}
