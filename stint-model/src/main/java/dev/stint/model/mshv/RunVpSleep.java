package dev.stint.model.mshv;

import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;

/// The vCPU thread of a VP that the hypervisor schedules (classic and core): it sleeps in
/// MSHV_RUN_VP while the VP runs (`mshv_run_vp_with_hyp_scheduler`; facts: hyperv.md §3), so
/// nothing that Linux does to the thread bounds the VP.
public final class RunVpSleep implements Program {
  /// A thread that waits for an intercept; first form: none comes.
  public RunVpSleep() {}

  @Override
  public void step(TaskControl task, long nowNs) {
    task.block();
  }
}
