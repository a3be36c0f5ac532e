package dev.stint.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.Optional;

/// A stream that remembers the first failure instead of throwing, and takes nothing after it: when
/// the reader of a pipe has gone, there is nobody left to tell.
final class Output extends OutputStream {
  private final OutputStream stream;
  private Optional<IOException> failure = Optional.empty();

  Output(OutputStream stream) {
    this.stream = new BufferedOutputStream(stream, 1 << 16);
  }

  @Override
  public synchronized void write(int b) {
    attempt(() -> stream.write(b));
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) {
    attempt(() -> stream.write(bytes, offset, length));
  }

  @Override
  public synchronized void flush() {
    attempt(stream::flush);
  }

  void print(String text, Charset charset) {
    byte[] bytes = text.getBytes(charset);
    write(bytes, 0, bytes.length);
  }

  /// Why something could not be written; a reader that has gone is no failure.
  synchronized Optional<String> failure() {
    return failure
        .map(e -> e.getMessage() == null ? e.toString() : e.getMessage())
        .filter(message -> !message.contains("Broken pipe"));
  }

  private interface Attempt {
    void run() throws IOException;
  }

  private void attempt(Attempt attempt) {
    if (failure.isEmpty()) {
      try {
        attempt.run();
      } catch (IOException e) {
        failure = Optional.of(e);
      }
    }
  }
}
