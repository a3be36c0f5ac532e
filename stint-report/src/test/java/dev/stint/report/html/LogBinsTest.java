package dev.stint.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LogBinsTest {
  @Test
  void index_ofEveryMagnitude_goesOnWithoutAGapAndNeverBack() {
    int last = -1;
    for (long value = 0; value < 4096; value++) {
      int index = LogBins.indexOf(value);
      assertThat(index).as("bin of %d", value).isBetween(last, last + 1);
      last = index;
    }
    assertThat(LogBins.indexOf(Long.MAX_VALUE)).isLessThan(64 * 8);
  }

  @Test
  void merge_ofTwo_addsTheirCounts() {
    LogBins bins = new LogBins();
    bins.record(0);
    bins.record(1_000_000);
    LogBins other = new LogBins();
    other.record(1_000_000);
    other.record(3_000_000_000L);
    bins.merge(other);
    assertThat(bins.count()).isEqualTo(4);
    assertThat(bins.count(LogBins.indexOf(1_000_000))).isEqualTo(2);
    assertThat(bins.count(LogBins.indexOf(3_000_000_000L))).isEqualTo(1);
  }
}
