package dev.stint.host.trace;

/// Takes events of the scheduler.
public interface SchedSink {
  /// A thread was made ready.
  ///
  /// @param atNs `CLOCK_MONOTONIC`
  void woken(long atNs, int tid);

  /// A CPU went from one thread to another; 0 is the idle thread.
  void switched(long atNs, int previous, int next);
}
