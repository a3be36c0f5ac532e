package dev.stint.model.stats;

import dev.stint.model.trace.Metric;
import java.util.Arrays;

/// What workloads measured themselves: a histogram per entity and metric, made at the first value;
/// the entities' histograms of a metric are listed from its first value on.
final class Samples {
  private static final LatencyHistogram UNUSED = new LatencyHistogram();
  private static final LatencyHistogram[] NOBODY = {};

  private final int entityCount;
  private final LatencyHistogram[][] histograms = new LatencyHistogram[Metric.values().length][];

  Samples(int entityCount) {
    this.entityCount = entityCount;
    Arrays.fill(histograms, NOBODY);
  }

  void record(int id, Metric metric, long value) {
    LatencyHistogram[] ofMetric = histograms[metric.ordinal()];
    if (ofMetric == NOBODY) {
      ofMetric = new LatencyHistogram[entityCount];
      Arrays.fill(ofMetric, UNUSED);
      histograms[metric.ordinal()] = ofMetric;
    }
    if (ofMetric[id] == UNUSED) {
      ofMetric[id] = new LatencyHistogram();
    }
    ofMetric[id].record(value);
  }

  LatencyHistogram of(int id, Metric metric) {
    LatencyHistogram[] ofMetric = histograms[metric.ordinal()];
    return ofMetric == NOBODY ? UNUSED : ofMetric[id];
  }
}
