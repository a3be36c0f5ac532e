package dev.stint.testkit.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a partition is told does not depend on what others do.
class TwoWorldsTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void answers_dependOnTheCallersOwnOnly(long seed) {
    assertThat(new TwoWorlds(seed).run(10_000)).isGreaterThan(1_500);
  }
}
