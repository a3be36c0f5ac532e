package dev.stint.testkit.modelcheck;

import dev.stint.model.hypervisor.VpExecution;
import dev.stint.model.mshv.RegisterRun;
import dev.stint.model.mshv.RunAction;
import dev.stint.model.mshv.RunOutcome;
import dev.stint.model.mshv.VpRun;

/// One VP that the hypervisor schedules, its vCPU thread, the message interrupt and Unix signals:
/// the production objects, put into a state, given one step, and read.
final class RegisterModel implements Explorer.Model, VpHost {
  /// What is wrong on purpose.
  enum Mutation {
    NONE,
    /// EXPLICIT_SUSPEND is cleared before INTERCEPT_SUSPEND.
    REVERSED_REGISTERS,
    /// After a Unix signal the driver does not look for an intercept.
    IGNORES_INTERCEPT,
    /// After a Unix signal the driver does not stop the VP.
    NO_SUSPEND,
    /// The interrupt does not set `kicked_by_hv`.
    NO_KICK,
    /// The interrupt does not wake the queue.
    NO_WAKE
  }

  private final Mutation mutation;
  private final VpExecution vp = new VpExecution(false);
  private final VpRun run = new VpRun();
  private final RegisterRun ioctl = new RegisterRun(run);
  private boolean unixSignal;
  private boolean intercepted;
  private boolean delivered;
  private int message;

  RegisterModel(Mutation mutation) {
    this.mutation = mutation;
  }

  @Override
  public long initial() {
    return new RegisterModel(mutation).encode();
  }

  private long encode() {
    long bits = message;
    for (boolean flag : new boolean[] {unixSignal, intercepted, delivered}) {
      bits = (bits << 1) | (flag ? 1 : 0);
    }
    bits = (bits << 6) | ioctl.encode();
    bits = (bits << 6) | run.encode();
    return (bits << 15) | vp.encode();
  }

  private void decode(long state) {
    vp.decode((int) state & 0x7FFF, 0);
    run.decode((int) (state >> 15) & 63, 0);
    ioctl.decode((int) (state >> 21) & 63);
    long bits = state >> 27;
    delivered = (bits & 1) != 0;
    intercepted = (bits & 2) != 0;
    unixSignal = (bits & 4) != 0;
    message = (int) (bits >> 3);
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
    if (flaw.isEmpty() && vp.running() && ioctl.point() == RegisterRun.Point.USER) {
      flaw = "a VP runs while its thread is in the VMM";
    }
    out.to(encode(), system, name, flaw);
  }

  @Override
  public void steps(long state, Explorer.Steps out) {
    decode(state);
    boolean running = vp.running();
    boolean idle = !vp.hasWork();
    boolean runnable = vp.state() == VpExecution.State.RUNNABLE;
    boolean user = ioctl.point() == RegisterRun.Point.USER;
    boolean quiet = !unixSignal;
    boolean steps = ioctl.canStep();
    boolean sends = vp.due() == VpExecution.Due.SEND_INTERCEPT && message == 0;
    int stage = message;
    emit(state, out, idle, false, "guest interrupt", this::doGuestInterrupt);
    emit(state, out, quiet, false, "Unix signal", this::doUnixSignal);
    emit(state, out, running, false, "halt", this::doHalt);
    emit(state, out, running, false, "LP taken", this::doLpTaken);
    emit(state, out, running, false, "intercept", this::doIntercept);
    emit(state, out, runnable, false, "LP given", this::start);
    emit(state, out, user, false, "MSHV_RUN_VP", this::doEnter);
    emit(state, out, sends, true, "hypervisor sends", this::doHypervisorSends);
    emit(state, out, stage != 0, true, "interrupt " + stage, this::interrupt);
    emit(state, out, steps, true, "driver " + ioctl.point(), this::driver);
  }

  private String doGuestInterrupt() {
    vp.interrupt();
    return "";
  }

  private String doUnixSignal() {
    unixSignal = true;
    ioctl.unixSignal();
    return "";
  }

  private String doHalt() {
    vp.halt();
    return "";
  }

  private String doLpTaken() {
    vp.stop();
    return "";
  }

  private String doIntercept() {
    String flaw = intercepted ? "an intercept before the last was handled" : "";
    vp.intercept();
    intercepted = true;
    return flaw;
  }

  private String doEnter() {
    unixSignal = false;
    ioctl.enter();
    return "";
  }

  private String doHypervisorSends() {
    vp.sendIntercept();
    message = 1;
    return "";
  }

  private String start() {
    vp.start();
    if (!intercepted) {
      return "";
    }
    String flaw = delivered ? "" : "a VP runs on before its intercept was handled";
    intercepted = false;
    delivered = false;
    return flaw;
  }

  private String interrupt() {
    switch (message) {
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
      default -> {}
    }
    message = (message + 1) & 3;
    return "";
  }

  private String driver() {
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

  @Override
  public String quiescent(long state) {
    decode(state);
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
