package dev.stint.model.mshv;

import dev.stint.model.hypervisor.VirtualProcessor;
import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.sim.Simulation;
import dev.stint.model.time.BrokenInvariant;
import dev.stint.model.trace.Entities;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The vCPU thread of a VP that the hypervisor schedules (classic and core): a task that takes the
/// steps of the driver's [RegisterRun]. It sleeps in MSHV_RUN_VP while the VP runs, so nothing that
/// Linux does to the thread bounds the VP, but for the VMM's work on its intercepts.
public final class RunVpSleep implements Program {
  private final VirtualProcessor vp;
  private final VpRun run = new VpRun();
  private final RegisterRun ioctl = new RegisterRun(run);
  private final VpHost host;
  private @Nullable TaskControl thread;

  /// The thread of `vp`, which is suspended until the thread first runs.
  ///
  /// @param messageNs how long the next intercept message takes to reach the driver
  public RunVpSleep(Simulation simulation, VirtualProcessor vp, LongSupplier messageNs) {
    this.vp = vp;
    host = new VpHost(vp);
    MessagePath messages = new MessagePath(simulation, messageNs, this::intercepted);
    vp.attachPort(messages::send);
    vp.suspendExplicitly();
  }

  @Override
  public void step(TaskControl task, long nowNs) {
    thread = task;
    host.at(nowNs);
    if (ioctl.point() == RegisterRun.Point.USER) {
      if (vp.processor().intercepted()) {
        vp.processor().resume(nowNs);
      }
      ioctl.enter();
    }
    while (ioctl.canStep()) {
      if (ioctl.step(host) == RunAction.RETURNS) {
        if (ioctl.outcome() != RunOutcome.INTERCEPT) {
          throw new BrokenInvariant("MSHV_RUN_VP fails: " + this);
        }
        task.compute(vp.processor().pendingIntercept().handlingNs());
        return;
      }
    }
    task.block();
  }

  /// The intercept message has reached the driver.
  private void intercepted(long nowNs) {
    run.intercepted();
    TaskControl task = thread;
    if (task != null && ioctl.canStep()) {
      task.signal(nowNs, Entities.NONE);
    }
  }

  @Override
  public String toString() {
    return "vCPU thread of " + vp + ", " + ioctl;
  }
}
