package dev.stint.model.hypervisor;

import dev.stint.model.machine.CpuSet;

/// [Rotation#IDEAL_PROCESSOR]: a run list per slot. A unit waits where it ran last; the first time,
/// where the fewest wait. A slot with nothing to run takes a waiting unit from the longest list.
///
/// Virtual times of different slots are not comparable: a unit that changes slots keeps its
/// distance to the slot's level.
final class IdealProcessor implements RotationPolicy {
  private final Slots slots;
  private final long headStartNs;
  private final RunList[] lists;
  private final CpuSet[] alone;

  /// `headStartNs` is how much virtual time less than the running one's a unit may have when it
  /// becomes ready.
  IdealProcessor(Slots slots, long headStartNs) {
    this.slots = slots;
    this.headStartNs = headStartNs;
    lists = new RunList[slots.count()];
    alone = new CpuSet[slots.count()];
    for (int i = 0; i < lists.length; i++) {
      lists[i] = new RunList();
      alone[i] = CpuSet.of(i);
    }
  }

  @Override
  public void add(SchedulingUnit unit) {}

  @Override
  public void admit(SchedulingUnit unit) {
    int ideal = unit.lastSlot >= 0 ? unit.lastSlot : leastLoaded(unit);
    long levelNs = slots.get(ideal).levelNs;
    long ownNs = unit.lastSlot >= 0 ? unit.virtualTimeNs : levelNs;
    if (unit.madeInRun) {
      unit.madeInRun = false;
      ownNs = unit.share.family.joinNs(ideal, levelNs);
    }
    unit.virtualTimeNs = Math.max(ownNs, levelNs - headStartNs);
    unit.waitSlot = ideal;
    lists[ideal].add(unit);
  }

  private int leastLoaded(SchedulingUnit unit) {
    int best = -1;
    int bestLoad = Integer.MAX_VALUE;
    for (int i = unit.slots.next(0); i >= 0; i = unit.slots.next(i + 1)) {
      int load = lists[i].size() + (slots.get(i).next == SchedulingUnit.IDLE ? 0 : 1);
      if (load < bestLoad) {
        best = i;
        bestLoad = load;
      }
    }
    return best;
  }

  @Override
  public void requeue(SchedulingUnit unit, Slot slot) {
    unit.waitSlot = slot.index;
    lists[slot.index].add(unit);
  }

  @Override
  public SchedulingUnit best(Slot slot) {
    return lists[slot.index].first();
  }

  @Override
  public CpuSet rivals(Slot slot) {
    return alone[slot.index];
  }

  /// The first of a free slot's own list; else, from the longest list with a unit that may use a
  /// free slot, the first such unit.
  @Override
  public SchedulingUnit nextFor(SlotSet free) {
    for (int i = free.next(0); i >= 0; i = free.next(i + 1)) {
      if (lists[i].size() > 0) {
        return lists[i].first();
      }
    }
    SchedulingUnit best = SchedulingUnit.IDLE;
    int bestSize = 0;
    for (RunList list : lists) {
      if (list.size() > bestSize) {
        SchedulingUnit first = firstFor(list, free);
        if (first != SchedulingUnit.IDLE) {
          best = first;
          bestSize = list.size();
        }
      }
    }
    return best;
  }

  private SchedulingUnit firstFor(RunList list, SlotSet free) {
    SchedulingUnit best = SchedulingUnit.IDLE;
    for (int i = 0; i < list.size(); i++) {
      SchedulingUnit unit = list.get(i);
      if (slots.nearest(unit, free) >= 0
          && (best == SchedulingUnit.IDLE || SchedulingUnit.before(unit, best))) {
        best = unit;
      }
    }
    return best;
  }

  @Override
  public void start(SchedulingUnit unit, Slot slot) {
    if (unit.waitSlot != slot.index) {
      unit.virtualTimeNs += slot.levelNs - slots.get(unit.waitSlot).levelNs;
    }
  }

  @Override
  public int waitSlot(SchedulingUnit unit) {
    return unit.waitSlot;
  }

  @Override
  public void reorder() {
    for (RunList list : lists) {
      list.reorder();
    }
  }

  @Override
  public void checkInvariants() {
    for (RunList list : lists) {
      list.checkInvariants();
    }
  }
}
