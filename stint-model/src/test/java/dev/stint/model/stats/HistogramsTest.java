package dev.stint.model.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class HistogramsTest {
  private static final int ENTITIES = 5;

  @Test
  void of_valuesOfSeveralEntities_isWhatEachRecordedAlone() {
    Random random = new Random(3);
    Histograms together = new Histograms(ENTITIES);
    LatencyHistogram[] alone = new LatencyHistogram[ENTITIES];
    for (int id = 0; id < ENTITIES; id++) {
      alone[id] = new LatencyHistogram();
    }
    for (int i = 0; i < 1_000; i++) {
      int id = random.nextInt(ENTITIES - 1);
      long valueNs = random.nextLong(1L << random.nextInt(1, 40));
      together.record(id, valueNs);
      alone[id].record(valueNs);
      assertThat(random.nextInt(10) > 0 || same(together.of(id), alone[id])).isTrue();
    }
    for (int id = 0; id < ENTITIES; id++) {
      assertThat(same(together.of(id), alone[id])).isTrue();
    }
    assertThat(together.of(ENTITIES - 1).count()).isZero();
  }

  private static boolean same(LatencyHistogram one, LatencyHistogram other) {
    return one.percentiles().equals(other.percentiles());
  }
}
