package dev.stint.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A new file that is hashed while it is written, and on the disk when it is closed.
final class HashedFile extends OutputStream {
  private static final int BUFFER_BYTES = 1 << 16;

  private final FileChannel file;
  private final MessageDigest digest = sha256();
  private long bytes;

  HashedFile(Path path) throws IOException {
    file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] from, int at, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(from, at, count);
    while (buffer.hasRemaining()) {
      file.write(buffer);
    }
    digest.update(from, at, count);
    bytes += count;
  }

  @Override
  public void close() throws IOException {
    if (file.isOpen()) {
      try (file) {
        file.force(true);
      }
    }
  }

  /// What was written; only once, after [#close].
  Manifest.Entry entry(String name) {
    return new Manifest.Entry(name, bytes, HexFormat.of().formatHex(digest.digest()));
  }

  /// The same for a file that others wrote; sees to it that it is on the disk.
  static Manifest.Entry entryOf(String name, Path path) throws IOException {
    try (FileChannel written = FileChannel.open(path, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    MessageDigest digest = sha256();
    long bytes = 0;
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(path)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
        bytes += count;
      }
    }
    return new Manifest.Entry(name, bytes, HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
