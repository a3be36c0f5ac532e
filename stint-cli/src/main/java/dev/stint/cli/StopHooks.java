package dev.stint.cli;

import dev.stint.host.live.Interruptions;

/// Undoes things when the process gets SIGINT or SIGTERM.
final class StopHooks implements Interruptions {
  @Override
  public Handle whenStopped(Runnable undo) {
    Thread hook = Thread.ofPlatform().unstarted(undo);
    try {
      Runtime.getRuntime().addShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The process was told to stop already.
      undo.run();
      return () -> {};
    }
    return () -> {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException _) {
        // The process was told to stop, and the hook is at work.
        join(hook);
      }
    };
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
