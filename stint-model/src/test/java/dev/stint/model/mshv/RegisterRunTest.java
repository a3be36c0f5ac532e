package dev.stint.model.mshv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.hypervisor.VpExecution;
import dev.stint.model.hypervisor.VpExecution.State;
import org.junit.jupiter.api.Test;

class RegisterRunTest {
  private final VpExecution execution = new VpExecution(false);
  private final VpRun vp = new VpRun();
  private final RegisterRun run = new RegisterRun(vp);
  private final TestHost host = new TestHost(execution);

  private RunAction steps() {
    RunAction action = RunAction.GOES_ON;
    while (action == RunAction.GOES_ON) {
      action = run.step(host);
    }
    return action;
  }

  private void toSleep() {
    execution.interrupt();
    run.enter();
    assertThat(steps()).isEqualTo(RunAction.SLEEPS);
    assertThat(execution.state()).isEqualTo(State.RUNNABLE);
    execution.start();
  }

  @Test
  void intercept_messageArrives_returnsIt() {
    toSleep();
    execution.intercept();
    execution.sendIntercept();
    vp.intercepted();
    assertThat(steps()).isEqualTo(RunAction.RETURNS);
    assertThat(run.outcome()).isEqualTo(RunOutcome.INTERCEPT);
    run.enter();
    run.step(host);
    assertThat(execution.interceptSuspend()).as("first register").isFalse();
    assertThat(steps()).isEqualTo(RunAction.SLEEPS);
  }

  @Test
  void unixSignal_noIntercept_isInterruptedWithTheVpSuspended() {
    toSleep();
    host.signal = true;
    run.unixSignal();
    assertThat(steps()).isEqualTo(RunAction.RETURNS);
    assertThat(run.outcome()).isEqualTo(RunOutcome.INTERRUPTED);
    assertThat(execution.state()).isEqualTo(State.EXPLICIT_SUSPENDED);
    assertThat(execution.running()).isFalse();
  }

  @Test
  void unixSignal_interceptUnderway_waitsForTheMessage() {
    toSleep();
    host.signal = true;
    run.unixSignal();
    execution.intercept();
    assertThat(steps()).as("uninterruptibly").isEqualTo(RunAction.SLEEPS);
    run.unixSignal();
    assertThat(run.canStep()).isFalse();
    execution.sendIntercept();
    vp.intercepted();
    assertThat(steps()).isEqualTo(RunAction.RETURNS);
    assertThat(run.outcome()).isEqualTo(RunOutcome.INTERCEPT);
  }

  @Test
  void unixSignal_messageAlreadyThere_returnsItOnce() {
    toSleep();
    host.signal = true;
    run.unixSignal();
    execution.intercept();
    execution.sendIntercept();
    vp.intercepted();
    assertThat(steps()).isEqualTo(RunAction.RETURNS);
    assertThat(run.outcome()).isEqualTo(RunOutcome.INTERCEPT);
    assertThat(vp.kickedByHv()).isFalse();
  }

  @Test
  void encode_decoded_goesOnAlike() {
    toSleep();
    RegisterRun copy = new RegisterRun(vp);
    copy.decode(run.encode());
    assertThat(copy).hasToString(run.toString());
  }
}
