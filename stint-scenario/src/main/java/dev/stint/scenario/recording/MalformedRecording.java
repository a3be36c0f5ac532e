package dev.stint.scenario.recording;

import java.io.Serial;

/// A recording, or the description of its system, that cannot be read: the message says where,
/// what, the rule and the fix.
public final class MalformedRecording extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  MalformedRecording(String message) {
    super(message);
  }

  MalformedRecording(String place, String rule, String fix) {
    super(place + ": " + rule + ". " + fix + ".");
  }
}
