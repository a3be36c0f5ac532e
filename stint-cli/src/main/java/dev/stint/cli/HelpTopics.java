package dev.stint.cli;

import dev.stint.scenario.Wording;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The pages of `stint help` that are about no single command.
final class HelpTopics {
  private static final List<String> TOPICS = List.of("scenario", "figures");
  private static final List<String> WORDS =
      List.of(
          "scenario",
          "figures",
          "run",
          "compare",
          "replay-check",
          "doctor",
          "apply",
          "rollback",
          "status",
          "completion");

  private HelpTopics() {}

  /// The text of a topic.
  static String text(String topic) {
    if (!TOPICS.contains(topic)) {
      throw Refusal.input(
          "there is no help on " + Wording.quoted(topic) + ". " + Wording.didYouMean(topic, WORDS));
    }
    try (InputStream in = HelpTopics.class.getResourceAsStream("help/" + topic + ".txt")) {
      if (in == null) {
        throw new IllegalStateException("help/" + topic + ".txt is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
