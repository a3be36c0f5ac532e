package dev.stint.model.stack;

import dev.stint.model.trace.TraceSink;
import java.util.Optional;
import java.util.function.LongConsumer;

/// How a run is watched; nothing here changes its result.
///
/// @param audit checks the model's invariants after every event: several times slower
/// @param sink also receives the event stream
/// @param progress is told the simulated time now and then, about a hundred times in a run
public record RunOptions(boolean audit, Optional<TraceSink> sink, LongConsumer progress) {
  /// No audit, no sink, no progress.
  public static final RunOptions DEFAULT = new RunOptions(false, Optional.empty(), _ -> {});
}
