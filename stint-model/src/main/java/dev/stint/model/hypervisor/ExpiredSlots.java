package dev.stint.model.hypervisor;

import dev.stint.model.machine.CpuSet;
import java.util.Arrays;

/// The slots whose time slice is over, and which of them must make room next: of those whose unit
/// comes after one that waits, the one whose unit comes last ([SchedulingUnit#before]).
final class ExpiredSlots {
  /*
   * Slice ends coincide: on a big host hundreds of slots expire at one instant. Slots that choose
   * from the same waiting units, which nobody else takes (rivals), are asked in one descending
   * order. Let w be the unit of the first, b the best that waits. If b does not come before w, it
   * comes before no other of them either. If it does, b takes the slot and w waits: all that waits
   * now comes after b, so the slot has not to make room again, and the next one is asked.
   *
   * Where competitions overlap, a displaced unit may come before what another slot kept: there
   * everybody is asked again each time.
   */
  private final Slots slots;
  private final RotationPolicy rotation;
  private final SlotSet expired;
  private final SlotSet unasked;
  private Slot[] heap = new Slot[8];
  private int size;

  ExpiredSlots(Slots slots, RotationPolicy rotation) {
    this.slots = slots;
    this.rotation = rotation;
    expired = new SlotSet(slots.count());
    unasked = new SlotSet(slots.count());
  }

  void add(int slot) {
    expired.add(slot);
    unasked.add(slot);
  }

  void remove(int slot) {
    expired.remove(slot);
    unasked.remove(slot);
  }

  int next(int from) {
    return expired.next(from);
  }

  void clear() {
    expired.clear();
    unasked.clear();
  }

  /// The slot that makes room now for the best that waits for it, or -1. It has another unit when
  /// this is asked again.
  int makesRoom() {
    while (size > 0 || gather()) {
      Slot last = heap[0];
      SchedulingUnit best = rotation.best(last);
      if (best != SchedulingUnit.IDLE && SchedulingUnit.before(best, last.next)) {
        pop();
        return last.index;
      }
      size = 0;
    }
    return lastOfAll();
  }

  /* Takes the next group of rivals off the set; false when there is none left. */
  private boolean gather() {
    for (int i = unasked.next(0); i >= 0; i = unasked.next(i + 1)) {
      unasked.remove(i);
      CpuSet rivals = rotation.rivals(slots.get(i));
      for (int k = expired.next(0, rivals); k >= 0; k = expired.next(k + 1, rivals)) {
        expired.remove(k);
        unasked.remove(k);
        push(slots.get(k));
      }
      if (size > 0) {
        return true;
      }
    }
    return false;
  }

  private int lastOfAll() {
    int worst = -1;
    for (int i = expired.next(0); i >= 0; i = expired.next(i + 1)) {
      SchedulingUnit unit = slots.get(i).next;
      SchedulingUnit best = rotation.best(slots.get(i));
      if (best != SchedulingUnit.IDLE
          && SchedulingUnit.before(best, unit)
          && (worst < 0 || SchedulingUnit.before(slots.get(worst).next, unit))) {
        worst = i;
      }
    }
    return worst;
  }

  // --- The heap: the last unit on top ---

  private void push(Slot slot) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    int at = size++;
    while (at > 0 && SchedulingUnit.before(heap[(at - 1) / 2].next, slot.next)) {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    heap[at] = slot;
  }

  private void pop() {
    Slot moved = heap[--size];
    int at = 0;
    while (2 * at + 1 < size) {
      int child = 2 * at + 1;
      if (child + 1 < size && SchedulingUnit.before(heap[child].next, heap[child + 1].next)) {
        child++;
      }
      if (!SchedulingUnit.before(moved.next, heap[child].next)) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = moved;
  }
}
