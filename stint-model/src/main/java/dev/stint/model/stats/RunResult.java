package dev.stint.model.stats;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The figures of one run: a scenario under one assembly.
///
/// @param assembly `classic`, `core`, `root` or `integrated`
/// @param digest hash of the whole trace
/// @param events simulated timer expiries
/// @param entities in order of registration
/// @param theft in order of victim, reason, then falling time
/// @param assumed the labelled assumptions that the run depends on: name to value
/// @param notes what the model wants said about this run (a kernel log line, a scenario part that
///   the assembly maps)
public record RunResult(
    String assembly,
    long durationNs,
    String digest,
    long events,
    List<EntityResult> entities,
    List<Theft> theft,
    Map<String, String> assumed,
    List<String> notes) {
  /// Copies the lists.
  public RunResult {
    entities = List.copyOf(entities);
    theft = List.copyOf(theft);
    notes = List.copyOf(notes);
  }

  /// The entity with this path.
  public Optional<EntityResult> entity(String path) {
    return entities.stream().filter(entity -> entity.path().equals(path)).findFirst();
  }
}
