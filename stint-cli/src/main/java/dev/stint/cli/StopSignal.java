package dev.stint.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Lets a command end in order when the process is told to stop: a signal ends it when its hooks
/// have ended, and this one waits for the command.
final class StopSignal implements AutoCloseable {
  private static final long END_SECONDS = 10;

  private final CountDownLatch told = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Thread hook = new Thread(this::told);

  StopSignal() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void told() {
    told.countDown();
    try {
      ended.await(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// Sleeps.
  ///
  /// @return whether it did: not once the process was told to stop
  boolean sleep(long ns) {
    try {
      return !told.await(ns, TimeUnit.NANOSECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// The command has ended, all that it prints included.
  @Override
  public void close() {
    ended.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The process was told to stop, and ends now.
    }
  }
}
