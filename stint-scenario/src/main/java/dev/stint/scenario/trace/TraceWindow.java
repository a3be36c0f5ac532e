package dev.stint.scenario.trace;

/// A part of a trace.
///
/// @param fromNs its start, after the first event
/// @param lengthNs how long it is, at most to the last event
public record TraceWindow(long fromNs, long lengthNs) {
  /// Checks the bounds.
  public TraceWindow {
    if (fromNs < 0 || lengthNs <= 0) {
      throw new IllegalArgumentException("a window starts at 0 or later and is longer than 0");
    }
  }

  /// The whole trace.
  public static final TraceWindow ALL = new TraceWindow(0, Long.MAX_VALUE);
}
