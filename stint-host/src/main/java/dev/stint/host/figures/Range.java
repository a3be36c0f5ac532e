package dev.stint.host.figures;

/// A figure and what it was over several runs.
///
/// @param median the figure
/// @param least of all runs
/// @param most of all runs
public record Range(double median, double least, double most) {
  /// A figure of a single run.
  public static Range of(double value) {
    return new Range(value, value, value);
  }
}
