package dev.stint.model.workload;

import dev.stint.model.time.Invariant;
import java.util.Arrays;

/// A first-in, first-out queue of longs that allocates only when it grows.
final class LongRing {
  private long[] values = new long[16];
  private int head;
  private int size;

  int size() {
    return size;
  }

  void add(long value) {
    if (size == values.length) {
      long[] larger = Arrays.copyOf(values, size * 2);
      System.arraycopy(values, 0, larger, size, head);
      values = larger;
    }
    values[(head + size++) & (values.length - 1)] = value;
  }

  long get(int index) {
    Invariant.check(index < size, "a ring's index is below its size", index, size);
    return values[(head + index) & (values.length - 1)];
  }

  long removeFirst() {
    long value = get(0);
    head = (head + 1) & (values.length - 1);
    size--;
    return value;
  }
}
