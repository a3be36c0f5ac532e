package dev.stint.model.mshv;

import dev.stint.model.hypervisor.VirtualProcessor;
import dev.stint.model.hypervisor.VpExecution;
import dev.stint.model.sched.ProcessorSupplier;
import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.sim.Simulation;
import dev.stint.model.time.BrokenInvariant;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The vCPU thread of a VP that its parent's Linux schedules (root and integrated): a task that
/// takes the steps of the driver's [VcpuRun], dispatches the VP, and does the VMM's work for its
/// intercepts.
///
/// The rules are [VcpuRun]'s and [VpExecution]'s; this class says when they are asked. While the
/// thread is inside HVCALL_DISPATCH_VP and runs on a backed CPU of the parent, the VP is backed.
/// When Linux takes the CPU from the thread the dispatch ends (PREEMPTED) and is made again when
/// the thread is next picked; as nothing can happen in between, the two objects are not told.
public final class DispatchLoop implements Program, ProcessorSupplier {
  private final TraceSink trace;
  private final VirtualProcessor vp;
  private final VpExecution execution;
  private final VpRun run = new VpRun();
  private final VcpuRun vcpu = new VcpuRun(run);
  private final VpHost host;
  private final MessagePath signals;
  private @Nullable TaskControl thread;

  /// The loop that will carry `vp`; it becomes the VP's supplier.
  ///
  /// @param signalNs how long the next scheduler message takes to reach the driver
  public DispatchLoop(
      Simulation simulation, TraceSink trace, VirtualProcessor vp, LongSupplier signalNs) {
    this.trace = trace;
    this.vp = vp;
    execution = vp.execution();
    host = new VpHost(vp);
    signals = new MessagePath(simulation, signalNs, this::signalled);
    vp.processor().attachSupplier(this);
  }

  @Override
  public void step(TaskControl task, long nowNs) {
    thread = task;
    host.at(nowNs);
    switch (vcpu.point()) {
      case USER -> {
        if (vp.processor().intercepted()) {
          vp.processor().resume(nowNs);
        }
        vcpu.enter();
      }
      case DISPATCH -> vcpu.returned(execution.lastReturn());
      default -> {}
    }
    while (vcpu.canStep()) {
      RunAction action = vcpu.step(host);
      tellParent(nowNs);
      switch (action) {
        case GOES_ON, SLEEPS -> {}
        case DISPATCHES -> dispatch();
        case RETURNS -> {
          handleIntercept(task);
          return;
        }
      }
    }
    if (vcpu.point() == VcpuRun.Point.DISPATCH) {
      task.carry(vp.processor());
    } else {
      task.block();
    }
  }

  private void dispatch() {
    if (!execution.dispatch(vcpu.flags())) {
      vcpu.refused();
    } else if (!execution.running()) {
      vcpu.returned(execution.lastReturn());
    }
  }

  private void handleIntercept(TaskControl task) {
    if (vcpu.outcome() != RunOutcome.INTERCEPT) {
      throw new BrokenInvariant("MSHV_RUN_VP fails: " + this);
    }
    task.compute(vp.processor().pendingIntercept().handlingNs());
  }

  /// The guest idles: the dispatch returns BLOCKED.
  @Override
  public void halted(long nowNs) {
    execution.halt();
    surrender(nowNs);
  }

  /// The guest needs its VMM: the dispatch returns READY with INTERCEPT.
  @Override
  public void intercepted(long nowNs) {
    execution.intercept();
    surrender(nowNs);
  }

  private void surrender(long nowNs) {
    TaskControl task = thread;
    if (task != null) {
      task.surrender(nowNs);
    }
  }

  /// The hypervisor has something for a halted VP: it tells the thread if that was told to wait.
  @Override
  public void unhalted(long nowNs) {
    trace.event(nowNs, TraceKind.READY, vp.id(), Entities.NONE, Entities.NONE, 0);
    execution.interrupt();
    tellParent(nowNs);
  }

  private void tellParent(long nowNs) {
    for (VpExecution.Due due = execution.due();
        due != VpExecution.Due.NOTHING;
        due = execution.due()) {
      switch (due) {
        case CLEAR_THREAD_BLOCKED -> execution.clearThreadBlocked();
        case SEND_SIGNAL -> {
          execution.sendSignal();
          signals.send(nowNs);
        }
        case NOTHING, SEND_INTERCEPT -> throw new IllegalStateException("not due: " + due);
      }
    }
  }

  /// The scheduler message has reached the driver.
  private void signalled(long nowNs) {
    execution.signalTaken();
    run.signalled();
    TaskControl task = thread;
    if (task != null && vcpu.point() == VcpuRun.Point.ASLEEP) {
      task.signal(nowNs, Entities.NONE);
    }
    tellParent(nowNs);
  }

  @Override
  public String toString() {
    return "vCPU thread of " + vp + ", " + vcpu;
  }
}
