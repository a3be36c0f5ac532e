package dev.stint.report.perfetto;

import java.util.Arrays;

/// What was encoded before, by two keys: the same name and annotations come over and over.
final class Payloads {
  /// Nothing was put for the keys, or others took the place.
  static final byte[] NONE = {};

  private static final int CAPACITY = 1 << 12;
  private static final int MASK = CAPACITY - 1;

  private final long[] firsts = new long[CAPACITY];
  private final long[] seconds = new long[CAPACITY];
  private final byte[][] payloads = new byte[CAPACITY][];

  Payloads() {
    Arrays.fill(payloads, NONE);
  }

  /// The bytes that were put for these keys, or [#NONE].
  byte[] get(long first, long second) {
    int at = place(first, second);
    return firsts[at] == first && seconds[at] == second ? payloads[at] : NONE;
  }

  void put(long first, long second, byte[] payload) {
    int at = place(first, second);
    firsts[at] = first;
    seconds[at] = second;
    payloads[at] = payload;
  }

  private static int place(long first, long second) {
    long mixed = (first * 31 + second) * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 52) & MASK;
  }
}
