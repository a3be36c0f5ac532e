package dev.stint.cli;

import dev.stint.model.stack.GuestReader;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What processes inside the guests could read at the end of a run, as a directory for each
/// partition with `proc` and `sys/fs/cgroup` in it, or as one text.
final class GuestTree implements GuestReader {
  private final SortedMap<String, String> files = new TreeMap<>();

  @Override
  public void guest(String partition, SortedMap<String, String> texts) {
    texts.forEach((path, text) -> files.put(partition + "/" + path, text));
  }

  /// All files, each under a line with its name, as `tail -n +1 -v` prints them.
  String text() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, String> file : files.entrySet()) {
      text.append(text.isEmpty() ? "" : "\n")
          .append("==> ")
          .append(file.getKey())
          .append(" <==\n")
          .append(file.getValue());
    }
    return text.toString();
  }

  /// Checks at once what can be checked, so that nobody waits for a simulation in vain.
  static void check(Path target, boolean force) {
    Path parent = target.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      throw Refusal.input(
          "--observe " + target + ": there is no directory " + parent + ". Make it first.");
    }
    if (!Files.isWritable(parent)) {
      throw unwritable(target, "the directory " + parent + " is not writable");
    }
    if (Files.exists(target) && !Files.isDirectory(target)) {
      throw Refusal.input("--observe " + target + ": is a file. Name a directory.");
    }
    if (!force && !isAbsentOrEmpty(target)) {
      throw Refusal.input(
          "--observe "
              + target
              + ": there is something in it. Name a new directory, or add --force to replace files"
              + " of the same name.");
    }
  }

  private static boolean isAbsentOrEmpty(Path target) {
    if (!Files.exists(target)) {
      return true;
    }
    try (Stream<Path> entries = Files.list(target)) {
      return entries.findAny().isEmpty();
    } catch (IOException e) {
      throw unwritable(target, String.valueOf(e.getMessage()));
    }
  }

  /// Writes the tree beside its place and renames it, so that it appears whole; into a directory
  /// that has something in it, file by file.
  void write(Path target, boolean force) {
    Path beside =
        target
            .toAbsolutePath()
            .resolveSibling("." + target.getFileName() + "." + ProcessHandle.current().pid());
    try {
      for (Map.Entry<String, String> file : files.entrySet()) {
        Path path = inside(beside, file.getKey());
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
      if (isAbsentOrEmpty(target)) {
        Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
      } else if (force) {
        moveFiles(beside, target);
      } else {
        throw new FileAlreadyExistsException(target.toString());
      }
    } catch (IOException e) {
      throw unwritable(target, String.valueOf(e.getMessage()));
    } finally {
      remove(beside);
    }
  }

  private static Path inside(Path directory, String path) throws IOException {
    Path resolved = directory.resolve(path).normalize();
    if (!resolved.startsWith(directory)) {
      throw new IOException("a name leads out of the directory: " + path);
    }
    return resolved;
  }

  private void moveFiles(Path from, Path to) throws IOException {
    for (String path : files.keySet()) {
      Path target = inside(to.toAbsolutePath().normalize(), path);
      Files.createDirectories(target.getParent());
      Files.move(
          inside(from, path),
          target,
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void remove(Path beside) {
    try (Stream<Path> paths = Files.exists(beside) ? Files.walk(beside) : Stream.empty()) {
      for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw unwritable(beside, String.valueOf(e.getMessage()));
    }
  }

  private static Refusal unwritable(Path target, String why) {
    return new Refusal(
        ExitCode.NOT_HERE, List.of("stint: cannot write --observe " + target + ": " + why));
  }
}
