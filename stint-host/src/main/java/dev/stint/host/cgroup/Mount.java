package dev.stint.host.cgroup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A mounted file system, as a line of `/proc/self/mountinfo` tells (proc_pid_mountinfo(5)).
///
/// @param root the directory of the file system that is mounted, such as `/`
/// @param point where it is mounted, such as `/sys/fs/cgroup`
/// @param type such as `cgroup2`
/// @param writable whether it is not mounted read-only
/// @param options of the file system, such as the controllers of a version 1 hierarchy
public record Mount(
    String root, String point, String type, boolean writable, List<String> options) {
  private static final int ROOT = 3;
  private static final int POINT = 4;
  private static final int MOUNT_OPTIONS = 5;

  /// Copies the list.
  public Mount {
    options = List.copyOf(options);
  }

  /// The mounts of `/proc/self/mountinfo`; lines that are none are left out.
  public static List<Mount> parse(String mountinfo) {
    List<Mount> mounts = new ArrayList<>();
    mountinfo.lines().forEach(line -> ofLine(line).ifPresent(mounts::add));
    return mounts;
  }

  private static Optional<Mount> ofLine(String line) {
    int separator = line.indexOf(" - ");
    if (separator < 0) {
      return Optional.empty();
    }
    String[] before = line.substring(0, separator).split(" ");
    String[] after = line.substring(separator + 3).split(" ");
    if (before.length <= MOUNT_OPTIONS || after.length < 3 || !before[POINT].startsWith("/")) {
      return Optional.empty();
    }
    List<String> options = List.of(after[2].split(","));
    boolean writable =
        !List.of(before[MOUNT_OPTIONS].split(",")).contains("ro") && !options.contains("ro");
    return Optional.of(
        new Mount(unescaped(before[ROOT]), unescaped(before[POINT]), after[0], writable, options));
  }

  /// Blanks and backslashes are three octal digits after a backslash.
  private static String unescaped(String text) {
    StringBuilder plain = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\' && text.substring(i + 1).matches("[0-3][0-7]{2}.*")) {
        plain.append((char) Integer.parseInt(text.substring(i + 1, i + 4), 8));
        i += 3;
      } else {
        plain.append(text.charAt(i));
      }
    }
    return plain.toString();
  }
}
