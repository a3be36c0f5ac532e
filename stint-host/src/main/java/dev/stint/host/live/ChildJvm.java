package dev.stint.host.live;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A small JVM of our own, told what to do and answering in lines. One that falls silent is killed.
public final class ChildJvm implements AutoCloseable {
  private static final long PATIENCE_S = 120;

  /// A JVM's status after SIGINT and SIGTERM, which a terminal sends to all of a group.
  private static final Set<Integer> STOPPED = Set.of(130, 143);

  private final Process process;
  private final PrintStream to;
  private final BufferedReader from;
  private String last = "";
  private volatile boolean killed;

  /// Starts it.
  ///
  /// @param mainClass is given the marker as its argument
  /// @param marker by which what a killed process leaves is found
  public ChildJvm(String mainClass, String marker) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    process =
        new ProcessBuilder(
                List.of(
                    java,
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:-UsePerfData",
                    "-Xms64m",
                    "-Xmx64m",
                    "--enable-native-access=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path").replace("::", File.pathSeparator),
                    mainClass,
                    marker))
            .redirectErrorStream(true)
            .start();
    to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    from = process.inputReader(StandardCharsets.UTF_8);
  }

  /// Its number.
  public long pid() {
    return process.pid();
  }

  /// Tells it something.
  public void say(String words) {
    to.println(words);
  }

  /// Hands over what it says until it says the end.
  ///
  /// @param lastingNs how long it is busy before
  public void hear(String end, long lastingNs, Consumer<String> lines)
      throws CannotRunLive, IOException {
    Thread watchdog = watchdog(PATIENCE_S + TimeUnit.NANOSECONDS.toSeconds(lastingNs));
    for (String line = next(); !line.equals(end); line = next()) {
      lines.accept(line);
    }
    watchdog.interrupt();
  }

  private String next() throws CannotRunLive, IOException {
    String line = from.readLine();
    if (line == null) {
      if (killed || STOPPED.contains(status())) {
        throw CannotRunLive.machine("told to stop");
      }
      throw CannotRunLive.machine(
          "the process with the load ended before its run was over"
              + (last.isEmpty() ? "" : ", saying: " + last));
    }
    last = line;
    if (line.startsWith("failed ")) {
      throw CannotRunLive.machine(line.substring("failed ".length()));
    }
    return line;
  }

  /// How it ended; -1 if it has not.
  private int status() {
    try {
      return process.waitFor(1, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  /// Kills the process after some time, unless it is interrupted before.
  private Thread watchdog(long seconds) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            TimeUnit.SECONDS.sleep(seconds);
            process.destroyForcibly();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /// Kills it, and waits until it is gone.
  @Override
  public void close() {
    killed = true;
    process.destroyForcibly();
    try {
      process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
