package dev.stint.model.hypervisor;

import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import java.util.Arrays;

/// All slots of a machine under one scheduler, and which LP of a slot a VP uses.
final class Slots {
  /// The distance of another slot with the same last-level cache.
  private static final int NEAREST = 1;

  private final Machine machine;
  private final int lpsPerSlot;
  private final Slot[] slots;
  private final SlotSet idle;
  private long highestLevelNs;

  private Slots(Machine machine, int slotCount, int lpsPerSlot, int lpStride) {
    this.machine = machine;
    this.lpsPerSlot = lpsPerSlot;
    slots = new Slot[slotCount];
    idle = new SlotSet(slotCount);
    for (int i = 0; i < slotCount; i++) {
      slots[i] = new Slot(i, i * lpStride, lpsPerSlot);
    }
  }

  static Slots of(Machine machine, SchedulerType type) {
    int threads = machine.threadsPerCore();
    return switch (type) {
      case LP -> new Slots(machine, machine.coreCount(), 1, threads);
      case LP_SMT -> new Slots(machine, machine.lpCount(), 1, 1);
      case CORE_SMT -> new Slots(machine, machine.coreCount(), threads, threads);
      case ROOT -> throw new IllegalArgumentException("the root scheduler has no slots");
    };
  }

  int count() {
    return slots.length;
  }

  /// A slice of a unit with this virtual time begins on the slot.
  void raiseLevel(Slot slot, long virtualTimeNs) {
    slot.levelNs = Math.max(slot.levelNs, virtualTimeNs);
    highestLevelNs = Math.max(highestLevelNs, virtualTimeNs);
  }

  /// The highest level of these slots; levels never fall.
  long highestLevelNs(CpuSet of) {
    if (of.count() == slots.length) {
      return highestLevelNs;
    }
    long highest = 0;
    for (int i = of.next(0); i >= 0; i = of.next(i + 1)) {
      highest = Math.max(highest, slots[i].levelNs);
    }
    return highest;
  }

  Slot get(int index) {
    return slots[index];
  }

  /// How many VPs make a unit, when so many share a virtual core.
  int unitSize(int threadsPerCore) {
    return Math.min(lpsPerSlot, threadsPerCore);
  }

  /// The slots on which a unit of `size` VPs confined to `lps` can run: one LP of it is enough for
  /// a single VP, several need theirs.
  CpuSet usable(CpuSet lps, int size) {
    int[] usable = new int[slots.length];
    int count = 0;
    for (Slot slot : slots) {
      int have = 0;
      boolean first = true;
      for (int k = 0; k < slot.lpCount; k++) {
        boolean has = lps.contains(slot.firstLp + k);
        have += has ? 1 : 0;
        first &= has || k >= size;
      }
      if (size == 1 ? have > 0 : first) {
        usable[count++] = slot.index;
      }
    }
    return CpuSet.of(Arrays.copyOf(usable, count));
  }

  /// The LP that `thread` of `unit` uses on `slot`: its own in a virtual core of several VPs; for a
  /// single VP the first that its partition may use.
  int lpOf(Slot slot, SchedulingUnit unit, int thread) {
    if (unit.vps.length > 1) {
      return slot.firstLp + thread;
    }
    return unit.vps[0].partition().lps().next(slot.firstLp);
  }

  /// Of the `free` slots that `unit` may use, the one nearest to where it ran last: the same, one
  /// with the same last-level cache, one in the same node, any; the lowest index among equals. -1
  /// if there is none.
  int nearest(SchedulingUnit unit, SlotSet free) {
    int last = unit.lastSlot;
    if (last >= 0 && free.contains(last) && unit.slots.contains(last)) {
      return last;
    }
    int best = -1;
    int bestDistance = Integer.MAX_VALUE;
    for (int i = free.next(0, unit.slots);
        i >= 0 && bestDistance > NEAREST;
        i = free.next(i + 1, unit.slots)) {
      int distance = distance(last, i);
      if (distance < bestDistance) {
        best = i;
        bestDistance = distance;
      }
    }
    return best;
  }

  /// As [#nearest], but first among the slots of cores all of whose slots are free.
  int nearestIdleCore(SchedulingUnit unit, SlotSet free) {
    idle.clear();
    for (int i = free.next(0); i >= 0; i = free.next(i + 1)) {
      if (coreIsFree(i, free)) {
        idle.add(i);
      }
    }
    int slot = nearest(unit, idle);
    return slot >= 0 ? slot : nearest(unit, free);
  }

  private boolean coreIsFree(int slot, SlotSet free) {
    int core = machine.coreOf(slots[slot].firstLp);
    int from = slot;
    while (from > 0 && machine.coreOf(slots[from - 1].firstLp) == core) {
      from--;
    }
    for (int i = from; i < slots.length && machine.coreOf(slots[i].firstLp) == core; i++) {
      if (!free.contains(i)) {
        return false;
      }
    }
    return true;
  }

  private int distance(int last, int slot) {
    if (last < 0) {
      return 0;
    }
    int from = slots[last].firstLp;
    int to = slots[slot].firstLp;
    if (from == to) {
      return 0;
    }
    if (machine.cacheOf(from) == machine.cacheOf(to)) {
      return NEAREST;
    }
    return machine.nodeOf(from) == machine.nodeOf(to) ? 2 : 3;
  }
}
