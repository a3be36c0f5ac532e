package dev.stint.model.mshv;

import dev.stint.model.hypervisor.VirtualProcessor;
import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;

/// The vCPU thread of a VP that the hypervisor schedules (classic and core): it sleeps in
/// MSHV_RUN_VP while the VP runs (`mshv_run_vp_with_hyp_scheduler`; facts: hyperv.md §3), so
/// nothing that Linux does to the thread bounds the VP.
public final class RunVpSleep implements Program {
  private final VirtualProcessor vp;

  /// The thread of `vp`, which is suspended until the thread first runs. It then waits for an
  /// intercept; first form: none comes.
  public RunVpSleep(VirtualProcessor vp) {
    this.vp = vp;
    vp.suspendExplicitly();
  }

  @Override
  public void step(TaskControl task, long nowNs) {
    vp.clearExplicitSuspend(nowNs);
    task.block();
  }
}
