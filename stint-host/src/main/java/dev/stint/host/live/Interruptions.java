package dev.stint.host.live;

/// What is to be undone when the process is told to stop.
public interface Interruptions {
  /// Has something done when the process is told to stop, until the handle is closed.
  Handle whenStopped(Runnable undo);

  /// Of something to be undone.
  interface Handle extends AutoCloseable {
    /// It need not be undone any more. Where it is being undone, waits until it is.
    @Override
    void close();
  }
}
