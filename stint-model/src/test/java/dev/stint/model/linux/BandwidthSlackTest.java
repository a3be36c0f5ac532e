package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// The constants of the slack timer, to the nanosecond: what idle CPUs gave back is handed out 5 ms
/// later, if it is more than a slice and the refill is then at least 2 ms away.
final class BandwidthSlackTest {
  private static final long MS = 1_000_000;
  private static final long REFILL_NS = 100 * MS;

  private final LoadedBox box = new LoadedBox(3);
  private final TaskGroup group =
      box.limited("g", new Quota(50 * MS, REFILL_NS, 0, OptionalLong.of(0)));

  /// Throttles CPU 1 and lets CPUs 0 and 2 give back `each` at `nowNs`.
  private void giveBack(long each, long nowNs) {
    Bandwidth bandwidth = group.bandwidth();
    box.simulation.run(nowNs);
    for (int cpu : new int[] {0, 2}) {
      FairQueue queue = group.queue(cpu);
      queue.runtimeRemainingNs = 0;
      bandwidth.charge(queue, 1, nowNs);
      assertThat(queue.runtimeRemainingNs).isEqualTo(5 * MS);
    }
    bandwidth.charge(group.queue(1), 90 * MS, nowNs);
    assertThat(bandwidth.check(group.queue(1), nowNs)).isTrue();
    assertThat(bandwidth.runtimeNs()).isZero();
    for (int cpu : new int[] {0, 2}) {
      group.queue(cpu).runtimeRemainingNs = MS + each;
      bandwidth.returnRuntime(group.queue(cpu), nowNs);
      assertThat(group.queue(cpu).runtimeRemainingNs).isEqualTo(MS);
    }
    assertThat(bandwidth.runtimeNs()).isEqualTo(2 * each);
  }

  private long poolAt(long nowNs) {
    box.simulation.run(nowNs);
    return group.bandwidth().runtimeNs();
  }

  @Test
  void slackTimer_moreThanASliceGivenBack_handsOutAfter5ms() {
    giveBack(5 * MS / 2 + 1, 50 * MS);
    assertThat(poolAt(55 * MS - 1)).isEqualTo(5 * MS + 2);
    assertThat(poolAt(55 * MS)).isZero();
  }

  @Test
  void slackTimer_aSliceGivenBack_isNotWorthIt() {
    giveBack(5 * MS / 2, 50 * MS);
    assertThat(poolAt(99 * MS)).isEqualTo(5 * MS);
  }

  @Test
  void slackTimer_refill7msAway_isStarted() {
    giveBack(4 * MS, REFILL_NS - 7 * MS);
    assertThat(poolAt(REFILL_NS - 2 * MS)).isZero();
  }

  @Test
  void slackTimer_refillNearerThan7ms_isNot() {
    giveBack(4 * MS, REFILL_NS - 7 * MS + 1);
    assertThat(poolAt(REFILL_NS - 1)).isEqualTo(8 * MS);
  }
}
