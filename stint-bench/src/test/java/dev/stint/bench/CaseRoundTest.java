package dev.stint.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the benchmarks measure and is the same on every machine. Times are not, and are no gate.
final class CaseRoundTest {
  private static final long SECOND_NS = 1_000_000_000;

  private static BenchCase named(String name) {
    List<BenchCase> found =
        BenchCases.all().stream().filter(one -> one.name().equals(name)).toList();
    assertThat(found).as("cases called %s", name).hasSize(1);
    return found.getFirst();
  }

  @ParameterizedTest
  @ValueSource(strings = {"host-10", "nested-16-core", "nested-16-integrated"})
  void steadyState_ofTasksThatNeverSleep_allocatesAlmostNothing(String name) {
    CaseRound round = CaseRound.of(named(name), 25 * SECOND_NS);
    assertThat(round.events()).isGreaterThan(10_000);
    assertThat(round.steadyBytes()).as("bytes").isLessThan(round.events() / 4);
  }

  /// Quotas throttle and refill, or tasks sleep and wake: what is left is histograms that see a new
  /// order of magnitude, and sets of ready tasks never seen before.
  @ParameterizedTest
  @ValueSource(strings = {"full-10", "bursts-10"})
  void steadyState_ofQuotasAndWakeups_allocatesAlmostNothing(String name) {
    CaseRound round = CaseRound.of(named(name), 100 * SECOND_NS);
    assertThat(round.events()).isGreaterThan(100_000);
    assertThat(round.steadyBytes()).as("bytes").isLessThan(round.events() / 4);
  }

  @Test
  void events_ofTheSameRun_areTheSame() {
    BenchCase hogs = named("vms-10");
    CaseRound first = CaseRound.of(hogs, SECOND_NS);
    CaseRound second = CaseRound.of(hogs, SECOND_NS);
    assertThat(second.events()).isEqualTo(first.events());
    assertThat(first.events()).as("events in 10 core-seconds").isBetween(2_000L, 5_000L);
  }

  @Test
  void memory_ofAVm_isBounded() {
    BenchCase hogs = named("host-100");
    long bytes = CaseRound.peakBytes(hogs, SECOND_NS / 10);
    assertThat(bytes / hogs.vms()).as("live bytes of a VM").isLessThan(30_000);
  }
}
