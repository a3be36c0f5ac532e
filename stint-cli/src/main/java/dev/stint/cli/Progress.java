package dev.stint.cli;

import java.util.function.Supplier;

/// Tells a waiting person how far the runs are: a line rewritten in place on a terminal, a new line
/// now and then elsewhere. Says nothing during the first second.
final class Progress implements AutoCloseable {
  private static final long FIRST_MS = 1_000;
  private static final long TERMINAL_MS = 200;
  private static final long PLAIN_MS = 5_000;
  private static final String START_OF_LINE = "\r\033[K";

  private final Surroundings surroundings;
  private final Supplier<String> state;
  private final Thread thread;
  private boolean shown;

  /// @param state how far it is, in a few words; asked from another thread
  /// @param wanted whether to tell anything at all
  Progress(Surroundings surroundings, Supplier<String> state, boolean wanted) {
    this.surroundings = surroundings;
    this.state = state;
    thread = Thread.ofPlatform().daemon().name("progress").unstarted(this::watch);
    if (wanted) {
      thread.start();
    }
  }

  private void watch() {
    try {
      Thread.sleep(FIRST_MS);
      while (true) {
        show();
        Thread.sleep(surroundings.errIsTerminal() ? TERMINAL_MS : PLAIN_MS);
      }
    } catch (InterruptedException _) {
      // Done.
    }
  }

  private synchronized void show() {
    String line = "simulating: " + state.get();
    String text = surroundings.errIsTerminal() ? START_OF_LINE + line : "stint: " + line + "\n";
    surroundings.err().print(text, surroundings.charset());
    surroundings.err().flush();
    shown = true;
  }

  /// Stops, and leaves a terminal's line empty.
  @Override
  public void close() {
    thread.interrupt();
    synchronized (this) {
      if (shown && surroundings.errIsTerminal()) {
        surroundings.err().print(START_OF_LINE, surroundings.charset());
        surroundings.err().flush();
        shown = false;
      }
    }
  }
}
