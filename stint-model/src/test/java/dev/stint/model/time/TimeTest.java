package dev.stint.model.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TimeTest {
  @Test
  void format_anyScale_dropsWhatIsZero() {
    assertThat(Time.format(0)).isEqualTo("0ns");
    assertThat(Time.format(999)).isEqualTo("999ns");
    assertThat(Time.format(1_500)).isEqualTo("1.5us");
    assertThat(Time.format(204_000_000)).isEqualTo("204ms");
    assertThat(Time.format(10_000_000_000L)).isEqualTo("10s");
    assertThat(Time.format(1_234_567)).isEqualTo("1.235ms");
    assertThat(Time.format(-2_000)).isEqualTo("-2us");
  }
}
