package dev.stint.model.hypervisor;

import dev.stint.model.hypervisor.VirtualProcessor.State;
import dev.stint.model.sim.Simulation;
import dev.stint.model.time.Time;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.PreviousState;
import java.util.Arrays;
import java.util.function.Consumer;

/// Carries out what the scheduler planned: traces it, starts and stops VPs, arms time slices.
final class SlotSwitch {
  private final Simulation simulation;
  private final LpTrace trace;
  private final Slots slots;
  private final CapWindow window;
  private final long timeSliceNs;
  private final Consumer<VirtualProcessor> haltedWithoutLp;
  private final SlotSet changed;
  private final SlotSet sliced;
  private VirtualProcessor[] ready = new VirtualProcessor[0];
  private SchedulingUnit[] readyUnit = new SchedulingUnit[0];
  private int readyCount;

  /// `haltedWithoutLp` is told of a VP that had halted at the instant it lost its LP, when it has
  /// one again.
  SlotSwitch(
      Simulation simulation,
      LpTrace trace,
      Slots slots,
      CapWindow window,
      long timeSliceNs,
      Consumer<VirtualProcessor> haltedWithoutLp) {
    this.haltedWithoutLp = haltedWithoutLp;
    this.simulation = simulation;
    this.trace = trace;
    this.slots = slots;
    this.window = window;
    this.timeSliceNs = timeSliceNs;
    changed = new SlotSet(slots.count());
    sliced = new SlotSet(slots.count());
  }

  /// There are `vpCount` VPs to schedule.
  void reserve(int vpCount) {
    ready = Arrays.copyOf(ready, vpCount);
    readyUnit = Arrays.copyOf(readyUnit, vpCount);
  }

  /// What runs on `slot` may have changed.
  void changed(Slot slot) {
    changed.add(slot.index);
  }

  /// The unit on `slot` goes on with a new time slice.
  void newSlice(Slot slot) {
    changed.add(slot.index);
    sliced.add(slot.index);
  }

  /// A blocked VP became ready (or throttled at once): traced when it is known where it waits.
  void becameReady(VirtualProcessor vp, SchedulingUnit unit) {
    ready[readyCount] = vp;
    readyUnit[readyCount++] = unit;
  }

  /// `vp` may no longer wait for an LP.
  void throttled(VirtualProcessor vp, long nowNs) {
    trace.throttle(nowNs, vp);
  }

  /// A new window lets `vp` wait for an LP again.
  void unthrottled(VirtualProcessor vp, long nowNs) {
    trace.unthrottle(nowNs, vp);
  }

  /// The plan is complete: time slices begin, and slots take the virtual time of what starts on
  /// them.
  void planSlices(long nowNs) {
    for (int i = changed.next(0); i >= 0; i = changed.next(i + 1)) {
      Slot slot = slots.get(i);
      if (slot.next == SchedulingUnit.IDLE) {
        slot.sliceEndNs = Time.NEVER;
        simulation.cancel(slot.timer);
      } else if (slot.next != slot.running || sliced.contains(i)) {
        slot.chargedNs = nowNs;
        slot.sliceEndNs = nowNs + timeSliceNs;
        slots.raiseLevel(slot, slot.next.virtualTimeNs);
        simulation.arm(slot.timer, slot.sliceEndNs);
      }
    }
    sliced.clear();
  }

  /// Makes what runs equal to the plan.
  void carryOut(long nowNs) {
    for (int i = 0; i < readyCount; i++) {
      traceReady(ready[i], readyUnit[i], nowNs);
    }
    readyCount = 0;
    for (int i = changed.next(0); i >= 0; i = changed.next(i + 1)) {
      Slot slot = slots.get(i);
      if (slot.next != slot.running && slot.running.slot >= 0) {
        // It goes on elsewhere at this instant: it leaves before it arrives.
        change(slot, SchedulingUnit.IDLE, nowNs);
      }
    }
    for (int i = changed.next(0); i >= 0; i = changed.next(i + 1)) {
      changed.remove(i);
      change(slots.get(i), slots.get(i).next, nowNs);
    }
  }

  private void traceReady(VirtualProcessor vp, SchedulingUnit unit, long nowNs) {
    if (unit.slot >= 0) {
      vp.lp = lpOf(slots.get(unit.slot), unit, vp);
    } else if (unit.waiting()) {
      vp.lp = lpOf(slots.get(unit.waitSlot), unit, vp);
    } else if (vp.lp < 0) {
      vp.lp = lpOf(slots.get(unit.slots.next(0)), unit, vp);
    }
    if (vp.awaitsVmm) {
      vp.awaitsVmm = false;
      trace.handled(nowNs, vp);
    } else {
      trace.ready(nowNs, vp);
    }
    if (vp.state == State.THROTTLED) {
      trace.throttle(nowNs, vp);
    }
  }

  private int lpOf(Slot slot, SchedulingUnit unit, VirtualProcessor vp) {
    int thread = 0;
    while (unit.vps[thread] != vp) {
      thread++;
    }
    return slots.lpOf(slot, unit, thread);
  }

  /*
   * Per slot: all VPs that leave are stopped; then every LP switches; then the VPs that arrive are
   * started. A VP is thus unbacked before the trace takes it off its LP, and backed after the trace
   * has put it on.
   */
  private void change(Slot slot, SchedulingUnit next, long nowNs) {
    SchedulingUnit previous = slot.running;
    long arriving = 0;
    for (int k = 0; k < slot.lpCount; k++) {
      int thread = slot.occupant[k];
      if (thread != Slot.VACANT && !stays(previous, thread, next)) {
        stop(previous.vps[thread], nowNs);
      }
    }
    slot.running = next;
    for (int k = 0; k < slot.lpCount; k++) {
      if (switchLp(slot, k, previous, next, nowNs)) {
        arriving |= 1L << k;
      }
    }
    hold(slot, nowNs);
    for (int k = 0; k < slot.lpCount; k++) {
      if ((arriving & (1L << k)) != 0) {
        VirtualProcessor vp = next.vps[slot.occupant[k]];
        boolean halted = vp.resting();
        vp.processor().back(nowNs);
        if (halted) {
          haltedWithoutLp.accept(vp);
        }
      }
    }
  }

  private static boolean stays(SchedulingUnit previous, int thread, SchedulingUnit next) {
    return previous == next && previous.vps[thread].runnable();
  }

  private void stop(VirtualProcessor vp, long nowNs) {
    vp.processor().unback(nowNs);
    vp.execution().stop();
    if (vp.state == State.RUNNING) {
      window.stopped(vp, nowNs);
      vp.state = State.READY;
    }
  }

  /* Says whether a VP arrives on LP `k` of `slot`. */
  private boolean switchLp(
      Slot slot, int k, SchedulingUnit previous, SchedulingUnit next, long nowNs) {
    int lp = slot.firstLp + k;
    int before = slot.occupant[k];
    int after = threadOn(slot, next, lp);
    if (before == after && (before == Slot.VACANT || previous == next)) {
      return false;
    }
    slot.occupant[k] = after;
    int out = before == Slot.VACANT ? Entities.NONE : previous.vps[before].id();
    int in = after == Slot.VACANT ? Entities.NONE : next.vps[after].id();
    PreviousState state =
        before == Slot.VACANT ? PreviousState.NONE : stateOf(previous.vps[before]);
    if (after != Slot.VACANT) {
      VirtualProcessor vp = next.vps[after];
      endHold(slot, k, nowNs);
      trace.move(nowNs, vp, lp);
      vp.state = State.RUNNING;
      vp.spins = false;
      window.started(vp, nowNs);
    }
    trace.lpSwitch(nowNs, lp, out, in, state);
    if (before != Slot.VACANT && previous.vps[before].state == State.THROTTLED) {
      trace.throttle(nowNs, previous.vps[before]);
    }
    return after != Slot.VACANT;
  }

  private static PreviousState stateOf(VirtualProcessor vp) {
    if (vp.state != State.BLOCKED) {
      return PreviousState.READY;
    }
    vp.awaitsVmm = vp.execution().interceptSuspend();
    return vp.awaitsVmm ? PreviousState.INTERCEPTED : PreviousState.BLOCKED;
  }

  /* The thread of `unit` that runs on `lp`, or VACANT. */
  private int threadOn(Slot slot, SchedulingUnit unit, int lp) {
    for (int thread = 0; thread < unit.vps.length; thread++) {
      if (unit.vps[thread].runnable() && slots.lpOf(slot, unit, thread) == lp) {
        return thread;
      }
    }
    return Slot.VACANT;
  }

  /* The idle LPs of a busy slot are held by the first VP that runs on it. */
  private void hold(Slot slot, long nowNs) {
    if (slot.lpCount == 1) {
      return;
    }
    int holder = Entities.NONE;
    for (int k = slot.lpCount - 1; k >= 0; k--) {
      if (slot.occupant[k] != Slot.VACANT) {
        holder = slot.running.vps[slot.occupant[k]].id();
      }
    }
    for (int k = 0; k < slot.lpCount; k++) {
      if (slot.occupant[k] == Slot.VACANT && slot.holder[k] != holder) {
        slot.holder[k] = holder;
        trace.hold(nowNs, slot.firstLp + k, holder);
      }
    }
  }

  private void endHold(Slot slot, int k, long nowNs) {
    if (slot.holder[k] != Entities.NONE) {
      slot.holder[k] = Entities.NONE;
      trace.hold(nowNs, slot.firstLp + k, Entities.NONE);
    }
  }
}
