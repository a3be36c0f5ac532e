package dev.stint.report.html;

/// Numbers of at least 0 in as few bytes as they need: seven bits a byte, least first, the eighth
/// bit set on all but the last.
final class Varints {
  private Varints() {}

  /// Writes `value` and returns how many bytes that took, at most ten.
  static int put(byte[] bytes, int at, long value) {
    int end = at;
    long rest = value;
    while (rest >= 1 << 7) {
      bytes[end++] = (byte) (rest | 1 << 7);
      rest >>>= 7;
    }
    bytes[end++] = (byte) rest;
    return end - at;
  }
}
