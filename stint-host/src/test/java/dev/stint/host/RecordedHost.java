package dev.stint.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/// A host as `.ci/record-host` recorded it at two looks: a hog under a quota, two that share a CPU,
/// and processes of many threads, in cgroups of their own.
public enum RecordedHost {
  /// A microVM of Firecracker with Linux 6.18 and both versions of cgroups, and VMs of its own.
  FIRECRACKER("firecracker-6.18"),
  /// Debian's kernel 6.18 in QEMU, cgroups of version 2.
  DEBIAN_6_18("debian-6.18"),
  /// Debian's kernel 6.1 in QEMU, cgroups of version 2.
  DEBIAN_6_1("debian-6.1");

  private static final String NOT_THERE = "No such file or directory";

  private final String recording;
  private final Map<Integer, Long> atNs = new LinkedHashMap<>();
  private final Map<Integer, Map<String, Entry>> looks = new LinkedHashMap<>();

  RecordedHost(String name) {
    try (InputStream in = RecordedHost.class.getResourceAsStream("/hosts/" + name + ".host")) {
      recording = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    parse();
  }

  /// What a path is: its mode as `stat` prints it, `/` after it for a directory, `=` where no text
  /// was recorded, `-` for what could not be read; and the text, or why there is none.
  private record Entry(String mode, String text) {}

  private void parse() {
    Map<String, Entry> look = new LinkedHashMap<>();
    List<String> lines = recording.lines().toList();
    for (int i = 0; i < lines.size(); ) {
      String[] words = lines.get(i++).split(" ", 3);
      if (words[0].equals("==") && words[1].equals("look")) {
        String[] at = words[2].split(" ");
        look = new LinkedHashMap<>();
        looks.put(Integer.parseInt(at[0]), look);
        atNs.put(Integer.parseInt(at[0]), Long.parseLong(at[2]));
      } else if (words[0].equals(">")) {
        int from = i;
        while (!lines.get(i).matches("(?s)(> |== ).*")) {
          i++;
        }
        look.put(words[2], new Entry(words[1], text(lines.subList(from, i))));
      }
    }
  }

  /// The lines of an entry, up to the `<`.
  static String text(List<String> lines) {
    if (lines.isEmpty()) {
      return "";
    }
    String body = String.join("\n", lines);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < body.length() - 1; i++) {
      char c = body.charAt(i);
      boolean begins = i == 0 || body.charAt(i - 1) == '\n';
      if (c == '\\') {
        text.append(body.charAt(++i) == '0' ? '\0' : '\\');
      } else if (!begins || c != '|') {
        text.append(c);
      }
    }
    return text.toString();
  }

  /// All of it.
  public String recording() {
    return recording;
  }

  /// When a look was made, on a clock of its own.
  public long atNs(int look) {
    return atNs.get(look);
  }

  /// From the first look to the second.
  public long intervalNs() {
    return atNs(2) - atNs(1);
  }

  /// What a file said at a look.
  public String text(int look, String path) {
    Entry entry = looks.get(look).getOrDefault(path, looks.get(1).get(path));
    if (entry == null || entry.mode.equals("-")) {
      throw new IllegalArgumentException(path + " was not recorded");
    }
    return entry.text;
  }

  /// The files whose text was recorded.
  public List<String> files() {
    return looks.get(1).entrySet().stream()
        .filter(entry -> entry.getValue().mode.matches("\\d+"))
        .map(Map.Entry::getKey)
        .toList();
  }

  /// Makes the tree of the first look.
  public HostFiles unpack(Path root) throws IOException {
    HostFiles files = new HostFiles(root);
    for (Map.Entry<String, Entry> entry : looks.get(1).entrySet()) {
      Path path = files.path(entry.getKey());
      String mode = entry.getValue().mode;
      if (mode.equals("-")) {
        if (!entry.getValue().text.equals(NOT_THERE)) {
          Files.createDirectories(path); // opens, and cannot be read
        }
      } else if (mode.endsWith("/")) {
        Files.createDirectories(path);
        permit(path, mode);
      } else {
        Files.createDirectories(path.getParent());
        Files.writeString(path, entry.getValue().text, StandardCharsets.ISO_8859_1);
        permit(path, mode);
      }
    }
    return files;
  }

  /// Makes the tree that of the second look, in place: files that are kept open change too.
  ///
  /// @param which files
  public void advance(Path root, Predicate<String> which) throws IOException {
    for (Map.Entry<String, Entry> entry : looks.get(2).entrySet()) {
      Path path = root.resolve(entry.getKey());
      if (entry.getValue().mode.matches("\\d+") && which.test(entry.getKey())) {
        permit(path, "0600");
        Files.writeString(path, entry.getValue().text, StandardCharsets.ISO_8859_1);
        permit(path, entry.getValue().mode);
      }
    }
  }

  /// Gives a file a mode such as `0644`.
  static void permit(Path path, String mode) throws IOException {
    int bits = Integer.parseInt(mode.replaceAll("\\D", ""), 8);
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values(); // owner's read first
    for (int i = 0; i < all.length; i++) {
      if ((bits >> (all.length - 1 - i) & 1) == 1) {
        permissions.add(all[i]);
      }
    }
    Files.setPosixFilePermissions(path, permissions);
  }
}
