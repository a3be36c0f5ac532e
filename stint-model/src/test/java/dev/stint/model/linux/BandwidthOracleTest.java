package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Pools, throttling and timers of a limit against a plain restatement of the rules.
final class BandwidthOracleTest {
  private static final int WORLDS = 60;
  private static final int OPERATIONS = 2_500;

  @Test
  void pools_randomOperations_equalThePlainRestatement() {
    long operations = 0;
    for (int seed = 1; seed <= WORLDS; seed++) {
      BandwidthWorld world = new BandwidthWorld(seed);
      for (int i = 0; i < OPERATIONS; i++) {
        String before = world.state();
        String done = world.operation();
        String after = world.state();
        if (!after.equals(world.expected())) {
          assertThat(after)
              .as("seed %d, operation %d: %s, after %s", seed, i, done, before)
              .isEqualTo(world.expected());
        }
        operations++;
      }
    }
    assertThat(operations).isGreaterThanOrEqualTo(100_000);
  }
}
