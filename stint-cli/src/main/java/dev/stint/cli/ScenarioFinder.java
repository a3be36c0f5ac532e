package dev.stint.cli;

import dev.stint.model.stack.Scenario;
import dev.stint.scenario.Diagnostic;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import dev.stint.scenario.Wording;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Finds and reads the scenario that an argument means: a file, a directory with a `scenario.yaml`,
/// a name below `scenarios/`, or `-` for the standard input.
final class ScenarioFinder {
  private static final List<String> FILE_NAMES =
      List.of("scenario.yaml", "scenario.yml", "scenario.json");
  private static final int BYTE_COUNT_MAX = 4 << 20;
  private static final int DEPTH_MAX = 5;

  private final Surroundings surroundings;

  ScenarioFinder(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// A scenario and where it came from.
  ///
  /// @param file empty for the standard input
  record Found(Scenario scenario, Optional<Path> file, List<Diagnostic> warnings) {}

  /// The scenario that `argument` means, or a [Refusal] that says what is wrong with it.
  Found find(String argument) {
    if (argument.equals("-")) {
      return found(ScenarioReader.read(standardInput(), "stdin"), Optional.empty());
    }
    Path file = locate(argument);
    return found(ScenarioReader.read(file), Optional.of(file));
  }

  private static Found found(ReadResult result, Optional<Path> file) {
    return switch (result) {
      case ReadResult.Loaded(Scenario scenario, List<Diagnostic> warnings) ->
          new Found(scenario, file, warnings);
      case ReadResult.Refused(List<Diagnostic> errors) ->
          throw new Refusal(ExitCode.BAD_INPUT, errors.stream().map(Diagnostic::render).toList());
    };
  }

  private String standardInput() {
    try {
      byte[] bytes = surroundings.in().readNBytes(BYTE_COUNT_MAX + 1);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw Refusal.input("stdin: is not UTF-8 text. Save it as UTF-8. [S003]");
    } catch (IOException e) {
      throw Refusal.input("stdin: cannot be read: " + e.getMessage() + ". [S001]");
    }
  }

  private Path locate(String argument) {
    for (Path candidate : candidates(argument)) {
      if (Files.isDirectory(candidate)) {
        Optional<Path> inside =
            FILE_NAMES.stream().map(candidate::resolve).filter(Files::isRegularFile).findFirst();
        if (inside.isPresent()) {
          return inside.get();
        }
      } else if (Files.exists(candidate)) {
        return candidate;
      }
    }
    throw unknown(argument);
  }

  private List<Path> candidates(String argument) {
    try {
      List<Path> candidates = new ArrayList<>();
      candidates.add(surroundings.directory().resolve(argument));
      String name = argument.startsWith("scenarios/") ? argument.substring(10) : argument;
      for (Path scenarios : libraries()) {
        candidates.add(scenarios.resolve(name));
      }
      return candidates;
    } catch (InvalidPathException e) {
      throw Refusal.input(
          "scenario " + Wording.quoted(argument) + " is no path: " + e.getReason() + ".");
    }
  }

  private List<Path> libraries() {
    Path here = surroundings.directory().resolve("scenarios");
    Path home = surroundings.home().resolve("scenarios");
    return here.toAbsolutePath().equals(home.toAbsolutePath())
        ? List.of(here)
        : List.of(here, home);
  }

  private Refusal unknown(String argument) {
    List<String> names = names();
    String last = argument.substring(argument.lastIndexOf('/') + 1);
    List<String> namesakes = names.stream().filter(n -> n.endsWith("/" + last)).toList();
    String fix;
    Path asked = surroundings.directory().resolve(argument);
    if (!namesakes.isEmpty()) {
      fix = "Did you mean " + Wording.quoted(namesakes.getFirst()) + "?";
    } else if (Files.isDirectory(asked)) {
      return Refusal.input(
          "directory "
              + Wording.quoted(argument)
              + " has no scenario.yaml. Name a scenario.yaml, or a directory with one.");
    } else if (names.isEmpty()) {
      fix = "Name a scenario.yaml, or a directory with one.";
    } else {
      String name = argument.startsWith("scenarios/") ? argument.substring(10) : argument;
      fix = Wording.didYouMean(name, names);
    }
    return Refusal.input("there is no scenario " + Wording.quoted(argument) + ". " + fix);
  }

  /// The scenarios that can be named without a path, in order.
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (Path library : libraries()) {
      if (Files.isDirectory(library)) {
        try (Stream<Path> walk = Files.walk(library, DEPTH_MAX, FileVisitOption.FOLLOW_LINKS)) {
          walk.filter(path -> FILE_NAMES.contains(String.valueOf(path.getFileName())))
              .map(path -> String.valueOf(library.relativize(path).getParent()))
              .forEach(names::add);
        } catch (IOException | UncheckedIOException _) {
          // A suggestion is not worth an error.
          continue;
        }
      }
    }
    return names.stream().distinct().sorted().toList();
  }
}
