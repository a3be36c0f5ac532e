package dev.stint.model.stats;

import dev.stint.model.trace.Metric;
import java.util.Arrays;

/// What workloads measured themselves: a histogram per entity and metric; those of a metric are
/// made at its first value.
final class Samples {
  private static final Histograms NOBODY = new Histograms(0);
  private static final LatencyHistogram UNUSED = new LatencyHistogram();

  private final int entityCount;
  private final Histograms[] histograms = new Histograms[Metric.values().length];

  Samples(int entityCount) {
    this.entityCount = entityCount;
    Arrays.fill(histograms, NOBODY);
  }

  void record(int id, Metric metric, long value) {
    Histograms ofMetric = histograms[metric.ordinal()];
    if (ofMetric == NOBODY) {
      ofMetric = new Histograms(entityCount);
      histograms[metric.ordinal()] = ofMetric;
    }
    ofMetric.record(id, value);
  }

  LatencyHistogram of(int id, Metric metric) {
    Histograms ofMetric = histograms[metric.ordinal()];
    return ofMetric == NOBODY ? UNUSED : ofMetric.of(id);
  }
}
