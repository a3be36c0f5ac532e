package dev.stint.model.stack;

/// Somebody who wants the event stream of a run.
public interface RunWatcher {
  /// Called once, when all entities are known and before the first event.
  Watch watch(WatchedRun run);
}
