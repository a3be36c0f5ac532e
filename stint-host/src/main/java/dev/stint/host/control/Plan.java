package dev.stint.host.control;

import java.util.List;

/// What to write for a policy, in an order in which the kernel accepts every step.
///
/// @param changes in that order
/// @param notes what a reader should know and nothing is wrong with
/// @param problems why the policy cannot be applied; nothing is written while there is one
public record Plan(List<Change> changes, List<String> notes, List<String> problems) {
  /// Copies the lists.
  public Plan {
    changes = List.copyOf(changes);
    notes = List.copyOf(notes);
    problems = List.copyOf(problems);
  }
}
