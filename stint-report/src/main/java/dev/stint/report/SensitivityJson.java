package dev.stint.report;

import dev.stint.report.Sensitivity.Impossible;
import dev.stint.report.Sensitivity.Range;
import dev.stint.report.Sensitivity.Robustness;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;

/// The part of a result that `compare --sensitivity` adds.
final class SensitivityJson {
  private final JsonGenerator json;

  SensitivityJson(JsonGenerator json) {
    this.json = json;
  }

  /// Writes the properties into the object that is open.
  void write(Sensitivity sensitivity) {
    json.writeArrayPropertyStart("sensitivity");
    sensitivity.sentences().forEach(this::sentence);
    json.writeEndArray();
    json.writeObjectPropertyStart("sensitivity_tried");
    json.writeNumberProperty("combinations", sensitivity.plan().combinations().size());
    json.writeBooleanProperty("full", sensitivity.plan().full());
    json.writeObjectPropertyStart("parameters");
    sensitivity
        .plan()
        .parameters()
        .forEach((name, values) -> {
          json.writeArrayPropertyStart(name);
          values.forEach(json::writeString);
          json.writeEndArray();
        });
    json.writeEndObject();
    json.writeArrayPropertyStart("not_possible");
    for (Impossible one : sensitivity.impossible()) {
      json.writeStartObject();
      json.writeName("parameters");
      parameters(one.combination());
      json.writeStringProperty("reason", one.reason());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("figures");
    sensitivity.ranges().forEach(this::range);
    json.writeEndArray();
    json.writeEndObject();
  }

  private void sentence(Robustness robustness) {
    json.writeStartObject();
    json.writeStringProperty("sentence", robustness.sentence().text());
    json.writeStringProperty("word", robustness.word());
    json.writeNumberProperty("holds", robustness.holds());
    json.writeNumberProperty("of", robustness.of());
    json.writeArrayPropertyStart("claims");
    robustness.sentence().claims().forEach(claim -> json.writeString(claim.toString()));
    json.writeEndArray();
    json.writeArrayPropertyStart("breaks");
    for (Combination combination : robustness.breaks()) {
      json.writeStartObject();
      json.writeName("parameters");
      parameters(combination);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void parameters(Combination combination) {
    json.writeStartObject();
    for (Map.Entry<String, String> value : combination.values().entrySet()) {
      json.writeStringProperty(value.getKey(), value.getValue());
    }
    json.writeEndObject();
  }

  private void range(Range range) {
    json.writeStartObject();
    string("entity", range.entity());
    string("assembly", range.assembly());
    json.writeStringProperty("figure", range.name());
    json.writeNumberProperty("least", range.least());
    json.writeNumberProperty("most", range.most());
    json.writeEndObject();
  }

  private void string(String name, Optional<String> value) {
    if (value.isPresent()) {
      json.writeStringProperty(name, value.get());
    } else {
      json.writeNullProperty(name);
    }
  }
}
