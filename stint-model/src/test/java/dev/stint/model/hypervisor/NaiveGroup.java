package dev.stint.model.hypervisor;

import dev.stint.model.sim.Simulation;
import java.util.ArrayList;
import java.util.List;

/// A capped CPU group of the oracle: what it used is the sum over its members, counted afresh.
final class NaiveGroup {
  final int rule;
  final List<VirtualProcessor> members = new ArrayList<>();
  private final long budgetNs;
  private final int timer;
  boolean usedUp;

  NaiveGroup(int rule, long budgetNs, int timer) {
    this.rule = rule;
    this.budgetNs = budgetNs;
    this.timer = timer;
  }

  private long leftNs(long nowNs) {
    return budgetNs - members.stream().mapToLong(vp -> vp.usedNs(nowNs)).sum();
  }

  private long running() {
    return members.stream().filter(vp -> vp.state == VirtualProcessor.State.RUNNING).count();
  }

  boolean usedUp(long nowNs) {
    usedUp |= leftNs(nowNs) < Math.max(1, running());
    return usedUp;
  }

  void arm(Simulation simulation, long nowNs, long windowEndNs) {
    simulation.cancel(timer);
    if (running() > 0) {
      long stopNs = nowNs + Math.max(0, leftNs(nowNs)) / running();
      if (stopNs < windowEndNs) {
        simulation.arm(timer, stopNs);
      }
    }
  }
}
