package dev.stint.host.control;

import java.io.IOException;

/// A disk that is another, but for what is overridden.
interface ForwardedDisk extends JournalDisk {
  /// Which it is.
  JournalDisk to();

  @Override
  default byte[] read() throws IOException {
    return to().read();
  }

  @Override
  default void append(byte[] bytes) throws IOException {
    to().append(bytes);
  }

  @Override
  default void cut(long length) throws IOException {
    to().cut(length);
  }

  @Override
  default void close() throws IOException {
    to().close();
  }
}
