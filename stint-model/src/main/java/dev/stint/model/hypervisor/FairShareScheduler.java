package dev.stint.model.hypervisor;

import dev.stint.model.hypervisor.VirtualProcessor.State;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.sched.ProcessorSupplier;
import dev.stint.model.sim.Deferred;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The classic and the core scheduler: weighted fair shares of slots, in time slices, with caps and
/// reserves.
///
/// What differs between the two is only what a slot and a unit are ([Slots]); where ready units
/// wait is a [RotationPolicy]. The rules are in docs/models/hypervisor.md.
final class FairShareScheduler implements HypervisorScheduler, Deferred {
  /*
   * All decisions of an instant are made together at its end, in this order:
   *   1. a new window begins, if one ended;
   *   2. VPs that halted, were interrupted or used up their cap change state;
   *   3. units with no VP left to run give up their slots; units that became ready start to wait;
   *   4. weights follow what is active now;
   *   5. free slots are filled; expired slices are compared with who waits; woken units preempt;
   *      what that displaced may start elsewhere;
   *   6. the new assignment is carried out and traced (SlotSwitch).
   * Steps 3 and 5 only plan (Slot.next); nothing is visible outside before 6. Calling a processor
   * in step 6 can only note further changes for another round of the same instant.
   *
   * Cost of a round: O(changes log n), plus a walk over free and expired slots; nothing is
   * allocated.
   */
  private final Simulation simulation;
  private final int decision;
  private final Entities entities;
  private final HypervisorConfig config;
  private final Slots slots;
  private final Weights weights;
  private final UnitCutter cutter;
  private final RotationPolicy rotation;
  private final CapWindow window;
  private final SlotSwitch slotSwitch;
  private final List<SchedulingUnit> units = new ArrayList<>();
  private final SlotSet free;
  private final ExpiredSlots expired;
  private final SlotSet yielding;

  private SchedulingUnit[] unitOfVp = new SchedulingUnit[0];
  private VirtualProcessor[] changed = new VirtualProcessor[0];
  private int changedCount;
  private SchedulingUnit[] touched = new SchedulingUnit[0];
  private int touchedCount;
  private SchedulingUnit[] woken = new SchedulingUnit[0];
  private int wokenCount;
  private boolean requested;
  private boolean activityChanged;
  private long sequence;

  FairShareScheduler(
      Simulation simulation,
      Entities entities,
      LpTrace trace,
      Machine machine,
      HypervisorConfig config,
      SchedulerType type) {
    this.simulation = simulation;
    decision = simulation.newDeferred(this);
    this.entities = entities;
    this.config = config;
    slots = Slots.of(machine, type);
    weights = new Weights(slots.count(), config.rotation() == Rotation.ROUND_ROBIN);
    long headStartNs = config.wakePreemption() ? config.timeSliceNs() : 0;
    cutter = new UnitCutter(config, slots, weights);
    rotation =
        switch (config.rotation()) {
          case ROUND_ROBIN -> new RoundRobin(slots, headStartNs);
          case IDEAL_PROCESSOR -> new IdealProcessor(slots, headStartNs);
        };
    GroupCaps groups =
        new GroupCaps(simulation, entities, config.windowNs(), vps -> vps.forEach(this::mark));
    window = new CapWindow(simulation, config.windowNs(), groups, this::request);
    slotSwitch = new SlotSwitch(simulation, trace, slots, window, config.timeSliceNs(), this::mark);
    free = new SlotSet(slots.count());
    expired = new ExpiredSlots(slots, rotation);
    yielding = new SlotSet(slots.count());
    for (int i = 0; i < slots.count(); i++) {
      Slot slot = slots.get(i);
      free.add(i);
      slot.timer =
          simulation.newTimer(
              TimerRank.HYPERVISOR,
              (nowNs, timer) -> {
                expired.add(slot.index);
                request();
              });
    }
  }

  @Override
  public Optional<String> refusal(PartitionRequest request, CpuSet lps, int threadsPerCore) {
    return cutter.refusal(request, lps, threadsPerCore);
  }

  @Override
  public void add(Partition partition) {
    cutter.cut(partition).forEach(this::adopt);
  }

  @Override
  public void groupCapChanged(CpuGroup group) {
    window.changed(group, simulation.nowNs());
  }

  @Override
  public void longSpin(VirtualProcessor vp) {
    if (config.longSpinNs() > 0 && vp.state == State.RUNNING) {
      vp.spins = true;
      yielding.add(unitOfVp[vp.id()].slot);
      request();
    }
  }

  @Override
  public void suspended(VirtualProcessor vp) {
    mark(vp);
  }

  @Override
  public void remove(Partition partition) {
    for (int i = units.size() - 1; i >= 0; i--) {
      SchedulingUnit unit = units.get(i);
      if (unit.vps[0].partition() == partition) {
        weights.remove(unit.share);
        units.remove(i);
      }
    }
    partition.vps().forEach(window::remove);
    cutter.forget(partition);
  }

  private void adopt(SchedulingUnit unit) {
    VirtualProcessor[] vps = unit.vps;
    unit.madeInRun = simulation.nowNs() > 0;
    units.add(unit);
    rotation.add(unit);
    int vpCount = changed.length + vps.length;
    changed = Arrays.copyOf(changed, vpCount);
    touched = Arrays.copyOf(touched, units.size());
    woken = Arrays.copyOf(woken, units.size());
    unitOfVp = Arrays.copyOf(unitOfVp, entities.count());
    slotSwitch.reserve(vpCount);
    for (VirtualProcessor vp : vps) {
      unitOfVp[vp.id()] = unit;
    }
    for (VirtualProcessor vp : vps) {
      vp.processor().attachSupplier(new Supplier(vp));
      if (vp.capped()) {
        vp.capRule =
            entities.add(EntityKind.RULE, "cap:" + entities.path(vp.id()), vp.partition().id());
        vp.capTimer = simulation.newTimer(TimerRank.HYPERVISOR, (nowNs, timer) -> mark(vp));
      }
      window.add(vp);
    }
  }

  /// Notes what the guest did to a VP.
  private final class Supplier implements ProcessorSupplier {
    private final VirtualProcessor vp;

    Supplier(VirtualProcessor vp) {
      this.vp = vp;
    }

    @Override
    public void halted(long nowNs) {
      vp.execution().halt();
      mark(vp);
    }

    @Override
    public void unhalted(long nowNs) {
      vp.execution().interrupt();
      mark(vp);
    }

    @Override
    public void longSpin(long nowNs) {
      FairShareScheduler.this.longSpin(vp);
    }

    @Override
    public void intercepted(long nowNs) {
      mark(vp);
      vp.intercepted(nowNs);
    }
  }

  private void mark(VirtualProcessor vp) {
    if (!vp.marked) {
      vp.marked = true;
      changed[changedCount++] = vp;
    }
    request();
  }

  private void request() {
    if (!requested) {
      requested = true;
      simulation.defer(decision);
    }
  }

  @Override
  public void runDeferred(long nowNs) {
    requested = false;
    if (window.takeRolled()) {
      newWindow(nowNs);
    }
    for (int i = 0; i < changedCount; i++) {
      changed[i].marked = false;
      applyChange(changed[i], nowNs);
    }
    changedCount = 0;
    for (int i = 0; i < touchedCount; i++) {
      touched[i].touched = false;
      settle(touched[i], nowNs);
    }
    touchedCount = 0;
    if (activityChanged) {
      activityChanged = false;
      updateWeights(nowNs);
    }
    plan(nowNs);
    slotSwitch.carryOut(nowNs);
  }

  private void newWindow(long nowNs) {
    window.resetGroups(nowNs);
    for (int i = 0; i < window.controlledCount(); i++) {
      VirtualProcessor vp = window.controlled(i);
      window.reset(vp, nowNs);
      unthrottle(vp, nowNs);
    }
    for (int i = 0; i < units.size(); i++) {
      SchedulingUnit unit = units.get(i);
      if (unit.waiting()) {
        unit.owed = unit.owedAt(nowNs);
      }
    }
    rotation.reorder();
  }

  private void unthrottle(VirtualProcessor vp, long nowNs) {
    if (vp.state == State.THROTTLED && window.ruleAgainst(vp, nowNs) < 0) {
      vp.state = State.READY;
      slotSwitch.unthrottled(vp, nowNs);
      runnable(vp, 1);
    }
  }

  private void applyChange(VirtualProcessor vp, long nowNs) {
    int rule = window.ruleAgainst(vp, nowNs);
    boolean capUsedUp = rule >= 0;
    switch (vp.state) {
      case RUNNING -> {
        if (vp.resting() || capUsedUp) {
          window.stopped(vp, nowNs);
          vp.state = vp.resting() ? State.BLOCKED : State.THROTTLED;
          vp.throttledBy = rule;
          runnable(vp, -1);
        }
      }
      case BLOCKED -> {
        if (!vp.resting()) {
          vp.state = capUsedUp ? State.THROTTLED : State.READY;
          vp.throttledBy = rule;
          slotSwitch.becameReady(vp, unitOfVp[vp.id()]);
          if (!capUsedUp) {
            runnable(vp, 1);
          }
        }
      }
      case THROTTLED -> unthrottle(vp, nowNs);
      case READY -> {
        if (capUsedUp) {
          vp.state = State.THROTTLED;
          vp.throttledBy = rule;
          slotSwitch.throttled(vp, nowNs);
          runnable(vp, -1);
        }
        // Else halted at the very instant it lost its LP: SlotSwitch notes it again when it has
        // one.
      }
    }
  }

  private void runnable(VirtualProcessor vp, int change) {
    SchedulingUnit unit = unitOfVp[vp.id()];
    unit.runnableCount += change;
    if (!unit.touched) {
      unit.touched = true;
      touched[touchedCount++] = unit;
    }
  }

  /* Gives the unit its place after its VPs changed: on its slot, waiting, or neither. */
  private void settle(SchedulingUnit unit, long nowNs) {
    if (unit.slot >= 0) {
      Slot slot = slots.get(unit.slot);
      slotSwitch.changed(slot);
      if (unit.runnableCount == 0) {
        slot.charge(unit, nowNs);
        leave(unit, slot);
        free.add(slot.index);
        activity(unit, -1);
      }
    } else if (unit.runnableCount == 0 && unit.waiting()) {
      unit.list.remove(unit);
      activity(unit, -1);
    } else if (unit.runnableCount > 0 && !unit.waiting()) {
      activity(unit, 1);
      unit.sequence = sequence++;
      unit.owed = unit.owedAt(nowNs);
      rotation.admit(unit);
      woken[wokenCount++] = unit;
    }
  }

  private void activity(SchedulingUnit unit, int change) {
    weights.activity(unit.share, change);
    activityChanged = true;
  }

  private void leave(SchedulingUnit unit, Slot slot) {
    slot.next = SchedulingUnit.IDLE;
    unit.slot = -1;
    unit.lastSlot = slot.index;
    slotSwitch.changed(slot);
  }

  /* The weights in force until now are charged before the new ones hold. */
  private void updateWeights(long nowNs) {
    if (!weights.compute()) {
      return;
    }
    for (int i = 0; i < slots.count(); i++) {
      Slot slot = slots.get(i);
      if (slot.next != SchedulingUnit.IDLE) {
        slot.charge(slot.next, nowNs);
      }
    }
    weights.install();
  }

  private void plan(long nowNs) {
    fill();
    yieldSpinners(nowNs);
    compareExpired(nowNs);
    if (config.wakePreemption()) {
      for (int i = 0; i < wokenCount; i++) {
        if (woken[i].waiting()) {
          preempt(woken[i], nowNs);
        }
      }
    }
    fill();
    slotSwitch.planSlices(nowNs);
    for (int i = 0; i < wokenCount; i++) {
      if (woken[i].waiting()) {
        woken[i].waitSlot = rotation.waitSlot(woken[i]);
      }
    }
    wokenCount = 0;
  }

  private void fill() {
    while (!free.isEmpty()) {
      SchedulingUnit unit = rotation.nextFor(free);
      if (unit == SchedulingUnit.IDLE) {
        return;
      }
      start(unit, slots.get(slots.nearest(unit, free)));
    }
  }

  private void start(SchedulingUnit unit, Slot slot) {
    unit.list.remove(unit);
    rotation.start(unit, slot);
    unit.slot = slot.index;
    slot.next = unit;
    free.remove(slot.index);
    slotSwitch.changed(slot);
  }

  /*
   * A unit all of whose running VPs announced a long spin gives up the rest of its slice, if
   * somebody waits for the slot: it pays for the whole slice, and the slice is over.
   */
  private void yieldSpinners(long nowNs) {
    for (int i = yielding.next(0); i >= 0; i = yielding.next(i + 1)) {
      yielding.remove(i);
      Slot slot = slots.get(i);
      SchedulingUnit unit = slot.next;
      boolean stays = unit == slot.running && unit != SchedulingUnit.IDLE;
      if (stays && unit.spins() && rotation.best(slot) != SchedulingUnit.IDLE) {
        slot.charge(unit, nowNs);
        unit.charge(slot.sliceEndNs - nowNs);
        expired.add(i);
      }
    }
  }

  /*
   * Every unit whose slice is over goes behind its equals; then, the last in order first, each
   * makes room for a waiting unit that comes before it.
   */
  private void compareExpired(long nowNs) {
    for (int i = expired.next(0); i >= 0; i = expired.next(i + 1)) {
      Slot slot = slots.get(i);
      if (slot.next != slot.running || slot.next == SchedulingUnit.IDLE) {
        expired.remove(i);
        continue;
      }
      slot.charge(slot.next, nowNs);
      slot.next.sequence = sequence++;
      slot.next.owed = slot.next.owedAt(nowNs);
      slotSwitch.newSlice(slot);
    }
    for (int i = expired.makesRoom(); i >= 0; i = expired.makesRoom()) {
      displace(slots.get(i), rotation.best(slots.get(i)));
    }
    expired.clear();
  }

  private void displace(Slot slot, SchedulingUnit unit) {
    SchedulingUnit out = slot.next;
    leave(out, slot);
    start(unit, slot);
    rotation.requeue(out, slot);
  }

  /* The unit that is furthest ahead makes room if it is ahead by more than a time slice. */
  private void preempt(SchedulingUnit unit, long nowNs) {
    Slot victim = slots.get(unit.slots.next(0));
    long mostNs = Long.MIN_VALUE;
    for (int i = unit.slots.next(0); i >= 0; i = unit.slots.next(i + 1)) {
      Slot slot = slots.get(i);
      if (slot.next != slot.running || slot.next == SchedulingUnit.IDLE || !mayTake(unit, slot)) {
        continue;
      }
      slot.charge(slot.next, nowNs);
      boolean spared = slot.next.owedAt(nowNs) && !unit.owed;
      if (!spared && slot.next.virtualTimeNs > mostNs) {
        mostNs = slot.next.virtualTimeNs;
        victim = slot;
      }
    }
    if (mostNs > unit.virtualTimeNs + config.timeSliceNs()) {
      victim.next.sequence = sequence++;
      victim.next.owed = victim.next.owedAt(nowNs);
      displace(victim, unit);
    }
  }

  private boolean mayTake(SchedulingUnit unit, Slot slot) {
    return config.rotation() == Rotation.ROUND_ROBIN || unit.waitSlot == slot.index;
  }

  @Override
  public void checkInvariants(long nowNs) {
    SchedulerCheck.check(slots, units, rotation, nowNs);
  }

  @Override
  public String toString() {
    return SchedulerCheck.describe(slots, units);
  }
}
