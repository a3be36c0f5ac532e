package dev.stint.report.events;

import java.io.IOException;

/// Bytes that stay as they are and can be read from anywhere: a file, or memory.
public interface StoredBytes {
  /// How many there are.
  long count() throws IOException;

  /// Reads `length` bytes from place `from` on into the front of `to`; false when fewer are there.
  boolean read(long from, byte[] to, int length) throws IOException;

  /// Bytes in memory.
  static StoredBytes of(byte[] bytes) {
    return new StoredBytes() {
      @Override
      public long count() {
        return bytes.length;
      }

      @Override
      public boolean read(long from, byte[] to, int length) {
        if (from < 0 || from + length > bytes.length) {
          return false;
        }
        System.arraycopy(bytes, (int) from, to, 0, length);
        return true;
      }
    };
  }
}
