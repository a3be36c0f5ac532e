package dev.stint.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Small broken scenarios, one mistake each, under src/test/resources/malformed.
final class MalformedCorpus {
  private MalformedCorpus() {}

  static Path directory() {
    return GoldenFile.root().resolve("stint-scenario/src/test/resources/malformed");
  }

  /// The broken files, sorted by name.
  static List<Path> files() throws IOException {
    try (Stream<Path> paths = Files.list(directory())) {
      return paths.filter(path -> path.toString().matches(".*\\.(yaml|json)")).sorted().toList();
    }
  }

  /// What the reader says about a file, one line each, the file named without its directory.
  static List<String> lines(Path file) {
    return errors(file).stream()
        .map(error -> error.render().replace(directory() + "/", ""))
        .toList();
  }

  static List<Diagnostic> errors(Path file) {
    return switch (ScenarioReader.read(file)) {
      case ReadResult.Loaded loaded -> throw new AssertionError(file + " is read: " + loaded);
      case ReadResult.Refused refused -> refused.errors();
    };
  }
}
