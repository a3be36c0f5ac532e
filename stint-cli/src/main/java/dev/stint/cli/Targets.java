package dev.stint.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a command reads and writes, so that no file takes the place of another of them.
final class Targets {
  private final Path directory;
  private final List<Use> uses = new ArrayList<>();

  private record Use(String words, Path place) {}

  /// @param directory where relative paths begin
  Targets(Path directory) {
    this.directory = directory;
  }

  /// A place that the command reads, if there is such a file.
  Targets reads(String name) {
    place(name)
        .filter(Files::isRegularFile)
        .ifPresent(place -> uses.add(new Use("the input " + name, place)));
    return this;
  }

  /// A place that an option writes; refused if it is one of those before. `-` is nobody's place.
  Targets writes(String option, Optional<String> name) {
    Optional<Path> place = name.filter(given -> !given.equals("-")).flatMap(this::place);
    if (place.isEmpty()) {
      return this;
    }
    String words = option + " " + name.orElseThrow();
    for (Use use : uses) {
      if (use.place().equals(place.get())) {
        throw Refusal.input(words + ": that is also " + use.words() + ". Name another.");
      }
    }
    uses.add(new Use(words, place.get()));
    return this;
  }

  /// Where a name leads, links followed as far as they are there; devices can be shared.
  private Optional<Path> place(String name) {
    Path path;
    try {
      path = directory.resolve(name).toAbsolutePath().normalize();
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
    try {
      if (Files.exists(path)) {
        boolean shared = !Files.isRegularFile(path) && !Files.isDirectory(path);
        return shared ? Optional.empty() : Optional.of(path.toRealPath());
      }
      Path parent = path.getParent();
      return parent != null && Files.isDirectory(parent)
          ? Optional.of(parent.toRealPath().resolve(path.getFileName()))
          : Optional.of(path);
    } catch (IOException _) {
      return Optional.of(path);
    }
  }
}
