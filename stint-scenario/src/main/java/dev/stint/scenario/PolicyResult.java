package dev.stint.scenario;

import java.util.List;

/// What a [PolicyReader] made of a text.
public sealed interface PolicyResult {
  /// The text is a policy.
  ///
  /// @param policy what it says
  /// @param warnings what its author may not have meant, in order of their places
  record Loaded(Policy policy, List<Diagnostic> warnings) implements PolicyResult {
    /// Copies the list.
    public Loaded {
      warnings = List.copyOf(warnings);
    }
  }

  /// The text is not a policy.
  ///
  /// @param errors why, in order of their places, at least one and at most 20
  record Refused(List<Diagnostic> errors) implements PolicyResult {
    /// Copies the list.
    public Refused {
      errors = List.copyOf(errors);
    }
  }
}
