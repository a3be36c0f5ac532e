package dev.stint.scenario;

import dev.stint.model.stack.Scenario;
import java.util.List;

/// What a [ScenarioReader] made of a text.
public sealed interface ReadResult {
  /// The text is a scenario.
  ///
  /// @param scenario what it says
  /// @param warnings what its author may not have meant, in order of their places
  record Loaded(Scenario scenario, List<Diagnostic> warnings) implements ReadResult {
    /// Copies the list.
    public Loaded {
      warnings = List.copyOf(warnings);
    }
  }

  /// The text is not a scenario.
  ///
  /// @param errors why, in order of their places, at least one and at most 20
  record Refused(List<Diagnostic> errors) implements ReadResult {
    /// Copies the list.
    public Refused {
      errors = List.copyOf(errors);
    }
  }
}
