package dev.stint.model.hypervisor;

import dev.stint.model.hypervisor.VirtualProcessor.State;
import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.PreviousState;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The hands of the oracle: makes the LPs equal to the plan and tells the trace.
final class NaiveSwitch {
  private final Simulation simulation;
  private final LpTrace trace;
  private final List<NaiveSlot> slots;
  private final Consumer<VirtualProcessor> haltedWithoutLp;
  private final Map<Integer, VirtualProcessor> onLp = new TreeMap<>();
  private final Map<Integer, Integer> holders = new TreeMap<>();
  long windowEndNs;

  NaiveSwitch(
      Simulation simulation,
      LpTrace trace,
      List<NaiveSlot> slots,
      Consumer<VirtualProcessor> haltedWithoutLp) {
    this.simulation = simulation;
    this.trace = trace;
    this.slots = slots;
    this.haltedWithoutLp = haltedWithoutLp;
  }

  private int lpOf(NaiveUnit unit, VirtualProcessor vp, int slot) {
    List<Integer> lps = slots.get(slot).lps;
    return unit.vps.size() > 1
        ? lps.get(unit.vps.indexOf(vp))
        : lps.stream().filter(unit.partition.lps()::contains).findFirst().orElseThrow();
  }

  void tellReady(VirtualProcessor vp, NaiveUnit unit, long nowNs) {
    int slot = unit.slot >= 0 ? unit.slot : unit.waiting ? unit.waitSlot : -1;
    if (slot >= 0) {
      vp.lp = lpOf(unit, vp, slot);
    } else if (vp.lp < 0) {
      vp.lp = lpOf(unit, vp, unit.slots.next(0));
    }
    trace.ready(nowNs, vp);
    if (vp.state == State.THROTTLED) {
      trace.throttle(nowNs, vp);
    }
  }

  void carryOut(NaiveSlot slot, Optional<NaiveUnit> next, long nowNs) {
    Map<Integer, VirtualProcessor> wanted = new TreeMap<>();
    next.ifPresent(unit ->
        unit.vps.stream()
            .filter(VirtualProcessor::runnable)
            .forEach(vp -> wanted.put(lpOf(unit, vp, slot.index), vp)));
    List<Integer> different =
        slot.lps.stream().filter(lp -> !Objects.equals(onLp.get(lp), wanted.get(lp))).toList();
    different.stream().filter(onLp::containsKey).forEach(lp -> stop(onLp.get(lp), nowNs));
    for (int lp : different) {
      switchLp(lp, Optional.ofNullable(wanted.get(lp)), nowNs);
    }
    slot.running = next;
    int holder =
        slot.lps.stream()
            .filter(onLp::containsKey)
            .map(lp -> onLp.get(lp).id())
            .findFirst()
            .orElse(-1);
    for (int lp : slot.lps) {
      if (slot.lps.size() > 1 && !onLp.containsKey(lp)) {
        hold(lp, holder, nowNs);
      }
    }
    for (int lp : different) {
      if (wanted.containsKey(lp)) {
        boolean halted = wanted.get(lp).processor().halted();
        wanted.get(lp).processor().back(nowNs);
        if (halted) {
          haltedWithoutLp.accept(wanted.get(lp));
        }
      }
    }
  }

  private void stop(VirtualProcessor vp, long nowNs) {
    vp.processor().unback(nowNs);
    if (vp.state == State.RUNNING) {
      account(vp, nowNs);
      vp.state = State.READY;
    }
  }

  private void switchLp(int lp, Optional<VirtualProcessor> in, long nowNs) {
    Optional<VirtualProcessor> out = Optional.ofNullable(onLp.remove(lp));
    if (in.isPresent()) {
      hold(lp, -1, nowNs);
      trace.move(nowNs, in.get(), lp);
      onLp.put(lp, in.get());
      in.get().state = State.RUNNING;
      in.get().spins = false;
      in.get().runSinceNs = nowNs;
      armCap(in.get(), nowNs);
    }
    PreviousState state =
        out.map(vp -> vp.state == State.BLOCKED ? PreviousState.BLOCKED : PreviousState.READY)
            .orElse(PreviousState.NONE);
    int outId = out.map(VirtualProcessor::id).orElse(-1);
    trace.lpSwitch(nowNs, lp, outId, in.map(VirtualProcessor::id).orElse(-1), state);
    if (out.isPresent() && out.get().state == State.THROTTLED) {
      trace.throttle(nowNs, out.get());
    }
  }

  private void hold(int lp, int holder, long nowNs) {
    Integer before = holders.put(lp, holder);
    if (before == null ? holder != -1 : before != holder) {
      trace.hold(nowNs, lp, holder);
    }
  }

  void armCap(VirtualProcessor vp, long nowNs) {
    if (vp.capped()) {
      simulation.cancel(vp.capTimer);
      long stopNs = nowNs + vp.capBudgetNs - vp.windowUsedNs;
      if (stopNs < windowEndNs) {
        simulation.arm(vp.capTimer, stopNs);
      }
    }
  }

  void account(VirtualProcessor vp, long nowNs) {
    vp.windowUsedNs += nowNs - vp.runSinceNs;
    if (vp.capped()) {
      simulation.cancel(vp.capTimer);
    }
  }
}
