package dev.stint.report.explain;

import java.io.OutputStream;
import java.util.Locale;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// An [Explanation] as JSON: times in nanoseconds.
public final class ExplanationJson {
  private ExplanationJson() {}

  /// Writes the explanation.
  ///
  /// @param heading facts of the run for the top of the object
  public static void write(Explanation explanation, Heading heading, OutputStream out) {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    ObjectNode root = mapper.createObjectNode();
    root.put("stint", heading.stint());
    root.put("run", heading.run());
    root.put("entity", explanation.entity());
    root.put("duration_ns", explanation.durationNs());
    root.put("waits", explanation.waits());
    root.put("waited_ns", explanation.waitedNs());
    root.put("unknown_ns", explanation.unknownNs());
    explanation.members().forEach(root.putArray("members")::add);
    ArrayNode doings = root.putArray("doings");
    for (Explanation.Doing doing : explanation.doings()) {
      ObjectNode node =
          doings
              .addObject()
              .put("entity", doing.entity())
              .put("state", doing.state().name().toLowerCase(Locale.ROOT))
              .put("from_ns", doing.fromNs())
              .put("to_ns", doing.toNs());
      doing.chain().forEach(node.putArray("chain")::add);
    }
    ArrayNode stories = root.putArray("stories");
    explanation.stories().forEach(story -> story(story, stories.addObject()));
    mapper.writeValue(out, root);
  }

  /// What was run.
  ///
  /// @param stint our version
  /// @param run scenario, assembly and seed, or the trace
  public record Heading(String stint, String run) {}

  private static void story(Explanation.Story story, ObjectNode node) {
    node.put("entity", story.entity())
        .put("from_ns", story.fromNs())
        .put("to_ns", story.toNs())
        .put("ended", story.ended())
        .put("beginning", story.beginning());
    ArrayNode steps = node.putArray("steps");
    for (Explanation.Step step : story.steps()) {
      ObjectNode one =
          steps
              .addObject()
              .put("from_ns", step.fromNs())
              .put("to_ns", step.toNs())
              .put("reason", step.reason().text())
              .put("occupant", step.occupant())
              .put("sentence", step.sentence());
      step.chain().forEach(one.putArray("chain")::add);
    }
    node.put("left_out", story.leftOut()).put("left_out_ns", story.leftOutNs());
    ArrayNode blame = node.putArray("blame");
    for (Explanation.Blamed blamed : story.blame()) {
      blame
          .addObject()
          .put("reason", blamed.reason().text())
          .put("occupant", blamed.occupant())
          .put("ns", blamed.ns())
          .put("layer", ExplanationText.layer(blamed.reason()))
          .put("knob", blamed.knob());
    }
  }
}
