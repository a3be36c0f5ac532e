package dev.stint.model.mshv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.mshv.SignalDrain.Point;
import org.junit.jupiter.api.Test;

class SignalDrainTest {
  private static final class Host implements SignalDrain.Host {
    private long count;
    private boolean suspended;
    private boolean signal;

    @Override
    public void suspendDispatch() {
      suspended = true;
    }

    @Override
    public long rootSignalCount() {
      return count;
    }

    @Override
    public boolean unixSignalPending() {
      return signal;
    }
  }

  private final Host host = new Host();
  private final VpRun vp = new VpRun();
  private final SignalDrain drain = new SignalDrain(vp);

  private RunAction steps() {
    RunAction action = RunAction.GOES_ON;
    while (action == RunAction.GOES_ON) {
      action = drain.step(host);
    }
    return action;
  }

  @Test
  void drain_nothingInFlight_endsAtOnce() {
    vp.signalled();
    host.count = 1;
    assertThat(steps()).isEqualTo(RunAction.RETURNS);
    assertThat(host.suspended).isTrue();
    assertThat(drain.warned()).isFalse();
  }

  @Test
  void drain_oneInFlight_waitsForIt() {
    vp.signalled();
    host.count = 2;
    assertThat(steps()).as("a stale kick does not end it").isEqualTo(RunAction.SLEEPS);
    vp.signalled();
    assertThat(steps()).isEqualTo(RunAction.RETURNS);
    assertThat(drain.warned()).isFalse();
  }

  @Test
  void drain_twoInFlight_warns() {
    host.count = 2;
    assertThat(steps()).isEqualTo(RunAction.SLEEPS);
    assertThat(drain.warned()).isTrue();
  }

  @Test
  void drain_unixSignalPending_endsWithASignalInFlight() {
    host.count = 1;
    host.signal = true;
    assertThat(steps()).isEqualTo(RunAction.RETURNS);
    assertThat(vp.signaledCount()).isZero();
    assertThat(drain.point()).isEqualTo(Point.DONE);
  }
}
