package dev.stint.model.hypervisor;

import dev.stint.model.time.Invariant;
import java.util.Arrays;

/// A run list: waiting units in the order of [SchedulingUnit#before]. A binary heap over an array;
/// a unit knows its place, so that removal costs O(log n). Allocates only to grow.
final class RunList {
  static final RunList NONE = new RunList();

  private SchedulingUnit[] heap = new SchedulingUnit[8];
  private int size;

  int size() {
    return size;
  }

  SchedulingUnit get(int position) {
    return heap[position];
  }

  /// The first unit, or [SchedulingUnit#IDLE].
  SchedulingUnit first() {
    return size == 0 ? SchedulingUnit.IDLE : heap[0];
  }

  void add(SchedulingUnit unit) {
    Invariant.check(!unit.waiting(), "a unit waits in one run list");
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    unit.list = this;
    siftUp(size++, unit);
  }

  void remove(SchedulingUnit unit) {
    Invariant.check(unit.list == this && unit.waiting(), "a unit is removed from its run list");
    int position = unit.position;
    unit.position = -1;
    unit.list = NONE;
    SchedulingUnit last = heap[--size];
    if (last != unit) {
      replace(position, last);
    }
  }

  /// Re-establishes the order after keys changed.
  void reorder() {
    for (int i = size / 2 - 1; i >= 0; i--) {
      siftDown(i, heap[i]);
    }
  }

  private void replace(int position, SchedulingUnit unit) {
    if (position > 0 && SchedulingUnit.before(unit, heap[(position - 1) / 2])) {
      siftUp(position, unit);
    } else {
      siftDown(position, unit);
    }
  }

  private void siftUp(int from, SchedulingUnit unit) {
    int at = from;
    while (at > 0 && SchedulingUnit.before(unit, heap[(at - 1) / 2])) {
      put(at, heap[(at - 1) / 2]);
      at = (at - 1) / 2;
    }
    put(at, unit);
  }

  private void siftDown(int from, SchedulingUnit unit) {
    int at = from;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && SchedulingUnit.before(heap[child + 1], heap[child])) {
        child++;
      }
      if (!SchedulingUnit.before(heap[child], unit)) {
        break;
      }
      put(at, heap[child]);
      at = child;
    }
    put(at, unit);
  }

  private void put(int at, SchedulingUnit unit) {
    heap[at] = unit;
    unit.position = at;
  }

  void checkInvariants() {
    for (int i = 0; i < size; i++) {
      SchedulingUnit unit = heap[i];
      Invariant.check(unit.position == i && unit.list == this, "a unit knows its place", i);
      Invariant.check(
          i == 0 || !SchedulingUnit.before(unit, heap[(i - 1) / 2]), "the run list is in order", i);
    }
  }
}
