package dev.stint.model.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.hypervisor.VpExecution.Due;
import dev.stint.model.hypervisor.VpExecution.State;
import org.junit.jupiter.api.Test;

class VpExecutionTest {
  private static VpExecution dispatched() {
    return new VpExecution(true);
  }

  private static VpExecution running() {
    VpExecution vp = dispatched();
    vp.writeExplicitSuspend(false);
    vp.interrupt();
    vp.dispatch(0);
    return vp;
  }

  @Test
  void dispatch_first_returnsSuspend() {
    VpExecution vp = dispatched();
    assertThat(vp.dispatch(0)).isTrue();
    assertThat(vp.lastReturn()).isEqualTo(DispatchReturn.BLOCKED_SUSPEND);
    assertThat(vp.threadBlocked()).isTrue();
    vp.interrupt();
    assertThat(vp.due()).as("not while it is suspended").isEqualTo(Due.NOTHING);
    vp.writeExplicitSuspend(false);
    assertThat(vp.state()).isEqualTo(State.RUNNABLE);
    assertThat(vp.due()).isEqualTo(Due.CLEAR_THREAD_BLOCKED);
  }

  @Test
  void wake_ofBlocked_clearsCounterBeforeSignal() {
    VpExecution vp = running();
    vp.halt();
    assertThat(vp.lastReturn()).isEqualTo(DispatchReturn.BLOCKED_INTERNAL);
    assertThat(vp.state()).isEqualTo(State.BLOCKED);
    vp.interrupt();
    assertThat(vp.due()).isEqualTo(Due.CLEAR_THREAD_BLOCKED);
    vp.clearThreadBlocked();
    assertThat(vp.threadBlocked()).isFalse();
    assertThat(vp.due()).isEqualTo(Due.SEND_SIGNAL);
    vp.sendSignal();
    assertThat(vp.rootSignalCount()).isEqualTo(1);
    assertThat(vp.due()).isEqualTo(Due.NOTHING);
  }

  @Test
  void signal_whileOneIsInTheSlot_waits() {
    VpExecution vp = running();
    vp.halt();
    vp.interrupt();
    vp.clearThreadBlocked();
    vp.sendSignal();
    vp.dispatch(0);
    vp.halt();
    vp.interrupt();
    vp.clearThreadBlocked();
    assertThat(vp.due()).isEqualTo(Due.NOTHING);
    vp.signalTaken();
    assertThat(vp.due()).isEqualTo(Due.SEND_SIGNAL);
  }

  @Test
  void intercept_untilDispatchWithFlag_keepsIt() {
    VpExecution vp = running();
    vp.intercept();
    assertThat(vp.state()).isEqualTo(State.INTERCEPT_SUSPENDED);
    vp.dispatch(0);
    assertThat(vp.running()).isFalse();
    assertThat(vp.lastReturn()).isEqualTo(DispatchReturn.READY_INTERCEPT);
    vp.dispatch(DispatchFlags.CLEAR_INTERCEPT_SUSPEND);
    assertThat(vp.running()).isTrue();
  }

  @Test
  void dispatch_ofWhatRunsOrIsTornDown_isRefused() {
    VpExecution vp = running();
    assertThat(vp.dispatch(0)).isFalse();
    vp.writeDispatchSuspend();
    assertThat(vp.state()).isEqualTo(State.DISPATCH_SUSPENDED);
    assertThat(vp.dispatch(0)).isFalse();
    vp.interrupt();
    assertThat(vp.due()).isEqualTo(Due.NOTHING);
    assertThat(new VpExecution(false).dispatch(0)).isFalse();
  }

  @Test
  void vector_injected_isTakenByScan() {
    VpExecution vp = running();
    vp.halt();
    vp.injectVector();
    vp.dispatch(0);
    assertThat(vp.running()).isFalse();
    vp.dispatch(DispatchFlags.SCAN_INTERRUPT_INJECTION);
    assertThat(vp.running()).isTrue();
    assertThat(vp.injectedVectors()).isFalse();
  }

  @Test
  void intercept_whereHypervisorSchedules_sendsOneMessage() {
    VpExecution vp = new VpExecution(false);
    vp.interrupt();
    vp.writeExplicitSuspend(false);
    vp.start();
    vp.intercept();
    assertThat(vp.due()).isEqualTo(Due.SEND_INTERCEPT);
    vp.sendIntercept();
    assertThat(vp.due()).isEqualTo(Due.NOTHING);
    vp.writeInterceptSuspend(false);
    assertThat(vp.state()).isEqualTo(State.RUNNABLE);
  }

  @Test
  void encode_decoded_isEqual() {
    VpExecution vp = running();
    vp.halt();
    vp.interrupt();
    vp.clearThreadBlocked();
    vp.sendSignal();
    VpExecution copy = dispatched();
    copy.decode(vp.encode(), vp.rootSignalCount());
    assertThat(copy.encode()).isEqualTo(vp.encode());
    assertThat(copy).hasToString(vp.toString());
    assertThat(copy.rootSignalCount()).isEqualTo(1);
  }

  @Test
  void dispatchReturn_legal_areThePairsOfTheHeader() {
    for (DispatchReturn pair : DispatchReturn.values()) {
      boolean blocked =
          pair.event() == DispatchEvent.SUSPEND || pair.event() == DispatchEvent.INTERNAL;
      if (pair.legal()) {
        assertThat(pair.state()).isEqualTo(blocked ? DispatchState.BLOCKED : DispatchState.READY);
      }
    }
    assertThat(DispatchEvent.TIME_SLICE_END.value()).isEqualTo(8);
    assertThat(DispatchState.READY.value()).isEqualTo(2);
  }
}
