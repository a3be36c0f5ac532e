package dev.stint.host.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Runs a program with a bounded output and time.
final class Tool {
  private static final int OUTPUT_MAX = 1 << 20;

  private Tool() {}

  /// What a program did.
  ///
  /// @param status its exit status; -1 when it was stopped for taking too long
  /// @param output what it wrote, errors included
  record Done(int status, String output) {}

  /// Runs it and waits.
  ///
  /// @param command its name and arguments
  static Done run(List<String> command, Path directory, long secondsMax) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    Thread watch =
        Thread.ofVirtual()
            .start(() -> {
              try {
                if (!process.waitFor(secondsMax, TimeUnit.SECONDS)) {
                  process.destroyForcibly();
                }
              } catch (InterruptedException _) {
                process.destroyForcibly();
              }
            });
    try {
      byte[] output = process.getInputStream().readNBytes(OUTPUT_MAX);
      process.getInputStream().close();
      int status = process.waitFor();
      return new Done(status, new String(output, StandardCharsets.UTF_8).strip());
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      return new Done(-1, "interrupted");
    } finally {
      watch.interrupt();
    }
  }
}
