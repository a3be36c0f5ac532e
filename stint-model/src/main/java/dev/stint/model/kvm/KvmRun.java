package dev.stint.model.kvm;

import dev.stint.model.sched.Processor;
import dev.stint.model.sched.ProcessorSupplier;
import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import org.jspecify.annotations.Nullable;

/// The vCPU thread of a KVM guest: the KVM_RUN loop, a task of the host's Linux like any other.
///
/// ```
///            guest halts               poll over, or another task wants the CPU
///   GUEST ────────────────▶ POLLING ─────────────────────────────────────────────▶ BLOCKED
///     ▲                        │                                                      │
///     └────────────────────────┴──────────────── interrupt ───────────────────────────┘
/// ```
///
/// In GUEST it carries the VP whenever Linux runs it. In POLLING it keeps its CPU, busy to the host
/// while the guest idles, for as long as [HaltPoll] says; the host's task does both as one action
/// ([TaskControl#pollThenBlock]). First form: exits cost no time; those that go to user space are
/// handled by the thread itself ([#intercepted]).
public final class KvmRun implements Program, ProcessorSupplier {
  private final TraceSink trace;
  private final Processor vp;
  private final HaltPoll halts;
  private @Nullable TaskControl thread;
  private boolean halted;
  private boolean polls;
  private boolean handling;
  private long haltedAtNs;
  private long pollNs;
  private long progressAtHaltNs;

  /// The loop that will carry `vp`; it becomes the VP's supplier.
  public KvmRun(TraceSink trace, Processor vp, KvmConfig config) {
    this.trace = trace;
    this.vp = vp;
    halts = new HaltPoll(config);
    vp.attachSupplier(this);
  }

  @Override
  public void step(TaskControl task, long nowNs) {
    thread = task;
    if (vp.intercepted() && !handling) {
      handling = true;
      task.compute(vp.pendingIntercept().handlingNs());
      return;
    }
    if (handling) {
      handling = false;
      vp.resume(nowNs);
    }
    if (!vp.halted()) {
      if (halted) {
        haltEnded(task, nowNs);
      }
      task.carry(vp);
      return;
    }
    if (!halted) {
      halted = true;
      haltedAtNs = nowNs;
      pollNs = halts.intervalNs();
      polls = pollNs > 0;
      progressAtHaltNs = task.progressNs(nowNs);
    }
    if (polls) {
      polls = false;
      task.pollThenBlock(pollNs);
    } else {
      task.block();
    }
  }

  private void haltEnded(TaskControl task, long nowNs) {
    halted = false;
    long haltNs = nowNs - haltedAtNs;
    halts.haltEnded(haltNs);
    if (pollNs > 0) {
      long polledNs = task.progressNs(nowNs) - progressAtHaltNs;
      boolean hit = haltNs <= polledNs;
      task.sample(nowNs, hit ? Metric.HALT_POLL_SUCCESS : Metric.HALT_POLL_FAIL, polledNs);
    }
  }

  /// The guest idles.
  @Override
  public void halted(long nowNs) {
    TaskControl task = thread;
    if (task != null) {
      task.surrender(nowNs);
    }
  }

  /// The guest needs its VMM: the ioctl returns to user space.
  @Override
  public void intercepted(long nowNs) {
    TaskControl task = thread;
    if (task != null) {
      task.surrender(nowNs);
    }
  }

  /// An interrupt for the halted guest: the poll sees it at once, a blocked thread is woken.
  @Override
  public void unhalted(long nowNs) {
    trace.event(nowNs, TraceKind.READY, vp.id(), Entities.NONE, Entities.NONE, 0);
    TaskControl task = thread;
    if (task != null && halted) {
      task.signal(nowNs, Entities.NONE);
    }
  }

  @Override
  public String toString() {
    return "vCPU thread of " + vp + (halted ? " halted, " : ", ") + halts;
  }
}
