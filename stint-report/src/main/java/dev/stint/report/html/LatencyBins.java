package dev.stint.report.html;

import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.Percentiles;
import dev.stint.model.trace.Metric;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/// An entity's latencies: the percentiles of its result, and the histogram behind them.
final class LatencyBins {
  private final JsonGenerator json;
  private final RunRecorder recorder;
  private final Members members;

  LatencyBins(JsonGenerator json, RunRecorder recorder, Members members) {
    this.json = json;
    this.recorder = recorder;
    this.members = members;
  }

  /// Writes one distribution for each kind of latency that has values.
  void write(String path, EntityResult entity) {
    json.writeObjectPropertyStart("latencies");
    LogBins wakes = new LogBins();
    for (String member : members.of(path)) {
      wakes.merge(recorder.wakes(recorder.entities().find(member)));
    }
    distribution("wake_latency_ns", entity.wakeLatency(), wakes);
    for (Metric metric : Metric.values()) {
      LogBins bins = new LogBins();
      for (String member : members.of(path)) {
        Map<Metric, LogBins> measured = recorder.metrics(recorder.entities().find(member));
        if (measured.containsKey(metric)) {
          bins.merge(measured.get(metric));
        }
      }
      String name = metric.jsonName();
      distribution(name, entity.metrics().getOrDefault(name, Percentiles.EMPTY), bins);
    }
    json.writeEndObject();
  }

  private void distribution(String name, Percentiles figures, LogBins bins) {
    if (figures.count() == 0) {
      return;
    }
    json.writeObjectPropertyStart(name);
    json.writeNumberProperty("count", figures.count());
    json.writeNumberProperty("p50", figures.p50Ns());
    json.writeNumberProperty("p90", figures.p90Ns());
    json.writeNumberProperty("p99", figures.p99Ns());
    json.writeNumberProperty("p999", figures.p999Ns());
    json.writeNumberProperty("max", figures.maxNs());
    json.writeArrayPropertyStart("bins");
    for (int bin = 0; bin < bins.size(); bin++) {
      if (bins.count(bin) > 0) {
        json.writeNumber(bin);
        json.writeNumber(bins.count(bin));
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
