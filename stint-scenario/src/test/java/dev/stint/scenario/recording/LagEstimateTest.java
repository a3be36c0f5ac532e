package dev.stint.scenario.recording;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.linux.ReplayResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Lags are estimated all over again until no more decisions agree.
final class LagEstimateTest {
  private static ReplayResult equal(long equal, Integer... contested) {
    return new ReplayResult(10, equal, 0, 0, 0, 0, 0, 0, 0, 0, List.of(contested), List.of());
  }

  @Test
  void estimate_oneTaskDependsOnAnother_isRepeatedUntilNoMoreAgree() {
    Map<Integer, Long> lags =
        LagEstimate.of((lagsNs, _) -> {
          boolean second = lagsNs.getOrDefault(2, 0L) == 2_000_000;
          boolean first = lagsNs.getOrDefault(1, 0L) == 700_000;
          int together = first ? 10 : 8;
          return equal(second ? together : 6, 1, 2);
        });

    // In the first round no number of task 1 helps: that of task 2 is not known yet.
    assertThat(lags).isEqualTo(Map.of(1, 700_000L, 2, 2_000_000L));
  }

  @Test
  void estimate_nothingHelps_namesNobody() {
    assertThat(LagEstimate.of((_, _) -> equal(9, 1, 2))).isEmpty();
  }
}
