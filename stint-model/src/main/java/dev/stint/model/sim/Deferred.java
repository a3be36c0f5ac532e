package dev.stint.model.sim;

/// Work that must wait until every event of the current instant has happened: scheduling decisions.
///
/// See [Simulation#defer].
public interface Deferred {
  /// Runs the deferred work; it may defer again.
  void runDeferred(long nowNs);
}
