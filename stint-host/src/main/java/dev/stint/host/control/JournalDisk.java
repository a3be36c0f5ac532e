package dev.stint.host.control;

import java.io.IOException;

/// The file that a journal is in.
public interface JournalDisk {
  /// All of it; empty where there is none.
  byte[] read() throws IOException;

  /// Adds bytes at the end, and returns when they would survive a crash.
  void append(byte[] bytes) throws IOException;

  /// Cuts it to so many bytes.
  void cut(long length) throws IOException;

  /// Puts it aside, as the last one that is finished.
  void close() throws IOException;
}
