package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongConsumer;

/// Tells a waiting person how far the runs are: a line rewritten in place on a terminal, a new line
/// now and then elsewhere. Says nothing during the first second.
final class Progress implements AutoCloseable {
  private static final long FIRST_MS = 1_000;
  private static final long TERMINAL_MS = 200;
  private static final long PLAIN_MS = 5_000;
  private static final String START_OF_LINE = "\r\033[K";

  private final Surroundings surroundings;
  private final List<Assembly> assemblies;
  private final long durationNs;
  private final AtomicLongArray simulatedNs;
  private final Thread thread;
  private boolean shown;

  /// @param wanted whether to tell anything at all
  Progress(Surroundings surroundings, List<Assembly> assemblies, long durationNs, boolean wanted) {
    this.surroundings = surroundings;
    this.assemblies = assemblies;
    this.durationNs = durationNs;
    simulatedNs = new AtomicLongArray(assemblies.size());
    thread = Thread.ofPlatform().daemon().name("progress").unstarted(this::watch);
    if (wanted) {
      thread.start();
    }
  }

  /// Where the run of this assembly tells its simulated time.
  LongConsumer of(int run) {
    return timeNs -> simulatedNs.set(run, timeNs);
  }

  /// How far a run has come.
  long simulatedNs(int run) {
    return simulatedNs.get(run);
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
    List<String> parts = new ArrayList<>();
    for (int run = 0; run < assemblies.size(); run++) {
      long percent = 100 * (simulatedNs.get(run) / 1_000) / Math.max(1, durationNs / 1_000);
      parts.add(assemblies.get(run).text() + " " + percent + " %");
    }
    String line = "simulating: " + String.join(", ", parts);
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
