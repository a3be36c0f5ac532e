package dev.stint.model.stats;

import dev.stint.model.trace.Metric;
import java.util.Arrays;

/// What workloads measured themselves: a histogram per entity and metric, made at the first value.
final class Samples {
  private static final LatencyHistogram UNUSED = new LatencyHistogram();
  private static final int METRIC_COUNT = Metric.values().length;

  private final LatencyHistogram[] histograms;

  Samples(int entityCount) {
    histograms = new LatencyHistogram[entityCount * METRIC_COUNT];
    Arrays.fill(histograms, UNUSED);
  }

  void record(int id, Metric metric, long value) {
    int index = id * METRIC_COUNT + metric.ordinal();
    if (histograms[index] == UNUSED) {
      histograms[index] = new LatencyHistogram();
    }
    histograms[index].record(value);
  }

  LatencyHistogram of(int id, Metric metric) {
    return histograms[id * METRIC_COUNT + metric.ordinal()];
  }
}
