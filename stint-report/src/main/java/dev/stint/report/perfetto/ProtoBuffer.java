package dev.stint.report.perfetto;

import dev.stint.model.time.Invariant;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Bytes in the wire format of protocol buffers: fields are appended, a message inside another is
/// opened and closed around its fields.
final class ProtoBuffer {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int LENGTH = 2;
  private static final int VARINT_MAX_BYTES = 10;
  private static final int SHORT_MAX = 127;
  private static final int LONG_BYTES = 4;

  private byte[] bytes;
  private int size;

  ProtoBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  int size() {
    return size;
  }

  /// What was appended, in `[0, size)`; valid until the next append.
  byte[] bytes() {
    return bytes;
  }

  void clear() {
    size = 0;
  }

  /// An integer, boolean or enum field.
  void integer(int field, long value) {
    ensure(2 * VARINT_MAX_BYTES);
    varint(((long) field << 3) | VARINT);
    varint(value);
  }

  void fixed64(int field, long value) {
    ensure(VARINT_MAX_BYTES + Long.BYTES);
    varint(((long) field << 3) | FIXED64);
    for (int shift = 0; shift < Long.SIZE; shift += Byte.SIZE) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  void text(int field, String value) {
    byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
    ensure(2 * VARINT_MAX_BYTES + encoded.length);
    varint(((long) field << 3) | LENGTH);
    varint(encoded.length);
    System.arraycopy(encoded, 0, bytes, size, encoded.length);
    size += encoded.length;
  }

  /// Opens a message of at most 127 bytes; what is returned closes it.
  int openShort(int field) {
    ensure(VARINT_MAX_BYTES + 1);
    varint(((long) field << 3) | LENGTH);
    return ++size;
  }

  void closeShort(int start) {
    int length = size - start;
    Invariant.check(length <= SHORT_MAX, "a short message has at most 127 bytes", length);
    bytes[start - 1] = (byte) length;
  }

  /// Opens a message of any length, at the price of three bytes; what is returned closes it.
  int open(int field) {
    ensure(VARINT_MAX_BYTES + LONG_BYTES);
    varint(((long) field << 3) | LENGTH);
    size += LONG_BYTES;
    return size;
  }

  void close(int start) {
    int length = size - start;
    Invariant.check(length < 1 << 28, "a message has less than 2^28 bytes", length);
    for (int i = 0; i < LONG_BYTES; i++) {
      int more = i < LONG_BYTES - 1 ? 0x80 : 0;
      bytes[start - LONG_BYTES + i] = (byte) (((length >>> (7 * i)) & 0x7F) | more);
    }
  }

  /// Bytes as they are.
  void raw(byte[] encoded) {
    ensure(encoded.length);
    System.arraycopy(encoded, 0, bytes, size, encoded.length);
    size += encoded.length;
  }

  /// A field whose number is at most 15, so that its tag is one byte.
  void smallField(int field, long value) {
    ensure(1 + VARINT_MAX_BYTES);
    bytes[size++] = (byte) ((field << 3) | VARINT);
    varint(value);
  }

  /// The number that follows a tag.
  void varint(long value) {
    byte[] to = bytes;
    int at = size;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      to[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    to[at++] = (byte) rest;
    size = at;
  }

  /// Makes room for `more` bytes.
  void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }
}
