package dev.stint.model.mshv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.hypervisor.DispatchFlags;
import dev.stint.model.hypervisor.DispatchReturn;
import dev.stint.model.hypervisor.VpExecution;
import dev.stint.model.mshv.VcpuRun.State;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VcpuRunTest {
  private final VpExecution execution = new VpExecution(true);
  private final VpRun vp = new VpRun();
  private final VcpuRun run = new VcpuRun(vp);
  private final TestHost host = new TestHost(execution);

  private RunAction steps() {
    RunAction action = RunAction.GOES_ON;
    while (action == RunAction.GOES_ON) {
      action = run.step(host);
    }
    return action;
  }

  private RunAction dispatchReturns(DispatchReturn with) {
    run.returned(with);
    return steps();
  }

  private void toFirstWait() {
    run.enter();
    assertThat(steps()).isEqualTo(RunAction.DISPATCHES);
    execution.dispatch(run.flags());
    assertThat(dispatchReturns(execution.lastReturn())).isEqualTo(RunAction.SLEEPS);
  }

  private void toDispatch() {
    execution.interrupt();
    toFirstWait();
    execution.clearThreadBlocked();
    vp.signalled();
    assertThat(steps()).isEqualTo(RunAction.DISPATCHES);
  }

  @Test
  void firstDispatch_suspended_isClearedAndWaitedFor() {
    toFirstWait();
    assertThat(run.state()).isEqualTo(State.WAIT_S);
    assertThat(vp.rootSchedBlocked()).isFalse();
    assertThat(execution.explicitSuspend()).isFalse();
    assertThat(run.warned()).isFalse();
  }

  @Test
  void blocked_kickedWithCounterSet_sleepsOn() {
    toDispatch();
    assertThat(dispatchReturns(DispatchReturn.BLOCKED_INTERNAL)).isEqualTo(RunAction.SLEEPS);
    assertThat(run.state()).isEqualTo(State.WAIT_B);
    assertThat(vp.rootSchedBlocked()).isTrue();
    host.parentBlocked = true;
    vp.signalled();
    assertThat(steps()).isEqualTo(RunAction.SLEEPS);
    host.parentBlocked = false;
    vp.wakeQueue();
    assertThat(steps()).isEqualTo(RunAction.DISPATCHES);
    assertThat(vp.rootSchedBlocked()).isFalse();
    assertThat(vp.kickedByHv()).isFalse();
  }

  @Test
  void blocked_vectorsInjected_dispatchesWithScan() {
    toDispatch();
    dispatchReturns(DispatchReturn.BLOCKED_INTERNAL);
    execution.injectVector();
    vp.wakeQueue();
    assertThat(steps()).isEqualTo(RunAction.DISPATCHES);
    assertThat(run.flags()).isEqualTo(DispatchFlags.SCAN_INTERRUPT_INJECTION);
  }

  @Test
  void blocked_unixSignal_waitsFirstAtTheNextCall() {
    toDispatch();
    dispatchReturns(DispatchReturn.BLOCKED_INTERNAL);
    host.signal = true;
    run.unixSignal();
    assertThat(steps()).isEqualTo(RunAction.RETURNS);
    assertThat(run.outcome()).isEqualTo(RunOutcome.INTERRUPTED);
    assertThat(vp.rootSchedBlocked()).isTrue();
    host.signal = false;
    execution.dispatch(0);
    run.enter();
    assertThat(steps()).as("waits before it dispatches").isEqualTo(RunAction.SLEEPS);
  }

  @Test
  void firstWait_unixSignal_dispatchesAtTheNextCall() {
    toFirstWait();
    host.signal = true;
    run.unixSignal();
    assertThat(steps()).isEqualTo(RunAction.RETURNS);
    host.signal = false;
    run.enter();
    assertThat(steps()).isEqualTo(RunAction.DISPATCHES);
  }

  @Test
  void intercept_handled_isClearedByTheNextDispatch() {
    toDispatch();
    assertThat(dispatchReturns(DispatchReturn.READY_INTERCEPT)).isEqualTo(RunAction.RETURNS);
    assertThat(run.outcome()).isEqualTo(RunOutcome.INTERCEPT);
    run.enter();
    assertThat(steps()).isEqualTo(RunAction.DISPATCHES);
    assertThat(run.flags()).isEqualTo(DispatchFlags.CLEAR_INTERCEPT_SUSPEND);
    run.refused();
    assertThat(run.outcome()).isEqualTo(RunOutcome.FAILED);
    run.enter();
    steps();
    assertThat(run.flags())
        .as("a failed dispatch has not cleared it")
        .isEqualTo(DispatchFlags.CLEAR_INTERCEPT_SUSPEND);
    run.returned(DispatchReturn.READY_PREEMPTED);
    steps();
    assertThat(run.flags()).isZero();
  }

  @Test
  void intercept_onMovableMemory_startsOverInTheKernel() {
    toDispatch();
    host.movable = true;
    assertThat(dispatchReturns(DispatchReturn.READY_INTERCEPT)).isEqualTo(RunAction.DISPATCHES);
    assertThat(run.flags()).isEqualTo(DispatchFlags.CLEAR_INTERCEPT_SUSPEND);
  }

  @Test
  void preDispatch_unixSignal_returnsInterrupted() {
    toDispatch();
    host.signal = true;
    assertThat(dispatchReturns(DispatchReturn.READY_PREEMPTED)).isEqualTo(RunAction.RETURNS);
    assertThat(run.outcome()).isEqualTo(RunOutcome.INTERRUPTED);
    assertThat(vp.rootSchedBlocked()).isFalse();
  }

  @Test
  void ready_withAnyOtherEvent_dispatchesAgain() {
    toDispatch();
    List<DispatchReturn> others = new ArrayList<>(List.of(DispatchReturn.values()));
    others.remove(DispatchReturn.READY_INTERCEPT);
    others.removeIf(pair -> pair.state().name().equals("BLOCKED"));
    assertThat(others).hasSize(7);
    for (DispatchReturn other : others) {
      assertThat(dispatchReturns(other)).isEqualTo(RunAction.DISPATCHES);
    }
  }

  @Test
  void suspend_afterASignal_warns() {
    toDispatch();
    dispatchReturns(DispatchReturn.BLOCKED_SUSPEND);
    assertThat(run.warned()).isTrue();
  }

  @Test
  void encode_decoded_goesOnAlike() {
    toDispatch();
    VpRun vp2 = new VpRun();
    vp2.decode(vp.encode(), vp.signaledCount());
    VcpuRun copy = new VcpuRun(vp2);
    copy.decode(run.encode());
    assertThat(copy).hasToString(run.toString());
    assertThat(copy.encode()).isEqualTo(run.encode());
    assertThat(copy.flags()).isEqualTo(run.flags());
  }
}
