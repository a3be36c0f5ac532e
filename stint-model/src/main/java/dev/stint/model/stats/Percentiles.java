package dev.stint.model.stats;

/// A distribution of durations in nanoseconds: exact count, sum, min and max; percentiles to within
/// 0.8 %.
///
/// @param count number of values; with 0 the other figures are 0 and mean nothing
public record Percentiles(
    long count,
    long sumNs,
    long minNs,
    long p50Ns,
    long p90Ns,
    long p99Ns,
    long p999Ns,
    long maxNs) {
  /// The distribution of no values.
  public static final Percentiles EMPTY = new Percentiles(0, 0, 0, 0, 0, 0, 0, 0);
}
