package dev.stint.model.hypervisor;

import dev.stint.model.machine.CpuSet;

/// Where ready units wait, and which slot a waiting unit starts on.
interface RotationPolicy {
  /// A unit of a new partition will be scheduled.
  void add(SchedulingUnit unit);

  /// `unit` became ready after it blocked: sets its virtual time and lets it wait.
  void admit(SchedulingUnit unit);

  /// `unit` lost `slot`: lets it wait.
  void requeue(SchedulingUnit unit, Slot slot);

  /// The waiting unit that should have `slot` before all others, or [SchedulingUnit#IDLE].
  SchedulingUnit best(Slot slot);

  /// The slots that choose from the same waiting units as `slot`, itself included, if no other slot
  /// chooses from any of these; else none.
  CpuSet rivals(Slot slot);

  /// The waiting unit that starts next on one of the `free` slots, or [SchedulingUnit#IDLE] if none
  /// may.
  SchedulingUnit nextFor(SlotSet free);

  /// `unit` left its run list for `slot`.
  void start(SchedulingUnit unit, Slot slot);

  /// `unit` was admitted and found no slot: says which slot it waits for.
  int waitSlot(SchedulingUnit unit);

  /// Re-establishes the order of all run lists after keys changed.
  void reorder();

  /// Stops the run if a run list contradicts itself.
  void checkInvariants();
}
