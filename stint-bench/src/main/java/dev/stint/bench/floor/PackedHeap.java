package dev.stint.bench.floor;

import java.util.Arrays;

/// The next event of each of many sources, earliest first: a 4-ary heap of longs that hold time and
/// source.
///
/// Every source always has one event, so the only operation is to replace the earliest by the same
/// source's next.
final class PackedHeap {
  /*
   * The children of i are 4i+1 to 4i+4. Keys are unique and not negative, so the sign of a
   * difference is the order, and the least of four is found without a branch. The array ends in
   * keys greater than any other.
   */
  private static final int ARITY_SHIFT = 2;
  private static final int ARITY = 1 << ARITY_SHIFT;

  private final int sourceBits;
  private final int sourceMask;
  private final int size;
  private final long[] keys;

  /// A heap of events that are all at 0.
  ///
  /// @param sources how many, 1 to 2^20
  PackedHeap(int sources) {
    sourceBits = Integer.SIZE - Integer.numberOfLeadingZeros(sources - 1 | 1);
    sourceMask = (1 << sourceBits) - 1;
    size = sources;
    keys = new long[sources + ARITY];
    Arrays.fill(keys, Long.MAX_VALUE);
    for (int source = 0; source < sources; source++) {
      keys[source] = source; // in order, so it is a heap
    }
  }

  long timeNs() {
    return keys[0] >>> sourceBits;
  }

  int source() {
    return (int) keys[0] & sourceMask;
  }

  /// Replaces the earliest event by one at `timeNs`, of the same source.
  void replace(long timeNs) {
    long itsKey = timeNs << sourceBits | source();
    int at = 0;
    int child = 1;
    while (child < size) {
      long key0 = keys[child];
      long key1 = keys[child + 1];
      long key2 = keys[child + 2];
      long key3 = keys[child + 3];
      int least01 = child + (int) ((key1 - key0) >>> 63);
      int least23 = child + 2 + (int) ((key3 - key2) >>> 63);
      long min01 = Math.min(key0, key1);
      long min23 = Math.min(key2, key3);
      int least = least01 + (least23 - least01) * (int) ((min23 - min01) >>> 63);
      long leastKey = Math.min(min01, min23);
      if (itsKey < leastKey) {
        break;
      }
      keys[at] = leastKey;
      at = least;
      child = (at << ARITY_SHIFT) + 1;
    }
    keys[at] = itsKey;
  }
}
