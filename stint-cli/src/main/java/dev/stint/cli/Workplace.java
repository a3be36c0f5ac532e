package dev.stint.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A hidden directory beside the one that is to appear, in which it is prepared.
///
/// ```
/// .NAME.stint-out.N/owner      locked as long as its process lives
///                  /content/   is renamed to NAME when complete
///                  /previous/  what NAME was, between two renames
///                  /scratch/   what is needed meanwhile
/// ```
///
/// The system drops the lock with the process, however that ends: whose `owner` can be locked is
/// left over. Nothing but such directories is ever deleted.
final class Workplace implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("\\.(.+)\\.stint-out\\.\\d+");
  private static final String OWNER = "owner";
  private static final String MARK = "A run directory is being prepared here by stint --out.\n";
  private static final int TRIES = 1_000;

  private final Path target;
  private final Path place;
  private final FileChannel owner;

  private Workplace(Path target, Path place, FileChannel owner) {
    this.target = target;
    this.place = place;
    this.owner = owner;
  }

  /// Begins one beside `target`, which has a parent that exists.
  static Workplace beside(Path target) throws IOException {
    long number = ProcessHandle.current().pid();
    for (int i = 0; i < TRIES; i++, number++) {
      Path place = target.resolveSibling("." + target.getFileName() + ".stint-out." + number);
      try {
        Files.createDirectory(place);
        Optional<FileChannel> owner = own(place);
        if (owner.isPresent()) {
          Files.createDirectory(place.resolve("content"));
          Files.createDirectory(place.resolve("scratch"));
          return new Workplace(target, place, owner.get());
        }
      } catch (FileAlreadyExistsException | NoSuchFileException _) {
        // Another process has the name, or took this for a leftover: the next number.
      }
    }
    throw new IOException("no name is free beside " + target);
  }

  private static Optional<FileChannel> own(Path place) throws IOException {
    Path file = place.resolve(OWNER);
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null || !Files.exists(file)) {
      channel.close();
      return Optional.empty();
    }
    channel.write(StandardCharsets.US_ASCII.encode(MARK));
    return Optional.of(channel);
  }

  Path content() {
    return place.resolve("content");
  }

  Path scratch() {
    return place.resolve("scratch");
  }

  /// Makes the content appear under its name, in place of what Stint wrote there before.
  void publish() throws IOException {
    sync(content());
    if (Files.exists(target.resolve(Manifest.NAME))) {
      Files.move(target, place.resolve("previous"), StandardCopyOption.ATOMIC_MOVE);
    }
    try {
      Files.move(content(), target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      restore(place, target);
      throw e;
    }
    sync(place.resolveSibling("."));
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /// Removes what is left of it; does nothing when called again.
  @Override
  public void close() throws IOException {
    if (owner.isOpen()) {
      try (owner) {
        remove(place);
      }
    }
  }

  /// Cleans up what processes that died left in a directory, and returns a line for each run
  /// directory that was put back.
  static List<String> cleanUp(Path directory) throws IOException {
    List<Path> places;
    try (Stream<Path> entries = Files.list(directory)) {
      places = entries.filter(path -> NAME.matcher(name(path)).matches()).sorted().toList();
    }
    List<String> restored = new ArrayList<>();
    for (Path place : places) {
      Matcher matcher = NAME.matcher(name(place));
      if (matcher.matches() && cleanUp(place, directory.resolve(matcher.group(1)))) {
        restored.add("put " + matcher.group(1) + " back, which an interrupted run had moved away");
      }
    }
    return restored;
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  /// Returns whether there was something to put back.
  private static boolean cleanUp(Path place, Path target) throws IOException {
    Path file = place.resolve(OWNER);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      FileLock lock = channel.tryLock();
      if (lock == null || !Files.exists(file)) {
        return false;
      }
      boolean restored = restore(place, target);
      remove(place);
      return restored;
    } catch (NoSuchFileException _) {
      // Not ours, or gone, or killed before there was anything in it.
      return false;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  private static boolean restore(Path place, Path target) throws IOException {
    Path previous = place.resolve("previous");
    if (!Files.isDirectory(previous) || Files.exists(target)) {
      return false;
    }
    Files.move(previous, target, StandardCopyOption.ATOMIC_MOVE);
    return true;
  }

  /// Removes a directory of ours, `owner` last: a removal that is interrupted can be taken up.
  private static void remove(Path place) throws IOException {
    for (String part : List.of("content", "scratch", "previous")) {
      Path directory = place.resolve(part);
      if (Files.isDirectory(directory)) {
        try (Stream<Path> paths = Files.walk(directory)) {
          for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(path);
          }
        }
      }
    }
    Files.deleteIfExists(place.resolve(OWNER));
    Files.deleteIfExists(place);
  }
}
