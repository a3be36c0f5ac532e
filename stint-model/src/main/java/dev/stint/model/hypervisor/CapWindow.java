package dev.stint.model.hypervisor;

import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import java.util.ArrayList;
import java.util.List;

/// The windows over which caps and reserves hold: fixed, aligned at time 0.
///
/// The windows run only while a VP has a cap or a reserve.
final class CapWindow {
  private final Simulation simulation;
  private final long windowNs;
  private final Runnable request;
  private final List<VirtualProcessor> controlled = new ArrayList<>();
  private final GroupCaps groups;
  private final int timer;
  private long endNs;
  private boolean rolled;

  /// `request` asks for a decision at the end of the instant.
  CapWindow(Simulation simulation, long windowNs, GroupCaps groups, Runnable request) {
    this.groups = groups;
    this.simulation = simulation;
    this.windowNs = windowNs;
    this.request = request;
    timer = simulation.newTimer(TimerRank.HYPERVISOR, (nowNs, id) -> end());
  }

  /// Keeps account of `vp` if its controls or its group's cap ask for it.
  void add(VirtualProcessor vp) {
    groups.add(vp);
    if (vp.capped() || vp.reserved() || vp.groupCap.limited()) {
      control(vp);
    }
  }

  /// The cap of a group has another value; its members are to be looked at.
  void changed(CpuGroup group, long nowNs) {
    for (VirtualProcessor vp : groups.changed(group, nowNs)) {
      if (!controlled.contains(vp)) {
        vp.windowUsedNs = 0;
        vp.runSinceNs = nowNs;
        control(vp);
      }
      vp.groupCap.arm(simulation, nowNs, endNs);
    }
  }

  private void control(VirtualProcessor vp) {
    controlled.add(vp);
    if (!simulation.armed(timer)) {
      endNs = (simulation.nowNs() / windowNs + 1) * windowNs;
      simulation.arm(timer, endNs);
    }
  }

  /// `vp` is gone.
  void remove(VirtualProcessor vp) {
    controlled.remove(vp);
    vp.groupCap.remove(vp);
  }

  /// What keeps `vp` from running until the next window: the entity of its cap's rule or its
  /// group's, or -1.
  int ruleAgainst(VirtualProcessor vp, long nowNs) {
    if (vp.capped() && vp.usedNs(nowNs) >= vp.capBudgetNs) {
      return vp.capRule;
    }
    return vp.groupCap.usedUp(nowNs) ? vp.groupCap.rule : -1;
  }

  /// All groups begin a new window.
  void resetGroups(long nowNs) {
    groups.newWindow(nowNs, endNs);
  }

  private void end() {
    endNs += windowNs;
    rolled = true;
    simulation.arm(timer, endNs);
    request.run();
  }

  /// Whether a window ended since the last call.
  boolean takeRolled() {
    boolean result = rolled;
    rolled = false;
    return result;
  }

  int controlledCount() {
    return controlled.size();
  }

  VirtualProcessor controlled(int index) {
    return controlled.get(index);
  }

  /// Starts a new window for `vp`.
  void reset(VirtualProcessor vp, long nowNs) {
    vp.windowUsedNs = 0;
    if (vp.state == VirtualProcessor.State.RUNNING) {
      vp.runSinceNs = nowNs;
      armCap(vp, nowNs);
    }
  }

  /// `vp` gets an LP.
  void started(VirtualProcessor vp, long nowNs) {
    vp.runSinceNs = nowNs;
    armCap(vp, nowNs);
    if (vp.groupCap != GroupCap.NONE) {
      vp.groupCap.started(nowNs);
      vp.groupCap.arm(simulation, nowNs, endNs);
    }
  }

  /// `vp` lost its LP.
  void stopped(VirtualProcessor vp, long nowNs) {
    vp.windowUsedNs += nowNs - vp.runSinceNs;
    if (vp.capTimer >= 0) {
      simulation.cancel(vp.capTimer);
    }
    if (vp.groupCap != GroupCap.NONE) {
      vp.groupCap.stopped(nowNs);
      vp.groupCap.arm(simulation, nowNs, endNs);
    }
  }

  private void armCap(VirtualProcessor vp, long nowNs) {
    if (vp.capTimer < 0) {
      return;
    }
    long stopNs = nowNs + (vp.capBudgetNs - vp.windowUsedNs);
    if (stopNs < endNs) {
      simulation.arm(vp.capTimer, stopNs);
    } else {
      simulation.cancel(vp.capTimer);
    }
  }
}
