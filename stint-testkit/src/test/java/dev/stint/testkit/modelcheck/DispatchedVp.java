package dev.stint.testkit.modelcheck;

import dev.stint.model.hypervisor.DispatchReturn;
import dev.stint.model.hypervisor.VpExecution;
import dev.stint.model.mshv.RunAction;
import dev.stint.model.mshv.RunOutcome;
import dev.stint.model.mshv.SignalDrain;
import dev.stint.model.mshv.VcpuRun;
import dev.stint.model.mshv.VpRun;

/// One of several VPs that a parent dispatches, with its vCPU thread and its teardown: the
/// production objects and the notes that the search keeps on them. Each method that takes a step
/// returns what is wrong with it, or nothing.
final class DispatchedVp implements VpHost, SignalDrain.Host {
  static final String HAZARD = "hazard L5: freed with a signal in flight";

  /* vp.encode(): without the reason of the last return; the bit for a signal in the slot. */
  private static final int WITHOUT_RETURN = (1 << 11) - 1;
  private static final int SIGNAL_IN_SLOT = 1 << 2;
  /* vcpu.encode(): without the latest outcome and the warning, which nothing reads again. */
  private static final int WITHOUT_OUTCOME = ~((3 << 5) | (1 << 8));
  private static final long FREED = 1L << 62;

  final VpExecution vp = new VpExecution(true);
  final VpRun run = new VpRun();
  final VcpuRun vcpu = new VcpuRun(run);
  final SignalDrain drain = new SignalDrain(run);
  private final Bounds bounds;
  private boolean inHypercall;
  private boolean unixSignal;
  private boolean intercepted;
  private boolean delivered;
  private boolean irqWake;
  private boolean closing;
  private boolean movable;
  private int interrupts;
  private int intercepts;
  private int signals;
  private int vectors;

  DispatchedVp(Bounds bounds) {
    this.bounds = bounds;
    interrupts = bounds.interrupts();
    intercepts = bounds.intercepts();
    signals = bounds.signals();
    vectors = bounds.vectors();
  }

  private static long bit(boolean flag) {
    return flag ? 1 : 0;
  }

  long encode() {
    if (freed()) {
      return FREED | (vp.encode() & SIGNAL_IN_SLOT);
    }
    boolean back = inHypercall && !vp.running();
    long bits = (interrupts << 3) | (intercepts << 2) | (signals << 1) | vectors;
    bits = (bits << 4) | (bit(inHypercall) << 3) | (bit(unixSignal) << 2);
    bits |= (bit(intercepted) << 1) | bit(delivered);
    bits = (bits << 3) | (bit(irqWake) << 2) | (bit(closing) << 1);
    bits |= bit(run.signaledCount() != 0);
    bits = (bits << 2) | ((vp.rootSignalCount() - run.signaledCount()) & 3);
    bits = (bits << 11) | (vcpu.encode() & WITHOUT_OUTCOME);
    bits = (bits << 6) | run.encode();
    bits = (bits << 7) | drain.encode(run.signaledCount());
    return (bits << 15) | (vp.encode() & (back ? 0x7FFF : WITHOUT_RETURN));
  }

  void decode(long state) {
    long bits = state >> 28;
    int runBits = (int) (state >> 22) & 63;
    int vcpuBits = (int) bits & 0x7FF;
    int difference = (int) (bits >> 11) & 3;
    long base = (bits >> 13) & 1;
    closing = ((bits >> 14) & 1) != 0;
    irqWake = ((bits >> 15) & 1) != 0;
    delivered = ((bits >> 16) & 1) != 0;
    intercepted = ((bits >> 17) & 1) != 0;
    unixSignal = ((bits >> 18) & 1) != 0;
    inHypercall = ((bits >> 19) & 1) != 0;
    vectors = (int) (bits >> 20) & 1;
    signals = (int) (bits >> 21) & 1;
    intercepts = (int) (bits >> 22) & 1;
    interrupts = (int) (bits >> 23) & 3;
    if ((state & FREED) != 0) {
      closing = true;
      drain.decode(SignalDrain.Point.DONE.ordinal(), 0);
      vcpu.decode(0);
      run.decode(0, 0);
      vp.decode((int) state & SIGNAL_IN_SLOT, 0);
      return;
    }
    vp.decode((int) state & 0x7FFF, base + difference);
    drain.decode((int) (state >> 15) & 127, base);
    run.decode(runBits, base);
    vcpu.decode(vcpuBits);
  }

  // --- What it is ---

  boolean freed() {
    return closing && drain.point() == SignalDrain.Point.DONE;
  }

  boolean closing() {
    return closing;
  }

  boolean running() {
    return vp.running();
  }

  /// Whether its thread is where Linux cannot preempt it: about to dispatch, or in the hypercall.
  boolean unpreemptible() {
    return vcpu.point() == VcpuRun.Point.DISPATCH;
  }

  boolean canInterrupt() {
    return interrupts > 0 && !vp.hasWork();
  }

  boolean canInject() {
    return vectors > 0 && !closing && !vp.injectedVectors() && !irqWake;
  }

  boolean canSignal() {
    return signals > 0 && !unixSignal;
  }

  boolean canIntercept() {
    return intercepts > 0 && vp.running();
  }

  boolean inUser() {
    return vcpu.point() == VcpuRun.Point.USER && !closing;
  }

  boolean canClose() {
    return bounds.closes() && inUser();
  }

  boolean irqWake() {
    return irqWake;
  }

  boolean entering() {
    return vcpu.point() == VcpuRun.Point.DISPATCH && !inHypercall;
  }

  boolean back() {
    return vcpu.point() == VcpuRun.Point.DISPATCH && inHypercall && !vp.running();
  }

  boolean atReturn() {
    return vcpu.point() == VcpuRun.Point.RETURN;
  }

  boolean drains() {
    return closing && drain.canStep();
  }

  boolean outsideItsDispatch() {
    return vp.running() && !(inHypercall && run.rootSchedDispatched());
  }

  /// What is wrong if nothing else happens to it by itself.
  String quiescent() {
    if (closing) {
      return freed() || drain.canStep() ? "" : "the drain does not end";
    }
    boolean asleep = vcpu.point() == VcpuRun.Point.ASLEEP && !run.woken();
    boolean wanted = vp.state() == VpExecution.State.RUNNABLE || vp.injectedVectors();
    return asleep && wanted ? "lost wake-up" : "";
  }

  // --- Its environment ---

  String interrupt() {
    interrupts--;
    vp.interrupt();
    return "";
  }

  String inject() {
    vectors--;
    vp.injectVector();
    irqWake = true;
    return "";
  }

  String signal() {
    signals--;
    unixSignal = true;
    vcpu.unixSignal();
    if (closing) {
      drain.unixSignal();
    }
    return "";
  }

  String halt() {
    vp.halt();
    return "";
  }

  String intercept() {
    String flaw = intercepted ? "an intercept before the last was handled" : "";
    intercepts--;
    vp.intercept();
    intercepted = true;
    return flaw;
  }

  String preempt() {
    vp.endDispatch(DispatchReturn.READY_PREEMPTED);
    return "";
  }

  String enter() {
    unixSignal = false;
    vcpu.enter();
    return "";
  }

  String handleSignal() {
    unixSignal = false;
    return "";
  }

  String close() {
    closing = true;
    return "";
  }

  // --- Its driver and its hypervisor ---

  String irqfdWakes() {
    irqWake = false;
    run.wakeQueue();
    return "";
  }

  String clearThreadBlocked() {
    vp.clearThreadBlocked();
    return "";
  }

  String hypercall() {
    if (!vp.dispatch(vcpu.flags())) {
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

  String hypercallReturns() {
    inHypercall = false;
    vcpu.returned(vp.lastReturn());
    return "";
  }

  String driver(boolean resolves) {
    movable = resolves;
    RunAction action = vcpu.step(this);
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

  String drain() {
    drain.step(this);
    if (drain.warned()) {
      return "teardown sees a difference other than 0 and 1";
    }
    if (freed() && vp.rootSignalCount() != run.signaledCount()) {
      return unixSignal ? HAZARD : "freed too early";
    }
    return "";
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
  public boolean resolvesInterceptInKernel() {
    return movable;
  }

  @Override
  public void suspendDispatch() {
    vp.writeDispatchSuspend();
  }

  @Override
  public long rootSignalCount() {
    return vp.rootSignalCount();
  }
}
