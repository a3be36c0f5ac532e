package dev.stint.cli;

import dev.stint.report.events.StoredBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The bytes of a file, open for reading until it is closed.
final class FileBytes implements StoredBytes, AutoCloseable {
  private final FileChannel file;

  FileBytes(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.READ);
  }

  @Override
  public long count() throws IOException {
    return file.size();
  }

  @Override
  public boolean read(long from, byte[] to, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(to, 0, length);
    long at = from;
    while (buffer.hasRemaining()) {
      int count = file.read(buffer, at);
      if (count < 0) {
        return false;
      }
      at += count;
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
