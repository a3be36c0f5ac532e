package dev.stint.report.html;

import java.util.Arrays;

/// What one entity did from time 0 on: slices without a gap, each a code and a duration.
final class SliceColumn {
  /*
   * Slices are written as two varints (seven bits a byte, least first): duration in nanoseconds,
   * then code. The last slice is kept back until the code changes, so that neighbours of equal code
   * become one.
   */
  private static final int START_BYTES = 64;
  private static final int VARINT_BYTES_MAX = 10;

  private byte[] bytes = {};
  private int size;
  private int count;
  private long code = -1;
  private long fromNs;
  private long toNs;

  /// The time up to which there are slices.
  long toNs() {
    return toNs;
  }

  /// Goes on with `newCode` up to a time, which must not be earlier than [#toNs]. Returns whether
  /// this began a slice.
  boolean put(long newCode, long untilNs) {
    if (untilNs == toNs) {
      return false;
    }
    boolean begins = newCode != code;
    if (begins) {
      flush();
      code = newCode;
    }
    toNs = untilNs;
    return begins;
  }

  private void flush() {
    if (toNs > fromNs) {
      if (size + 2 * VARINT_BYTES_MAX > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(START_BYTES, 2 * bytes.length));
      }
      varint(toNs - fromNs);
      varint(code);
      count++;
      fromNs = toNs;
    }
  }

  private void varint(long value) {
    size += Varints.put(bytes, size, value);
  }

  /// How many slices there are.
  int count() {
    return count + (toNs > fromNs ? 1 : 0);
  }

  /// The encoded slices, the last included.
  byte[] encoded() {
    flush();
    return Arrays.copyOf(bytes, size);
  }
}
