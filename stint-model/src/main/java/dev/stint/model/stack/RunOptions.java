package dev.stint.model.stack;

import java.util.Optional;
import java.util.function.LongConsumer;

/// How a run is watched; nothing here changes its result.
///
/// @param audit checks the model's invariants after every event: several times slower
/// @param watcher also receives the event stream
/// @param progress is told the simulated time now and then, about a hundred times in a run
public record RunOptions(boolean audit, Optional<RunWatcher> watcher, LongConsumer progress) {
  /// No audit, no watcher, no progress.
  public static final RunOptions DEFAULT = new RunOptions(false, Optional.empty(), _ -> {});
}
