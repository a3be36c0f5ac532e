package dev.stint.report.html;

import java.util.Arrays;

/// A histogram of durations for a picture: exact counts in bins whose width is an eighth of an
/// octave.
final class LogBins {
  /*
   * Values below 16 have a bin each. From there every octave [2^k, 2^(k+1)) is cut into 8 bins of
   * width 2^(k-3), and with shift = k - 3, (value >> shift) is in [8, 16), so that
   * index = shift * 8 + (value >> shift) goes on without a gap. The page inverts this in bins.js.
   */
  private static final int SUB_BITS = 3;

  private long[] counts = {};
  private long count;

  void record(long valueNs) {
    int index = indexOf(valueNs);
    if (index >= counts.length) {
      counts = Arrays.copyOf(counts, index + (1 << SUB_BITS));
    }
    counts[index]++;
    count++;
  }

  void merge(LogBins other) {
    if (other.counts.length > counts.length) {
      counts = Arrays.copyOf(counts, other.counts.length);
    }
    for (int i = 0; i < other.counts.length; i++) {
      counts[i] += other.counts[i];
    }
    count += other.count;
  }

  long count() {
    return count;
  }

  /// Bins are numbered from 0 to one less than this.
  int size() {
    return counts.length;
  }

  long count(int bin) {
    return counts[bin];
  }

  static int indexOf(long valueNs) {
    int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(valueNs | 1) - SUB_BITS);
    return (shift << SUB_BITS) + (int) (valueNs >>> shift);
  }
}
