package dev.stint.host.control;

import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import dev.stint.host.cgroup.Cgroups;
import dev.stint.host.cgroup.Hierarchy;
import dev.stint.host.cgroup.Mount;
import dev.stint.scenario.PolicyReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The cgroups below one that a policy owns, in the hierarchies of a host.
///
/// ```
/// point ──openat──▶ machine.slice ──openat──▶ vm-gold ──openat──▶ cpu.weight
///          no link, same file system, at every step
/// ```
///
/// A path is walked from the mount point one directory at a time, each opened in the one before and
/// never through a link, so that nobody can lead it elsewhere by exchanging a directory meanwhile.
public final class OwnedTree implements ControlFiles {
  private static final int TEXT_MAX = 1 << 16;
  private static final List<String> CONTROLLERS = List.of("cpu", "cpuset");
  private static final Set<String> NAMES =
      new LinkedHashSet<>(
          List.of(
              ControlFile.SUBTREE,
              "cgroup.controllers",
              "cgroup.procs",
              "cpu.weight",
              "cpu.max",
              "cpu.max.burst",
              "cpu.idle",
              "cpu.shares",
              "cpu.cfs_quota_us",
              "cpu.cfs_period_us",
              "cpu.cfs_burst_us",
              "cpuset.cpus",
              ControlFile.EFFECTIVE));
  private static final List<String> READ_ONLY =
      List.of("cgroup.controllers", "cgroup.procs", ControlFile.EFFECTIVE);

  private final Map<String, Root> roots;
  private final String owns;

  private record Root(Path point, int version, List<String> mountsBelow) {}

  private interface Use<T> {
    T of(SecureDirectoryStream<Path> directory) throws IOException;
  }

  private OwnedTree(Map<String, Root> roots, String owns) {
    this.roots = roots;
    this.owns = owns;
  }

  /// The tree of a host.
  ///
  /// @param owns the cgroup that owns what is below it
  public static OwnedTree of(HostFiles host, String owns) throws IOException {
    Cgroups cgroups = Cgroups.of(host);
    List<Mount> mounts =
        switch (host.read("proc/self/mountinfo")) {
          case Text.Read(String text) -> Mount.parse(text);
          case Text.Unreadable _ -> List.of();
        };
    Map<String, Root> roots = new TreeMap<>();
    for (String controller : CONTROLLERS) {
      Optional<Hierarchy> hierarchy = cgroups.of(controller);
      if (hierarchy.isPresent()) {
        String point = hierarchy.get().point();
        List<String> below =
            mounts.stream()
                .map(mount -> mount.point().substring(1))
                .filter(mount -> mount.startsWith(point + "/"))
                .map(mount -> mount.substring(point.length() + 1))
                .toList();
        Path real = host.path(point).toRealPath();
        roots.put(controller, new Root(real, hierarchy.get().version(), below));
      }
    }
    return new OwnedTree(roots, owns);
  }

  @Override
  public int version(String controller) {
    Root root = roots.get(controller);
    return root == null ? 0 : root.version();
  }

  @Override
  public String read(ControlFile file) throws IOException {
    checkName(file);
    return in(
        file.controller(),
        file.group(),
        directory -> {
          try (SeekableByteChannel channel = open(directory, file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(TEXT_MAX + 1);
            while (bytes.hasRemaining() && channel.read(bytes) > 0) {
              // A file of the kernel comes in as many pieces as it likes.
            }
            if (!bytes.hasRemaining()) {
              throw new IOException("longer than " + TEXT_MAX + " bytes");
            }
            return StandardCharsets.ISO_8859_1.decode(bytes.flip()).toString();
          }
        });
  }

  @Override
  public void write(ControlFile file, String text) throws IOException {
    checkName(file);
    boolean knob = !READ_ONLY.contains(file.name());
    boolean below = file.group().startsWith(owns + "/") || file.name().equals(ControlFile.SUBTREE);
    if (!knob || !below) {
      throw new IOException("not below the cgroup that the policy owns, " + owns);
    }
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    in(
        file.controller(),
        file.group(),
        directory -> {
          try (SeekableByteChannel channel = open(directory, file, StandardOpenOption.WRITE)) {
            // One write(2), which the kernel takes whole or not at all.
            int written = channel.write(bytes);
            if (bytes.hasRemaining()) {
              throw new IOException("only " + written + " bytes were taken");
            }
            // Files of the kernel have no size; those of a recorded tree do.
            if (channel.size() > written) {
              channel.truncate(written);
            }
            return written;
          }
        });
  }

  @Override
  public String identity(ControlFile file) throws IOException {
    return in(file.controller(), file.group(), OwnedTree::key);
  }

  @Override
  public List<String> children(String controller, String group) throws IOException {
    return in(
        controller,
        group,
        directory -> {
          List<String> names = new ArrayList<>();
          for (Path entry : directory) {
            Path name = entry.getFileName();
            if (name != null && attributes(directory, name).isDirectory()) {
              names.add(name.toString());
            }
          }
          names.sort(null);
          return names;
        });
  }

  private static void checkName(ControlFile file) throws IOException {
    if (!NAMES.contains(file.name())) {
      throw new IOException("no file that a policy may use");
    }
  }

  /// Opens the directory of a cgroup at or below the one that is owned.
  private <T> T in(String controller, String group, Use<T> use) throws IOException {
    Root root = roots.get(controller);
    if (root == null) {
      throw new NoSuchFileException("no hierarchy with the controller " + controller);
    }
    boolean owned = group.equals(owns) || group.startsWith(owns + "/");
    Optional<String> fault = PolicyReader.pathFault(group);
    if (!owned || fault.isPresent()) {
      throw new IOException("not in the cgroup that the policy owns, " + owns);
    }
    for (String mount : root.mountsBelow()) {
      if (group.equals(mount) || group.startsWith(mount + "/")) {
        throw new IOException("another file system is mounted on " + mount);
      }
    }
    Deque<DirectoryStream<Path>> open = new ArrayDeque<>();
    try {
      SecureDirectoryStream<Path> directory = secure(Files.newDirectoryStream(root.point()), open);
      String device = device(key(directory));
      for (String part : group.split("/")) {
        directory =
            secure(directory.newDirectoryStream(Path.of(part), LinkOption.NOFOLLOW_LINKS), open);
        if (!device(key(directory)).equals(device)) {
          throw new IOException("another file system is mounted on " + part);
        }
      }
      return use.of(directory);
    } finally {
      for (DirectoryStream<Path> each : open) {
        each.close();
      }
    }
  }

  private static SecureDirectoryStream<Path> secure(
      DirectoryStream<Path> stream, Deque<DirectoryStream<Path>> open) throws IOException {
    open.push(stream);
    if (stream instanceof SecureDirectoryStream<Path> secure) {
      return secure;
    }
    throw new IOException("this file system cannot be walked without following links");
  }

  private static SeekableByteChannel open(
      SecureDirectoryStream<Path> directory, ControlFile file, OpenOption how) throws IOException {
    Path name = Path.of(file.name());
    if (!attributes(directory, name).isRegularFile()) {
      throw new IOException("a link or no regular file");
    }
    Set<OpenOption> options = new LinkedHashSet<>(List.of(how, LinkOption.NOFOLLOW_LINKS));
    return directory.newByteChannel(name, options);
  }

  private static BasicFileAttributes attributes(SecureDirectoryStream<Path> directory, Path name)
      throws IOException {
    return directory
        .getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes();
  }

  /// Device and inode: `(dev=1f,ino=2a)`.
  private static String key(SecureDirectoryStream<Path> directory) throws IOException {
    return String.valueOf(
        directory.getFileAttributeView(BasicFileAttributeView.class).readAttributes().fileKey());
  }

  private static String device(String key) {
    return key.substring(0, Math.max(0, key.indexOf(',')));
  }
}
