package dev.stint.model.mshv;

import dev.stint.model.sched.Processor;
import dev.stint.model.sched.ProcessorSupplier;
import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import org.jspecify.annotations.Nullable;

/// The vCPU thread of a VP that its parent's Linux schedules (root and integrated): the DISPATCH_VP
/// loop of the mshv driver's MSHV_RUN_VP (`mshv_run_vp_with_root_scheduler`; facts: hyperv.md
/// §2.3).
///
/// ```
///   PRE ── DISPATCH_VP ──▶ DISP ── READY + other ──▶ PRE
///    ▲                      │
///    │                      └── BLOCKED ──▶ WAIT_B ── kicked by the hypervisor's signal ──┐
///    └──────────────────────────────────────────────────────────────────────────────────────┘
/// ```
///
/// While the thread is in DISP and runs on a backed CPU of the parent, the VP is backed; when Linux
/// takes the CPU from the thread the dispatch ends (PREEMPTED) and begins again when the thread is
/// next picked. First form: intercepts and suspends do not occur, and no step costs time.
public final class DispatchLoop implements Program, ProcessorSupplier {
  private final TraceSink trace;
  private final Processor vp;
  private @Nullable TaskControl thread;
  private boolean kicked;

  /// The loop that will carry `vp`; it becomes the VP's supplier.
  public DispatchLoop(TraceSink trace, Processor vp) {
    this.trace = trace;
    this.vp = vp;
    vp.attachSupplier(this);
  }

  @Override
  public void step(TaskControl task, long nowNs) {
    thread = task;
    kicked = false;
    if (vp.halted()) {
      task.block();
    } else {
      task.carry(vp);
    }
  }

  /// The guest idles: the dispatch returns BLOCKED.
  @Override
  public void halted(long nowNs) {
    TaskControl task = thread;
    if (task != null) {
      task.surrender(nowNs);
    }
  }

  /// The hypervisor has something for a blocked VP: it sends the scheduler message that kicks the
  /// thread.
  @Override
  public void unhalted(long nowNs) {
    trace.event(nowNs, TraceKind.READY, vp.id(), Entities.NONE, Entities.NONE, 0);
    TaskControl task = thread;
    if (task != null && !kicked) {
      kicked = true;
      task.signal(nowNs, Entities.NONE);
    }
  }

  @Override
  public String toString() {
    return "vCPU thread of " + vp + (kicked ? " kicked" : "");
  }
}
