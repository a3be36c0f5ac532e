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
  private final int timer;
  private long endNs;
  private boolean rolled;

  /// `request` asks for a decision at the end of the instant.
  CapWindow(Simulation simulation, long windowNs, Runnable request) {
    this.simulation = simulation;
    this.windowNs = windowNs;
    this.request = request;
    timer = simulation.newTimer(TimerRank.HYPERVISOR, (nowNs, id) -> end());
  }

  /// Keeps account of `vp` if its controls ask for it.
  void add(VirtualProcessor vp) {
    if (!vp.capped() && !vp.reserved()) {
      return;
    }
    controlled.add(vp);
    if (!simulation.armed(timer)) {
      endNs = (simulation.nowNs() / windowNs + 1) * windowNs;
      simulation.arm(timer, endNs);
    }
  }

  /// `vp` is gone.
  void remove(VirtualProcessor vp) {
    controlled.remove(vp);
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
  }

  /// `vp` lost its LP.
  void stopped(VirtualProcessor vp, long nowNs) {
    vp.windowUsedNs += nowNs - vp.runSinceNs;
    if (vp.capTimer >= 0) {
      simulation.cancel(vp.capTimer);
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
