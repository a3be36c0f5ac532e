package dev.stint.host.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Map;
import java.util.Optional;

/// Where what is applied is written down.
///
/// ```
/// journal       what is applied now
/// journal.last  what was applied and is taken back
/// lock          held while one of apply and rollback runs; names the process
/// ```
///
/// Whoever can write here decides what a rollback writes, so the directory has to be the user's own
/// and nobody else's to write.
public final class StateDirectory implements AutoCloseable {
  private static final String NAME = "stint";
  private static final int LOCK_TEXT_MAX = 32;
  private static final Path SELF = Path.of("/proc/self");

  private final Path directory;
  private final String journal;
  private Optional<FileChannel> lock = Optional.empty();

  private StateDirectory(Path directory, String journal) {
    this.directory = directory;
    this.journal = journal;
  }

  /// Where it is when nobody says: `$STINT_STATE`; else `/run/stint`, which a restart clears as it
  /// clears cgroups, for who may write there; else the user's own `stint` below the state home.
  ///
  /// @param root of the host's file system
  public static Path place(Path root, Map<String, String> environment) {
    String named = environment.getOrDefault("STINT_STATE", "");
    if (!named.isEmpty()) {
      return Path.of(named);
    }
    Path run = root.resolve("run");
    if (Files.isWritable(run)) {
      return run.resolve(NAME);
    }
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    Path home = Path.of(environment.getOrDefault("HOME", "."));
    return (state.isEmpty() ? home.resolve(".local/state") : Path.of(state)).resolve(NAME);
  }

  /// One that may not be there yet.
  public static StateDirectory at(Path directory) {
    return new StateDirectory(directory, "journal");
  }

  /// That of a journal which the user names.
  public static StateDirectory ofJournal(Path file) {
    Path absolute = file.toAbsolutePath();
    Path parent = absolute.getParent();
    return new StateDirectory(
        parent == null ? absolute : parent, String.valueOf(absolute.getFileName()));
  }

  /// Whether there is a journal to read.
  public boolean hasJournal() {
    return Files.isRegularFile(directory.resolve(journal), LinkOption.NOFOLLOW_LINKS);
  }

  /// The journal's path, for messages.
  public Path journal() {
    return directory.resolve(journal);
  }

  /// Makes the directory where it is not there, and sees that it is the user's own.
  ///
  /// @return why it cannot be used
  public Optional<String> check(boolean make) throws IOException {
    if (make && !Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Path parent = directory.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    PosixFileAttributes attributes =
        Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isDirectory()) {
      return Optional.of(directory + " is a link or no directory");
    }
    if (!own(attributes.owner())) {
      return Optional.of(
          directory
              + " belongs to "
              + attributes.owner().getName()
              + ", not to "
              + System.getProperty("user.name", ""));
    }
    boolean open =
        attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)
            || attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE);
    return open
        ? Optional.of("others may write to " + directory + ". Write: chmod go-w " + directory)
        : Optional.empty();
  }

  /// Whether this process runs as somebody: by number, as in containers users often have no name.
  private static boolean own(UserPrincipal owner) throws IOException {
    return Files.exists(SELF)
        ? owner.equals(Files.getOwner(SELF))
        : owner.getName().equals(System.getProperty("user.name", ""));
  }

  /// Keeps others from applying or taking back at the same time.
  ///
  /// @return who does, if somebody does
  public Optional<String> lock() throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    FileLock held = null;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException _) {
      // Another thread of this process has it.
    }
    if (held == null) {
      ByteBuffer text = ByteBuffer.allocate(LOCK_TEXT_MAX);
      channel.read(text, 0);
      channel.close();
      return Optional.of(StandardCharsets.US_ASCII.decode(text.flip()).toString().strip());
    }
    String process = ProcessHandle.current().pid() + "\n";
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(process.getBytes(StandardCharsets.US_ASCII)), 0);
    lock = Optional.of(channel);
    return Optional.empty();
  }

  /// The journal's file.
  public JournalDisk disk() {
    return new Disk(directory, directory.resolve(journal));
  }

  @Override
  public void close() throws IOException {
    if (lock.isPresent()) {
      lock.get().close();
    }
  }

  private record Disk(Path directory, Path file) implements JournalDisk {
    @Override
    public byte[] read() throws IOException {
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(channel.size()));
        while (bytes.hasRemaining() && channel.read(bytes) > 0) {
          // Until all of it is here.
        }
        return java.util.Arrays.copyOf(bytes.array(), bytes.position());
      } catch (NoSuchFileException _) {
        return new byte[0];
      }
    }

    @Override
    public void append(byte[] bytes) throws IOException {
      boolean made = !Files.exists(file, LinkOption.NOFOLLOW_LINKS);
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              StandardOpenOption.APPEND,
              LinkOption.NOFOLLOW_LINKS)) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      if (made) {
        sync();
      }
    }

    @Override
    public void cut(long length) throws IOException {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && Files.size(file) > length) {
        try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
          channel.truncate(length);
        }
      }
    }

    @Override
    public void close() throws IOException {
      Path last = file.resolveSibling(file.getFileName() + ".last");
      try {
        Files.move(file, last, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync();
      } catch (NoSuchFileException _) {
        // It is aside already.
      }
    }

    private void sync() throws IOException {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }
}
