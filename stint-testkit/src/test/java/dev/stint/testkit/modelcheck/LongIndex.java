package dev.stint.testkit.modelcheck;

import java.util.Arrays;

/// Numbers that were seen, each with its index in the order of their coming: an open-addressed set
/// of 12 to 20 bytes a number.
final class LongIndex {
  private long[] keys = new long[1 << 10];
  private int[] table = new int[1 << 11];
  private int size;

  /// Adds a number if it is new.
  ///
  /// @return its index
  int add(long key) {
    int mask = table.length - 1;
    long hash = key * 0x9E3779B97F4A7C15L;
    int at = (int) (hash >>> 32) & mask;
    while (table[at] != 0) {
      if (keys[table[at] - 1] == key) {
        return table[at] - 1;
      }
      at = (at + 1) & mask;
    }
    if (size == keys.length) {
      grow();
      return add(key);
    }
    keys[size] = key;
    size++;
    table[at] = size;
    return size - 1;
  }

  private void grow() {
    long[] old = Arrays.copyOf(keys, size);
    keys = new long[old.length * 2];
    table = new int[old.length * 4];
    size = 0;
    for (long key : old) {
      add(key);
    }
  }

  /// The number with this index.
  long get(int index) {
    return keys[index];
  }

  /// How many there are.
  int size() {
    return size;
  }
}
