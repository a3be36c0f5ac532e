package dev.stint.host.control;

import java.util.Optional;

/// One write that a plan makes.
///
/// @param file what is written
/// @param old what was there when the plan was made; empty where the file appears only when a
///   controller is enabled above it
/// @param value what is written
/// @param kind whether it is written or only remembered
/// @param why the setting it comes from, in the policy's words
public record Change(ControlFile file, Optional<String> old, String value, Kind kind, String why) {
  /// What becomes of it.
  public enum Kind {
    /// It is written.
    WRITE,
    /// It is not written, but changes with another and has to be put back: the kernel forgets a
    /// weight when a group becomes idle.
    REMEMBER
  }
}
