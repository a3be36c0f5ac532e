package dev.stint.testkit.modelcheck;

import dev.stint.model.hypervisor.DispatchFlags;
import dev.stint.model.hypervisor.DispatchReturn;
import dev.stint.model.hypervisor.VpExecution;
import dev.stint.model.mshv.RunAction;
import dev.stint.model.mshv.RunOutcome;
import dev.stint.model.mshv.SignalDrain;
import dev.stint.model.mshv.VcpuRun;
import dev.stint.model.mshv.VpRun;

/// One VP that its parent dispatches, its vCPU thread, the message interrupt and the teardown: the
/// production objects, put into a state, given one step, and read.
final class DispatchModel implements Explorer.Model, VpHost, SignalDrain.Host {
  /// What is wrong on purpose.
  enum Mutation {
    NONE,
    /// The hypervisor clears the blocked counter after the signal.
    SIGNAL_BEFORE_CLEAR,
    /// The interrupt does not set `kicked_by_hv`.
    NO_KICK,
    /// The interrupt does not wake the queue.
    NO_WAKE,
    /// The driver dispatches without flag 0x01.
    NO_CLEAR_FLAG,
    /// The driver dispatches without flag 0x40.
    NO_SCAN_FLAG,
    /// The hypervisor returns READY with INVALID (U-EVT).
    READY_INVALID,
    /// The driver does not count the signal.
    NO_COUNT,
    /// The driver does not read the blocked counter in PARENT.
    ONLY_SELF,
    /// The driver does not read the blocked counter in SELF.
    ONLY_PARENT
  }

  private static final int SIGNAL_DUE = 1 << 3;

  private final Mutation mutation;
  private final VpExecution vp = new VpExecution(true);
  private final VpRun run = new VpRun();
  private final VcpuRun vcpu = new VcpuRun(run);
  private final SignalDrain drain = new SignalDrain(run);
  private boolean inHypercall;
  private boolean unixSignal;
  private boolean intercepted;
  private boolean delivered;
  private boolean irqWake;
  private boolean closing;
  private boolean movable;
  private boolean sentFirst;
  /* Of the two pages, the one in which the hypervisor has cleared the blocked counter already. */
  private boolean selfCleared;
  private boolean parentCleared;
  private int isr;

  DispatchModel(Mutation mutation) {
    this.mutation = mutation;
  }

  @Override
  public long initial() {
    return new DispatchModel(mutation).encode();
  }

  private long encode() {
    boolean[] flags = {
      selfCleared,
      parentCleared,
      inHypercall,
      unixSignal,
      intercepted,
      delivered,
      irqWake,
      closing,
      sentFirst,
      run.signaledCount() != 0
    };
    long bits = isr;
    for (boolean flag : flags) {
      bits = (bits << 1) | (flag ? 1 : 0);
    }
    bits = (bits << 2) | ((vp.rootSignalCount() - run.signaledCount()) & 3);
    bits = (bits << 7) | drain.encode(run.signaledCount());
    bits = (bits << 11) | vcpu.encode();
    bits = (bits << 6) | run.encode();
    return (bits << 15) | vp.encode();
  }

  private void decode(long state) {
    long bits = state >> 32;
    int drainBits = (int) bits & 127;
    bits >>= 7;
    int difference = (int) bits & 3;
    bits >>= 2;
    long base = bits & 1;
    sentFirst = (bits & 2) != 0;
    closing = (bits & 4) != 0;
    irqWake = (bits & 8) != 0;
    delivered = (bits & 16) != 0;
    intercepted = (bits & 32) != 0;
    unixSignal = (bits & 64) != 0;
    inHypercall = (bits & 128) != 0;
    parentCleared = (bits & 256) != 0;
    selfCleared = (bits & 512) != 0;
    isr = (int) (bits >> 10);
    vp.decode((int) state & 0x7FFF, base + difference);
    run.decode((int) (state >> 15) & 63, base);
    vcpu.decode((int) (state >> 21) & 0x7FF);
    drain.decode(drainBits, base);
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
    if (flaw.isEmpty() && vp.running() && !(inHypercall && run.rootSchedDispatched())) {
      flaw = "a VP runs outside its dispatch";
    }
    out.to(encode(), system, name, flaw);
  }

  @Override
  public void steps(long state, Explorer.Steps out) {
    decode(state);
    if (closing && drain.point() == SignalDrain.Point.DONE) {
      return;
    }
    environment(state, out);
    system(state, out);
  }

  private void environment(long state, Explorer.Steps out) {
    decode(state);
    boolean running = vp.running();
    boolean user = vcpu.point() == VcpuRun.Point.USER;
    boolean alive = !closing;
    emit(state, out, !vp.hasWork(), false, "guest interrupt", this::doGuestInterrupt);
    decode(state);
    emit(state, out, alive && !vp.injectedVectors() && !irqWake, false, "irqfd", this::doIrqfd);
    decode(state);
    emit(state, out, !unixSignal, false, "Unix signal", this::doUnixSignal);
    emit(state, out, running, false, "halt", this::doHalt);
    emit(state, out, running, false, "intercept", this::doIntercept);
    emit(state, out, running, false, "preempted", this::doPreempted);
    emit(state, out, user && alive, false, "MSHV_RUN_VP", this::doEnter);
    emit(state, out, user && alive, false, "close", this::doClose);
  }

  private void system(long state, Explorer.Steps out) {
    decode(state);
    boolean dispatching = vcpu.point() == VcpuRun.Point.DISPATCH;
    boolean running = vp.running();
    boolean back = dispatching && inHypercall && !running;
    boolean entering = dispatching && !inHypercall;
    boolean steps = vcpu.canStep();
    boolean atReturn = vcpu.point() == VcpuRun.Point.RETURN;
    boolean drains = closing && drain.canStep();
    boolean message = vp.signalInSlot();
    boolean wakes = irqWake;
    boolean kicksOut = running && unixSignal;
    VpExecution.Due due = vp.due();
    boolean clears = due == VpExecution.Due.CLEAR_THREAD_BLOCKED;
    boolean clearsParent = clears && mutation != Mutation.SIGNAL_BEFORE_CLEAR && !parentCleared;
    boolean pays = due != VpExecution.Due.NOTHING && !selfCleared;
    emit(state, out, pays, true, "hypervisor: " + due, this::pay);
    emit(state, out, clearsParent, true, "hypervisor: PARENT", this::clearParent);
    emit(state, out, message, true, "interrupt " + isr, this::interrupt);
    emit(state, out, wakes, true, "irqfd wakes", this::doIrqfdWakes);
    emit(state, out, steps, true, "driver " + vcpu.point(), () -> driver(false));
    emit(state, out, atReturn, true, "driver resolves", () -> driver(true));
    emit(state, out, entering, true, "hypercall", this::hypercall);
    emit(state, out, back, true, "hypercall returns", this::doHypercallReturns);
    emit(state, out, kicksOut, true, "IPI", this::doIpi);
    boolean fault = running && mutation == Mutation.READY_INVALID;
    emit(state, out, fault, true, "READY+INVALID", this::doReadyInvalid);
    emit(state, out, drains, true, "drain", this::drain);
  }

  private String doGuestInterrupt() {
    vp.interrupt();
    return "";
  }

  private String doIrqfd() {
    vp.injectVector();
    irqWake = true;
    return "";
  }

  private String doUnixSignal() {
    unixSignal = true;
    vcpu.unixSignal();
    if (closing) {
      drain.unixSignal();
    }
    return "";
  }

  private String doHalt() {
    vp.halt();
    return "";
  }

  private String doIntercept() {
    String flaw = intercepted ? "an intercept before the last was handled" : "";
    vp.intercept();
    intercepted = true;
    return flaw;
  }

  private String doPreempted() {
    vp.endDispatch(DispatchReturn.READY_PREEMPTED);
    return "";
  }

  private String doEnter() {
    unixSignal = false;
    vcpu.enter();
    return "";
  }

  private String doClose() {
    closing = true;
    return "";
  }

  private String doIrqfdWakes() {
    irqWake = false;
    run.wakeQueue();
    return "";
  }

  private String doHypercallReturns() {
    inHypercall = false;
    vcpu.returned(vp.lastReturn());
    return "";
  }

  private String doIpi() {
    vp.endDispatch(DispatchReturn.READY_PREEMPTED);
    return "";
  }

  private String doReadyInvalid() {
    vp.endDispatch(DispatchReturn.READY_INVALID);
    return "";
  }

  private String pay() {
    boolean clear = vp.due() == VpExecution.Due.CLEAR_THREAD_BLOCKED;
    if (mutation == Mutation.SIGNAL_BEFORE_CLEAR && clear) {
      if (!sentFirst && !vp.signalInSlot()) {
        vp.sendSignal();
        sentFirst = true;
      } else {
        vp.clearThreadBlocked();
        vp.decode(vp.encode() & ~SIGNAL_DUE, vp.rootSignalCount());
        sentFirst = false;
      }
    } else if (clear) {
      selfCleared = true;
      clearBoth();
    } else {
      vp.sendSignal();
    }
    return "";
  }

  private String clearParent() {
    parentCleared = true;
    clearBoth();
    return "";
  }

  private void clearBoth() {
    if (selfCleared && parentCleared) {
      vp.clearThreadBlocked();
      nothingCleared();
    }
  }

  private void nothingCleared() {
    selfCleared = false;
    parentCleared = false;
  }

  private String interrupt() {
    switch (isr) {
      case 0 -> {
        if (mutation != Mutation.NO_COUNT) {
          run.countSignal();
        }
      }
      case 1 -> {
        if (mutation != Mutation.NO_KICK) {
          run.kick();
        }
      }
      case 2 -> {
        if (mutation != Mutation.NO_WAKE) {
          run.wakeQueue();
        }
      }
      default -> vp.signalTaken();
    }
    isr = (isr + 1) & 3;
    return "";
  }

  private String driver(boolean resolves) {
    movable = resolves;
    boolean reads = vcpu.point() == VcpuRun.Point.READ_PARENT;
    RunAction action = vcpu.step(this);
    if (reads && vcpu.point() == VcpuRun.Point.UNMARK && vp.threadBlocked()) {
      return "a stale kick wakes (L3)";
    }
    boolean resolved = resolves && action == RunAction.GOES_ON;
    boolean returned = action == RunAction.RETURNS && vcpu.outcome() == RunOutcome.INTERCEPT;
    if (!resolved && !returned) {
      return "";
    }
    String flaw = delivered ? "an intercept message is handed over twice" : "";
    flaw = intercepted ? flaw : "an intercept message is handed over that nobody sent";
    delivered = true;
    return flaw;
  }

  private String hypercall() {
    int flags = vcpu.flags();
    if (mutation == Mutation.NO_CLEAR_FLAG) {
      flags &= ~DispatchFlags.CLEAR_INTERCEPT_SUSPEND;
    }
    if (mutation == Mutation.NO_SCAN_FLAG) {
      flags &= ~DispatchFlags.SCAN_INTERRUPT_INJECTION;
    }
    nothingCleared();
    if (!vp.dispatch(flags)) {
      vcpu.refused();
      return "double dispatch";
    }
    inHypercall = true;
    if (vp.running() && intercepted) {
      String flaw = delivered ? "" : "a VP runs on before its intercept was handled";
      intercepted = false;
      delivered = false;
      return flaw;
    }
    return "";
  }

  private String drain() {
    drain.step(this);
    if (drain.warned()) {
      return "teardown sees a difference other than 0 and 1";
    }
    boolean done = drain.point() == SignalDrain.Point.DONE;
    boolean inFlight = vp.rootSignalCount() != run.signaledCount();
    if (done && inFlight) {
      return unixSignal ? "hazard L5: freed with a signal in flight" : "freed too early";
    }
    return "";
  }

  @Override
  public String quiescent(long state) {
    decode(state);
    if (closing) {
      return drain.point() == SignalDrain.Point.DONE ? "" : "the drain does not end";
    }
    boolean asleep = vcpu.point() == VcpuRun.Point.ASLEEP;
    boolean wanted = vp.state() == VpExecution.State.RUNNABLE || vp.injectedVectors();
    return asleep && wanted ? "lost wake-up" : "";
  }

  @Override
  public VpExecution vp() {
    return vp;
  }

  @Override
  public boolean unixSignalPending() {
    return unixSignal;
  }

  @Override
  public boolean threadBlockedSelf() {
    return vp.threadBlocked() && !selfCleared && mutation != Mutation.ONLY_PARENT;
  }

  @Override
  public boolean threadBlockedParent() {
    return vp.threadBlocked() && !parentCleared && mutation != Mutation.ONLY_SELF;
  }

  @Override
  public boolean resolvesInterceptInKernel() {
    return movable;
  }

  @Override
  public void suspendDispatch() {
    vp.writeDispatchSuspend();
    nothingCleared();
  }

  @Override
  public long rootSignalCount() {
    return vp.rootSignalCount();
  }
}
