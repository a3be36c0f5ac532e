package dev.stint.testkit.modelcheck;

import dev.stint.model.hypervisor.DispatchReturn;
import dev.stint.model.hypervisor.VpExecution;
import dev.stint.model.mshv.MshvInterrupt;
import dev.stint.model.mshv.RunAction;
import dev.stint.model.mshv.RunOutcome;
import dev.stint.model.mshv.SchedulerMessage;
import dev.stint.model.mshv.SynicPage;
import dev.stint.model.mshv.VcpuRun;
import dev.stint.model.mshv.VpRun;
import java.util.List;
import java.util.Optional;

/// One dispatched VP whose VMM calls MSHV_RUN_VP from two threads, on two LPs: only one is in the
/// ioctl at a time (`vp_mutex`), the other waits until it is free or a signal kills the wait.
/// Nothing is bounded; teardown is searched elsewhere.
final class MutexModel implements Explorer.Model {
  /// What is wrong on purpose.
  enum Mutation {
    NONE,
    /// A thread enters although the other is in the ioctl.
    NO_MUTEX,
    /// A signal does not end the wait for the mutex.
    NOT_KILLABLE
  }

  private static final int WITHOUT_OUTCOME = ~((3 << 5) | (1 << 8));

  private final class Caller implements VpHost {
    private final VcpuRun vcpu = new VcpuRun(run);
    private boolean unixSignal;
    private boolean waiting;
    private boolean inHypercall;
    private boolean movable;

    @Override
    public VpExecution vp() {
      return vp;
    }

    @Override
    public boolean unixSignalPending() {
      return unixSignal;
    }

    @Override
    public boolean resolvesInterceptInKernel() {
      return movable;
    }
  }

  private final Mutation mutation;
  private final VpExecution vp = new VpExecution(true);
  private final VpRun run = new VpRun();
  private final Caller[] threads = {new Caller(), new Caller()};
  private final SynicPage page = new SynicPage();
  private final SynicPage.Message message =
      new SynicPage.Message.Scheduler(SchedulerMessage.bitset(1, List.of(0)));
  private final MshvInterrupt isr =
      new MshvInterrupt(
          _ -> Optional.of(run),
          new MshvInterrupt.Listener() {
            @Override
            public void doorbell(int port) {
              throw new IllegalStateException("nobody rings");
            }

            @Override
            public void asyncCall(long partitionId, int status) {
              throw new IllegalStateException("nobody calls");
            }
          });
  private boolean intercepted;
  private boolean delivered;

  MutexModel(Mutation mutation) {
    this.mutation = mutation;
  }

  @Override
  public long initial() {
    return new MutexModel(mutation).encode();
  }

  private static long bit(boolean flag) {
    return flag ? 1 : 0;
  }

  private long encode() {
    long first = encode(threads[0]);
    long second = encode(threads[1]);
    long bits = (isr.encode() << 2) | (bit(intercepted) << 1) | bit(delivered);
    bits = (bits << 14) | Math.max(first, second);
    bits = (bits << 14) | Math.min(first, second);
    return (bits << 21) | (run.encode() << 15) | vp.encode();
  }

  private static long encode(Caller thread) {
    long bits = (thread.vcpu.encode() & WITHOUT_OUTCOME) << 3;
    return bits
        | (bit(thread.unixSignal) << 2)
        | (bit(thread.waiting) << 1)
        | bit(thread.inHypercall);
  }

  private void decode(long state) {
    vp.decode((int) state & 0x7FFF, 0);
    run.decode((int) (state >> 15) & 63, 0);
    decode(threads[0], (int) (state >> 21) & 0x3FFF);
    decode(threads[1], (int) (state >> 35) & 0x3FFF);
    delivered = ((state >> 49) & 1) != 0;
    intercepted = ((state >> 50) & 1) != 0;
    isr.decode((int) (state >> 51));
    page.clear();
    if (vp.signalInSlot()) {
      page.put(message);
    }
  }

  private static void decode(Caller thread, int bits) {
    thread.inHypercall = (bits & 1) != 0;
    thread.waiting = (bits & 2) != 0;
    thread.unixSignal = (bits & 4) != 0;
    thread.vcpu.decode(bits >> 3);
  }

  private interface Step {
    /// Takes the step; returns what is wrong with it, or nothing.
    String take();
  }

  private void emit(
      long state, Explorer.Steps out, boolean enabled, boolean system, String name, Step step) {
    if (!enabled) {
      return;
    }
    decode(state);
    String flaw = step.take();
    boolean inside = threads[0].inHypercall || threads[1].inHypercall;
    if (flaw.isEmpty() && vp.running() && !inside) {
      flaw = "a VP runs outside its dispatch";
    }
    long next = encode();
    decode(state);
    out.to(next, system, name, flaw);
  }

  private static Step always(Runnable step) {
    return () -> {
      step.run();
      return "";
    };
  }

  @Override
  public void steps(long state, Explorer.Steps out) {
    decode(state);
    boolean clears = vp.due() == VpExecution.Due.CLEAR_THREAD_BLOCKED;
    boolean sends = vp.due() == VpExecution.Due.SEND_SIGNAL;
    boolean handles = vp.signalInSlot();
    emit(state, out, !vp.hasWork(), false, "guest interrupt", always(vp::interrupt));
    emit(state, out, vp.running(), false, "halt", always(vp::halt));
    emit(state, out, vp.running(), false, "intercept", this::intercept);
    emit(state, out, vp.running(), false, "preempted", always(this::preempt));
    emit(state, out, clears, true, "counter := 0", always(vp::clearThreadBlocked));
    emit(state, out, sends, true, "signal", always(vp::sendSignal));
    emit(state, out, handles, true, "interrupt " + isr.point(), always(this::isrStep));
    for (Caller thread : threads) {
      calls(state, out, thread);
      ioctl(state, out, thread);
    }
  }

  /* The thread outside the ioctl, and at its mutex. */
  private void calls(long state, Explorer.Steps out, Caller thread) {
    boolean user = thread.vcpu.point() == VcpuRun.Point.USER && !thread.waiting;
    boolean free = thread.waiting && (!run.locked() || mutation == Mutation.NO_MUTEX);
    boolean killed = thread.waiting && thread.unixSignal && mutation != Mutation.NOT_KILLABLE;
    emit(state, out, !thread.unixSignal, false, "Unix signal", always(() -> signal(thread)));
    emit(state, out, user, false, "MSHV_RUN_VP", always(() -> call(thread)));
    emit(state, out, free, true, "mutex taken", always(() -> take(thread)));
    emit(state, out, killed, true, "wait killed", always(() -> thread.waiting = false));
  }

  private void ioctl(long state, Explorer.Steps out, Caller thread) {
    VcpuRun vcpu = thread.vcpu;
    boolean dispatching = vcpu.point() == VcpuRun.Point.DISPATCH;
    boolean enters = dispatching && !thread.inHypercall;
    boolean back = dispatching && thread.inHypercall && !vp.running();
    boolean atReturn = vcpu.point() == VcpuRun.Point.RETURN;
    boolean kicksOut = thread.inHypercall && vp.running() && thread.unixSignal;
    emit(state, out, vcpu.canStep(), true, "driver " + vcpu.point(), () -> driver(thread, false));
    emit(state, out, atReturn, true, "driver resolves", () -> driver(thread, true));
    emit(state, out, enters, true, "hypercall", () -> hypercall(thread));
    emit(state, out, back, true, "hypercall returns", always(() -> returned(thread)));
    emit(state, out, kicksOut, true, "IPI", always(this::preempt));
  }

  private String intercept() {
    String flaw = intercepted ? "an intercept before the last was handled" : "";
    vp.intercept();
    intercepted = true;
    return flaw;
  }

  private void preempt() {
    vp.endDispatch(DispatchReturn.READY_PREEMPTED);
  }

  private void isrStep() {
    boolean clears = isr.point() == MshvInterrupt.Point.CLEAR;
    isr.step(page);
    if (clears) {
      vp.signalTaken();
    }
  }

  private void signal(Caller thread) {
    thread.unixSignal = true;
    thread.vcpu.unixSignal();
  }

  private void call(Caller thread) {
    thread.unixSignal = false;
    thread.waiting = true;
  }

  private void take(Caller thread) {
    if (mutation == Mutation.NO_MUTEX) {
      run.decode(run.encode(), 0);
    }
    thread.waiting = false;
    thread.vcpu.enter();
  }

  private void returned(Caller thread) {
    thread.inHypercall = false;
    thread.vcpu.returned(vp.lastReturn());
  }

  private String hypercall(Caller thread) {
    if (!vp.dispatch(thread.vcpu.flags())) {
      thread.vcpu.refused();
      return "double dispatch";
    }
    thread.inHypercall = true;
    if (vp.running() && intercepted) {
      String flaw = delivered ? "" : "a VP runs on before its intercept was handled";
      intercepted = false;
      delivered = false;
      return flaw;
    }
    return "";
  }

  private String driver(Caller thread, boolean resolves) {
    thread.movable = resolves;
    RunAction action = thread.vcpu.step(thread);
    boolean resolved = resolves && action == RunAction.GOES_ON;
    boolean handed = action == RunAction.RETURNS && thread.vcpu.outcome() == RunOutcome.INTERCEPT;
    if (!resolved && !handed) {
      return "";
    }
    String flaw = delivered ? "an intercept message is handed over twice" : "";
    flaw = intercepted ? flaw : "an intercept message is handed over that nobody sent";
    delivered = true;
    return flaw;
  }

  @Override
  public String quiescent(long state) {
    decode(state);
    for (Caller thread : threads) {
      boolean asleep = thread.vcpu.point() == VcpuRun.Point.ASLEEP;
      if (asleep && vp.state() == VpExecution.State.RUNNABLE) {
        return "lost wake-up";
      }
      if (thread.waiting && thread.unixSignal) {
        return "a killed thread waits for the mutex";
      }
    }
    return "";
  }
}
