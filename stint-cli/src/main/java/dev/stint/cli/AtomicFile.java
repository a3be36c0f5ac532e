package dev.stint.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A file that appears whole or not at all: written beside its place, then renamed.
final class AtomicFile {
  private final String option;
  private final Path asked;
  private final Path target;

  /// Checks at once what can be checked, so that nobody waits for a simulation in vain.
  ///
  /// @param option what asked for the file, for messages: `--json`
  AtomicFile(String option, Path path) {
    this.option = option;
    asked = path;
    target = resolve(path);
    if (path.endsWith("-")) {
      throw Refusal.input(option + " -: only --json writes to the standard output. Name a file.");
    }
    if (Files.isDirectory(target)) {
      throw Refusal.input(option + " " + asked + ": is a directory. Name a file in it.");
    }
    Path parent = directory();
    if (!Files.isDirectory(parent)) {
      throw Refusal.input(
          option + " " + asked + ": there is no directory " + parent + ". Make it first.");
    }
    if (isPlain() && !Files.isWritable(parent)) {
      throw unwritable("the directory " + parent + " is not writable");
    }
    if (isPlain()) {
      removeLeftovers();
    }
  }

  private static Path resolve(Path path) {
    try {
      return Files.exists(path) ? path.toRealPath() : path;
    } catch (IOException _) {
      return path;
    }
  }

  private Path directory() {
    Path parent = target.toAbsolutePath().getParent();
    return parent == null ? target.toAbsolutePath() : parent;
  }

  /// Whether the target is absent or an ordinary file: devices and pipes are written to directly.
  private boolean isPlain() {
    return !Files.exists(target) || Files.isRegularFile(target);
  }

  /// Writes the file; `content` must not keep the stream.
  void write(Consumer<OutputStream> content) {
    try {
      if (!isPlain()) {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target))) {
          content.accept(out);
        }
        return;
      }
      Path beside = hidden("whole");
      try {
        try (OutputStream out =
            new BufferedOutputStream(
                Files.newOutputStream(
                    beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING))) {
          content.accept(out);
        }
        Files.move(
            beside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw unwritable(e);
    } catch (RuntimeException e) {
      // Jackson's own wrapper of an IOException.
      if (e.getCause() instanceof IOException cause) {
        throw unwritable(cause);
      }
      throw e;
    }
  }

  /// Removes what processes that were killed while they wrote this file have left beside it.
  private void removeLeftovers() {
    String name = Pattern.quote(String.valueOf(target.getFileName()));
    Pattern ours = Pattern.compile("\\." + name + "\\.(\\d{1,18})\\.(whole|\\d{1,9})\\.tmp");
    try (Stream<Path> entries = Files.list(directory())) {
      for (Path entry : entries.toList()) {
        Matcher matcher = ours.matcher(String.valueOf(entry.getFileName()));
        if (matcher.matches()
            && ProcessHandle.of(Long.parseLong(matcher.group(1))).isEmpty()
            && Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
          Files.deleteIfExists(entry);
        }
      }
    } catch (IOException _) {
      // They are hidden and in nobody's way.
    }
  }

  /// Where to write a part of the file before it is complete: a hidden file beside it.
  Path piece(int number) {
    return hidden(Integer.toString(number));
  }

  /// Makes the file of a piece that is all of it.
  void become(Path piece) throws IOException {
    if (isPlain()) {
      Files.move(
          piece, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } else {
      try (OutputStream out = Files.newOutputStream(target)) {
        Files.copy(piece, out);
      }
    }
  }

  private Path hidden(String part) {
    Path folder = isPlain() ? directory() : Path.of(System.getProperty("java.io.tmpdir"));
    long process = ProcessHandle.current().pid();
    return folder.resolve("." + target.getFileName() + "." + process + "." + part + ".tmp");
  }

  Refusal unwritable(IOException e) {
    return unwritable(
        switch (e) {
          case NoSuchFileException _ -> "no file can be made in " + directory();
          case AccessDeniedException _ -> "permission denied";
          default -> String.valueOf(e.getMessage());
        });
  }

  private Refusal unwritable(String why) {
    return new Refusal(
        ExitCode.NOT_HERE, List.of("stint: cannot write " + option + " " + asked + ": " + why));
  }
}
