package dev.stint.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// The checkout these tests run in: its root and the files a person wrote.
public final class Checkout {
  private static final Set<String> NOT_OURS =
      Set.of("target", ".git", ".stint", ".idea", ".vscode", "node_modules");

  private Checkout() {}

  /// The root directory: the nearest one upward that holds `.mvn`.
  public static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve(".mvn"))) {
      Path parent = directory.getParent();
      if (parent == null) {
        throw new IllegalStateException("no .mvn directory above " + Path.of("").toAbsolutePath());
      }
      directory = parent;
    }
    return directory;
  }

  /// Every file below `directory` whose name ends with `suffix`, in path order, without build
  /// output.
  static List<Path> files(Path directory, String suffix) {
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
              boolean ours = !NOT_OURS.contains(path.getFileName().toString());
              return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
              if (path.toString().endsWith(suffix)) {
                found.add(path);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Collections.sort(found);
    return found;
  }

  /// The path of `file` as a person writes it: relative to the root, with slashes.
  static String name(Path file) {
    return root().relativize(file).toString().replace('\\', '/');
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
