package dev.stint.model.sim;

import java.util.Arrays;

/// Deferred work, first come first served, in an array that is used round and round.
final class DeferredQueue {
  /*
   * Work is known by a number: to store an object in an array costs a check of its type.
   */
  private int[] ring = new int[64];
  private int head;
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  void add(int work) {
    if (size == ring.length) {
      grow();
    }
    ring[head + size++ & ring.length - 1] = work;
  }

  /// The oldest; the queue is not empty.
  int remove() {
    int oldest = ring[head];
    head = head + 1 & ring.length - 1;
    size--;
    return oldest;
  }

  private void grow() {
    int front = ring.length - head;
    int[] larger = Arrays.copyOf(ring, 2 * ring.length);
    System.arraycopy(ring, head, larger, 0, front);
    System.arraycopy(ring, 0, larger, front, head);
    ring = larger;
    head = 0;
  }
}
