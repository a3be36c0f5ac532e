package dev.stint.report.timeline;

/// The part of a run that a timeline shows.
///
/// @param fromNs its start
/// @param toNs its end, later by at least a nanosecond a column
/// @param columns how many parts of equal length it is drawn in, to the nanosecond
record TimelineWindow(long fromNs, long toNs, int columns) {
  /// Checks that every column has a length.
  TimelineWindow {
    if (fromNs < 0 || columns < 1 || toNs - fromNs < columns) {
      throw new IllegalArgumentException("a column has at least a nanosecond");
    }
  }

  long startOf(int column) {
    long lengthNs = toNs - fromNs;
    return fromNs + lengthNs / columns * column + lengthNs % columns * column / columns;
  }
}
