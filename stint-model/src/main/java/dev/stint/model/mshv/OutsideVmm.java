package dev.stint.model.mshv;

import dev.stint.model.hypervisor.VirtualProcessor;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;

/// The VMM of a VP whose parent is not modelled: it handles an intercept in the time that the
/// handling takes, and competes with nobody.
public final class OutsideVmm {
  private OutsideVmm() {}

  /// Handles the intercepts of `vp`.
  public static void serve(Simulation simulation, VirtualProcessor vp) {
    int timer =
        simulation.newTimer(
            TimerRank.DEVICE,
            (nowNs, _) -> {
              vp.processor().resume(nowNs);
              vp.clearInterceptSuspend(nowNs);
            });
    vp.attachPort(
        nowNs -> simulation.arm(timer, nowNs + vp.processor().pendingIntercept().handlingNs()));
  }
}
