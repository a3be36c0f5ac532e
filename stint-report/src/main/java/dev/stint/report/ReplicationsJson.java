package dev.stint.report;

import dev.stint.report.Replications.Figure;
import tools.jackson.core.JsonGenerator;

/// The part of a result that `--replications` adds.
final class ReplicationsJson {
  private final JsonGenerator json;

  ReplicationsJson(JsonGenerator json) {
    this.json = json;
  }

  /// Writes the property into the object that is open.
  void write(Replications replications) {
    json.writeObjectPropertyStart("replications");
    json.writeArrayPropertyStart("seeds");
    replications.seeds().forEach(json::writeNumber);
    json.writeEndArray();
    json.writeArrayPropertyStart("figures");
    replications.figures().forEach(this::figure);
    json.writeEndArray();
    json.writeEndObject();
  }

  private void figure(Figure figure) {
    Interval interval = figure.interval();
    json.writeStartObject();
    json.writeStringProperty("entity", figure.entity());
    json.writeStringProperty("assembly", figure.assembly());
    json.writeStringProperty("figure", figure.name());
    json.writeNumberProperty("count", interval.count());
    json.writeNumberProperty("mean", interval.mean());
    if (interval.halfWidth95().isPresent()) {
      json.writeNumberProperty("half_width_95", interval.halfWidth95().getAsDouble());
    } else {
      json.writeNullProperty("half_width_95");
    }
    json.writeNumberProperty("least", interval.least());
    json.writeNumberProperty("most", interval.most());
    json.writeEndObject();
  }
}
