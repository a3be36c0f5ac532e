package dev.stint.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file that holds what a test expects; `-Dgolden=update` rewrites it instead.
final class GoldenFile {
  private GoldenFile() {}

  /// The checkout's root.
  static Path root() {
    return Path.of(System.getProperty("stint.root", ".."));
  }

  /// Compares, or rewrites.
  static void check(Path file, String actual) throws IOException {
    if ("update".equals(System.getProperty("golden"))) {
      Files.writeString(file, actual);
    }
    assertThat(file).exists();
    assertThat(actual)
        .as("%s; -Dgolden=update rewrites it", file)
        .isEqualTo(Files.readString(file));
  }
}
