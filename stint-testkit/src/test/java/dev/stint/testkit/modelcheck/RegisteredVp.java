package dev.stint.testkit.modelcheck;

import dev.stint.model.hypervisor.VpExecution;
import dev.stint.model.mshv.RegisterRun;
import dev.stint.model.mshv.RunAction;
import dev.stint.model.mshv.RunOutcome;
import dev.stint.model.mshv.VpRun;
import dev.stint.testkit.modelcheck.RegisterModel.Mutation;

/// One VP that the hypervisor schedules, its vCPU thread and what was noted of its intercept: the
/// production objects and their steps. Each step says what is wrong with it, or nothing.
final class RegisteredVp implements VpHost {
  final VpExecution vp = new VpExecution(false);
  final VpRun run = new VpRun();
  final RegisterRun ioctl = new RegisterRun(run);
  private final Mutation mutation;
  private boolean unixSignal;
  private boolean intercepted;
  private boolean delivered;

  RegisteredVp(Mutation mutation) {
    this.mutation = mutation;
  }

  /// The state, in the low 30 bits.
  long encode() {
    long bits = 0;
    for (boolean flag : new boolean[] {unixSignal, intercepted, delivered}) {
      bits = (bits << 1) | (flag ? 1 : 0);
    }
    bits = (bits << 6) | ioctl.encode();
    bits = (bits << 6) | run.encode();
    return (bits << 15) | vp.encode();
  }

  void decode(long state) {
    vp.decode((int) state & 0x7FFF, 0);
    run.decode((int) (state >> 15) & 63, 0);
    ioctl.decode((int) (state >> 21) & 63);
    long bits = state >> 27;
    delivered = (bits & 1) != 0;
    intercepted = (bits & 2) != 0;
    unixSignal = (bits & 4) != 0;
  }

  boolean inUser() {
    return ioctl.point() == RegisterRun.Point.USER;
  }

  boolean runsInUser() {
    return vp.running() && inUser();
  }

  String guestInterrupt() {
    vp.interrupt();
    return "";
  }

  String signal() {
    unixSignal = true;
    ioctl.unixSignal();
    return "";
  }

  String halt() {
    vp.halt();
    return "";
  }

  String lpTaken() {
    vp.stop();
    return "";
  }

  String intercept() {
    String flaw = intercepted ? "an intercept before the last was handled" : "";
    vp.intercept();
    intercepted = true;
    return flaw;
  }

  String enter() {
    unixSignal = false;
    ioctl.enter();
    return "";
  }

  String start() {
    vp.start();
    if (!intercepted) {
      return "";
    }
    String flaw = delivered ? "" : "a VP runs on before its intercept was handled";
    intercepted = false;
    delivered = false;
    return flaw;
  }

  String driver() {
    if (ioctl.step(this) != RunAction.RETURNS) {
      return "";
    }
    if (ioctl.outcome() == RunOutcome.INTERRUPTED) {
      return intercepted && !delivered ? "-EINTR while a message is on its way" : "";
    }
    String flaw = delivered ? "an intercept message is handed over twice" : "";
    flaw = intercepted ? flaw : "an intercept message is handed over that nobody sent";
    delivered = true;
    return flaw;
  }

  String quiescent() {
    boolean asleep =
        ioctl.point() == RegisterRun.Point.ASLEEP
            || ioctl.point() == RegisterRun.Point.ASLEEP_FINAL;
    return asleep && intercepted && !delivered ? "lost intercept message" : "";
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
  public boolean writeExplicitSuspend(boolean value) {
    if (mutation == Mutation.REVERSED_REGISTERS && !value) {
      vp.writeInterceptSuspend(false);
    } else if (mutation != Mutation.NO_SUSPEND || !value) {
      vp.writeExplicitSuspend(value);
    }
    return true;
  }

  @Override
  public boolean writeInterceptSuspend(boolean value) {
    if (mutation == Mutation.REVERSED_REGISTERS) {
      vp.writeExplicitSuspend(value);
    } else {
      vp.writeInterceptSuspend(value);
    }
    return true;
  }

  @Override
  public boolean readInterceptSuspend() {
    return mutation != Mutation.IGNORES_INTERCEPT && vp.interceptSuspend();
  }

  @Override
  public boolean resolvesInterceptInKernel() {
    return false;
  }
}
