package dev.stint.host.standin;

import dev.stint.host.live.CannotRunLive;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The process of a [StandInAgent].
final class AgentProcess implements AutoCloseable {
  private static final long PATIENCE_S = 30;

  private final Process process;
  private final PrintStream to;
  private final BufferedReader from;
  private final AgentTranscript transcript = new AgentTranscript();
  private String last = "";

  AgentProcess(String marker, String agentClass) throws IOException {
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
                    agentClass,
                    marker))
            .redirectErrorStream(true)
            .start();
    to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    from = process.inputReader(StandardCharsets.UTF_8);
  }

  void say(String words) {
    to.println(words);
  }

  /// Waits until it is ready to go.
  void ready() throws CannotRunLive, IOException {
    hear("ready", PATIENCE_S);
  }

  /// Waits until it is done.
  ///
  /// @return all that it said
  AgentTranscript transcript(long lastingNs) throws CannotRunLive, IOException {
    hear("done", PATIENCE_S + TimeUnit.NANOSECONDS.toSeconds(lastingNs));
    return transcript;
  }

  private void hear(String end, long patienceS) throws CannotRunLive, IOException {
    Thread watchdog = watchdog(patienceS);
    for (String line = next(); !line.equals(end); line = next()) {
      transcript.add(line);
    }
    watchdog.interrupt();
  }

  private String next() throws CannotRunLive, IOException {
    String line = from.readLine();
    if (line == null) {
      throw CannotRunLive.machine(
          "the agent process ended before its run was over"
              + (last.isEmpty() ? "" : ", saying: " + last));
    }
    last = line;
    if (line.startsWith("failed ")) {
      throw CannotRunLive.machine(line.substring("failed ".length()));
    }
    return line;
  }

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

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
