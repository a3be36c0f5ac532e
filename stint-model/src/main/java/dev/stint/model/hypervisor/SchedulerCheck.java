package dev.stint.model.hypervisor;

import dev.stint.model.hypervisor.VirtualProcessor.State;
import dev.stint.model.time.Invariant;
import java.util.List;

/// What holds between two instants, whatever the policy.
final class SchedulerCheck {
  private SchedulerCheck() {}

  static void check(Slots slots, List<SchedulingUnit> units, RotationPolicy rotation, long nowNs) {
    rotation.checkInvariants();
    for (int i = 0; i < slots.count(); i++) {
      checkSlot(slots, slots.get(i));
    }
    for (SchedulingUnit unit : units) {
      checkUnit(slots, unit, nowNs);
    }
  }

  /// Every slot and what it runs, then every unit that runs nowhere, a line each.
  static String describe(Slots slots, List<SchedulingUnit> units) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < slots.count(); i++) {
      Slot slot = slots.get(i);
      text.append("slot ").append(i).append(": ").append(slot.running);
      text.append(" level=").append(slot.levelNs).append('\n');
    }
    for (SchedulingUnit unit : units) {
      if (unit.slot < 0) {
        text.append(unit.waiting() ? "  waits for slot " + unit.waitSlot + ": " : "  not ready: ");
        text.append(unit).append('\n');
      }
    }
    return text.toString();
  }

  static void checkSlot(Slots slots, Slot slot) {
    SchedulingUnit unit = slot.running;
    Invariant.check(slot.next == unit, "a slot runs what was planned", slot.index);
    Invariant.check(
        unit == SchedulingUnit.IDLE || unit.slot == slot.index,
        "a unit is on one slot",
        slot.index);
    Invariant.check(
        unit == SchedulingUnit.IDLE || unit.runnableCount > 0, "a unit that runs can", slot.index);
    for (int k = 0; k < slot.lpCount; k++) {
      int thread = slot.occupant[k];
      if (thread != Slot.VACANT) {
        VirtualProcessor vp = unit.vps[thread];
        Invariant.check(vp.state == State.RUNNING, "a VP on an LP runs", vp.id());
        Invariant.check(vp.lp == slot.firstLp + k, "a VP knows its LP", vp.lp, slot.firstLp + k);
        Invariant.check(vp.partition().lps().contains(vp.lp), "a VP stays in its LP set", vp.id());
        Invariant.check(
            slots.lpOf(slot, unit, thread) == vp.lp, "a thread uses its own LP", vp.id());
      }
    }
  }

  private static void checkUnit(Slots slots, SchedulingUnit unit, long nowNs) {
    int runnable = 0;
    for (VirtualProcessor vp : unit.vps) {
      runnable += vp.runnable() ? 1 : 0;
      boolean runs = vp.state == State.RUNNING;
      Invariant.check(vp.processor().backed() == runs, "exactly a running VP is backed", vp.id());
      Invariant.check(
          runs == (unit.slot >= 0 && vp.runnable()), "in a unit on a slot every VP runs", vp.id());
      Invariant.check(vp.state != State.BLOCKED || vp.resting(), "no wake-up is lost", vp.id());
      vp.groupCap.check(nowNs);
      Invariant.check(
          !vp.capped() || vp.usedNs(nowNs) <= vp.capBudgetNs, "a cap holds to the ns", vp.id());
      Invariant.check(
          vp.state != State.THROTTLED
              || vp.groupCap.usedUp()
              || (vp.capped() && vp.usedNs(nowNs) == vp.capBudgetNs),
          "a VP is throttled only when its cap is used up",
          vp.id());
    }
    Invariant.check(unit.runnableCount == runnable, "ready VPs are counted", runnable);
    Invariant.check(
        (unit.slot >= 0 || unit.waiting()) == (runnable > 0), "a ready unit runs or waits");
    Invariant.check(unit.slot < 0 || !unit.waiting(), "a unit does not both run and wait");
    checkNoneIdle(slots, unit);
  }

  static void checkNoneIdle(Slots slots, SchedulingUnit unit) {
    for (int i = unit.slots.next(0); unit.waiting() && i >= 0; i = unit.slots.next(i + 1)) {
      Invariant.check(
          slots.get(i).running != SchedulingUnit.IDLE,
          "no slot idles while a unit that may use it waits",
          i);
    }
  }
}
