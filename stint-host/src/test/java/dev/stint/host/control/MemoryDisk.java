package dev.stint.host.control;

import java.util.Arrays;

/// A journal's file in memory.
final class MemoryDisk implements JournalDisk {
  private byte[] bytes = new byte[0];

  @Override
  public byte[] read() {
    return bytes.clone();
  }

  @Override
  public void append(byte[] more) {
    int length = bytes.length;
    bytes = Arrays.copyOf(bytes, length + more.length);
    System.arraycopy(more, 0, bytes, length, more.length);
  }

  @Override
  public void cut(long length) {
    bytes = Arrays.copyOf(bytes, (int) Math.min(length, bytes.length));
  }

  @Override
  public void close() {
    bytes = new byte[0];
  }
}
