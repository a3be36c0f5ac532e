package dev.stint.model.hypervisor;

import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// [Rotation#ROUND_ROBIN]: one run list for all slots, so that whichever slot becomes free takes
/// the next unit.
///
/// Units that may use the same slots share a run list; a slot takes the first of all the lists that
/// it is in.
final class RoundRobin implements RotationPolicy {
  private final Slots slots;
  private final long headStartNs;
  private final List<RunList> lists = new ArrayList<>();
  private final List<CpuSet> slotsOf = new ArrayList<>();
  private final RunList[][] listsOfSlot;
  private final CpuSet[] rivals;

  /// `headStartNs` is how much virtual time less than the running ones' a unit may have when it
  /// becomes ready.
  RoundRobin(Slots slots, long headStartNs) {
    this.slots = slots;
    this.headStartNs = headStartNs;
    listsOfSlot = new RunList[slots.count()][0];
    rivals = new CpuSet[slots.count()];
    Arrays.fill(rivals, CpuSet.EMPTY);
  }

  @Override
  public void add(SchedulingUnit unit) {
    for (int i = 0; i < lists.size(); i++) {
      if (slotsOf.get(i).equals(unit.slots)) {
        unit.home = lists.get(i);
        return;
      }
    }
    RunList list = new RunList();
    unit.home = list;
    lists.add(list);
    slotsOf.add(unit.slots);
    for (int i = unit.slots.next(0); i >= 0; i = unit.slots.next(i + 1)) {
      listsOfSlot[i] = Arrays.copyOf(listsOfSlot[i], listsOfSlot[i].length + 1);
      listsOfSlot[i][listsOfSlot[i].length - 1] = list;
    }
    noteRivals(unit.slots);
  }

  /// The slots of a new list are each other's rivals, unless one was in a list already.
  private void noteRivals(CpuSet ofList) {
    boolean alone = true;
    for (int i = ofList.next(0); i >= 0; i = ofList.next(i + 1)) {
      alone &= listsOfSlot[i].length == 1;
    }
    for (int i = ofList.next(0); i >= 0; i = ofList.next(i + 1)) {
      CpuSet before = rivals[i];
      for (int k = before.next(0); k >= 0; k = before.next(k + 1)) {
        rivals[k] = CpuSet.EMPTY;
      }
      rivals[i] = alone ? ofList : CpuSet.EMPTY;
    }
  }

  @Override
  public void admit(SchedulingUnit unit) {
    long levelNs = slots.highestLevelNs(unit.slots);
    if (unit.madeInRun) {
      unit.madeInRun = false;
      unit.virtualTimeNs = unit.share.family.joinNs(unit.slots.next(0), levelNs);
    }
    unit.virtualTimeNs = Math.max(unit.virtualTimeNs, levelNs - headStartNs);
    unit.waitSlot = -1;
    unit.home.add(unit);
  }

  @Override
  public void requeue(SchedulingUnit unit, Slot slot) {
    unit.waitSlot = slot.index;
    unit.home.add(unit);
  }

  @Override
  public SchedulingUnit best(Slot slot) {
    SchedulingUnit best = SchedulingUnit.IDLE;
    for (RunList list : listsOfSlot[slot.index]) {
      SchedulingUnit first = list.first();
      if (first != SchedulingUnit.IDLE
          && (best == SchedulingUnit.IDLE || SchedulingUnit.before(first, best))) {
        best = first;
      }
    }
    return best;
  }

  @Override
  public CpuSet rivals(Slot slot) {
    return rivals[slot.index];
  }

  @Override
  public SchedulingUnit nextFor(SlotSet free) {
    SchedulingUnit best = SchedulingUnit.IDLE;
    for (int i = 0; i < lists.size(); i++) {
      SchedulingUnit first = lists.get(i).first();
      if (first != SchedulingUnit.IDLE
          && (best == SchedulingUnit.IDLE || SchedulingUnit.before(first, best))
          && free.next(0, slotsOf.get(i)) >= 0) {
        best = first;
      }
    }
    return best;
  }

  @Override
  public void start(SchedulingUnit unit, Slot slot) {}

  /// The allowed slot whose time slice ends first, the lowest index among equals: the one that
  /// would be taken next.
  @Override
  public int waitSlot(SchedulingUnit unit) {
    int best = -1;
    for (int i = unit.slots.next(0); i >= 0; i = unit.slots.next(i + 1)) {
      if (best < 0 || slots.get(i).sliceEndNs < slots.get(best).sliceEndNs) {
        best = i;
      }
    }
    return best;
  }

  @Override
  public void reorder() {
    for (int i = 0; i < lists.size(); i++) {
      lists.get(i).reorder();
    }
  }

  @Override
  public void checkInvariants() {
    for (int i = 0; i < lists.size(); i++) {
      lists.get(i).checkInvariants();
    }
  }
}
