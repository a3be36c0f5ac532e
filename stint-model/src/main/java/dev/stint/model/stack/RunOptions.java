package dev.stint.model.stack;

import java.util.Optional;
import java.util.function.LongConsumer;

/// How a run is watched; nothing here changes its result.
///
/// @param audit checks the model's invariants after every event: several times slower
/// @param watcher also receives the event stream
/// @param guests is told at the end what processes inside the guests could read
/// @param counters is told the hypervisor's counters at the end, where there are any
/// @param progress is told the simulated time now and then, about a hundred times in a run
public record RunOptions(
    boolean audit,
    Optional<RunWatcher> watcher,
    Optional<GuestReader> guests,
    Optional<CounterReader> counters,
    LongConsumer progress) {
  /// No audit, no watcher, no progress.
  public static final RunOptions DEFAULT = new RunOptions(false, Optional.empty(), _ -> {});

  /// Nobody reads inside the guests or the hypervisor.
  public RunOptions(boolean audit, Optional<RunWatcher> watcher, LongConsumer progress) {
    this(audit, watcher, Optional.empty(), Optional.empty(), progress);
  }
}
