package dev.stint.report;

import java.util.Locale;

/// The 64-bit FNV-1a hash (IETF draft-eastlake-fnv), over ASCII text.
final class Fnv {
  private static final long OFFSET_BASIS = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  private Fnv() {}

  /// Sixteen hexadecimal digits.
  static String hex(CharSequence text) {
    long hash = OFFSET_BASIS;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return String.format(Locale.ROOT, "%016x", hash);
  }
}
