package dev.stint.host.live;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/// What a run made on this machine, to be undone, last made first, when the run is over or the
/// process is told to stop, whichever is sooner. From then on nothing more is made: what is being
/// made at that moment is waited for, and undone as well.
public final class Undoings implements AutoCloseable {
  private final Consumer<String> complaints;
  private final Deque<Runnable> undoings = new ArrayDeque<>();
  private final Interruptions.Handle hook;
  private boolean undone;

  /// Makes something.
  @FunctionalInterface
  public interface Maker<T> {
    /// Makes it.
    T make() throws IOException, CannotRunLive;
  }

  /// @param complaints is told what could not be undone
  public Undoings(Interruptions interruptions, Consumer<String> complaints) {
    this.complaints = complaints;
    hook = interruptions.whenStopped(this::undo);
  }

  /// Makes something, unless it is too late.
  ///
  /// @param undo how it goes
  /// @throws CannotRunLive if the process was told to stop
  public synchronized <T> T keep(Maker<T> maker, Consumer<T> undo)
      throws IOException, CannotRunLive {
    if (undone) {
      throw CannotRunLive.machine("told to stop");
    }
    T made = maker.make();
    undoings.push(() -> undo.accept(made));
    return made;
  }

  private synchronized void undo() {
    undone = true;
    while (!undoings.isEmpty()) {
      try {
        undoings.pop().run();
      } catch (RuntimeException e) {
        complaints.accept("not removed: " + e.getMessage());
      }
    }
  }

  @Override
  public void close() {
    undo();
    hook.close();
  }
}
