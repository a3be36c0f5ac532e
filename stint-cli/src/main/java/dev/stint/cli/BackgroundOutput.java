package dev.stint.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Hands what is written to a thread of its own, which writes it on: who writes waits for the file,
/// or for its compression, only when that is more than a few chunks behind.
///
/// For one writing thread. A failure of the target is thrown by a later write or by [#close].
final class BackgroundOutput extends OutputStream {
  private static final int CHUNK_BYTES = 1 << 18;
  private static final int CHUNKS = 8;

  private final OutputStream target;
  private final BlockingQueue<Chunk> empty = new ArrayBlockingQueue<>(CHUNKS);
  private final BlockingQueue<Chunk> full = new ArrayBlockingQueue<>(CHUNKS);
  private final Thread thread;
  private volatile boolean failed;
  private IOException failure = new IOException("no failure");
  private Chunk chunk = new Chunk();
  private boolean closed;

  private static final class Chunk {
    private final byte[] bytes = new byte[CHUNK_BYTES];
    private int size;
    private boolean last;
  }

  /// Begins; `target` belongs to this stream from now on.
  BackgroundOutput(OutputStream target) {
    this.target = target;
    for (int i = 1; i < CHUNKS; i++) {
      empty.add(new Chunk());
    }
    thread = Thread.ofPlatform().daemon().name("trace writer").start(this::work);
  }

  private void work() {
    try {
      while (true) {
        Chunk next = full.take();
        pass(next);
        if (next.last) {
          return;
        }
        next.size = 0;
        empty.put(next);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass(Chunk next) {
    if (failed) {
      return;
    }
    try {
      target.write(next.bytes, 0, next.size);
    } catch (IOException e) {
      failure = e;
      failed = true;
    }
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    check();
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int count = Math.min(end - at, CHUNK_BYTES - chunk.size);
      System.arraycopy(bytes, at, chunk.bytes, chunk.size, count);
      chunk.size += count;
      at += count;
      if (chunk.size == CHUNK_BYTES) {
        handOver(false);
      }
    }
  }

  private void handOver(boolean last) throws IOException {
    chunk.last = last;
    try {
      full.put(chunk);
      if (!last) {
        chunk = empty.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /// Waits until everything is written, and closes the target.
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (target) {
      handOver(true);
      thread.join();
      check();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void check() throws IOException {
    if (failed) {
      throw new IOException(failure.getMessage(), failure);
    }
  }
}
