package dev.stint.host.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `apply` in a process of its own that SIGKILL ends at every position, on files: a rollback in
/// this one restores every byte.
final class KilledProcessTest {
  private static final String POLICY =
      "owns: machine\ncgroups: {vm: {cpu.weight: 300, cpu.max: 50000 100000, cpuset.cpus: 1}}\n";

  @TempDir private Path directory;

  private void file(Path root, String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, text);
  }

  private Victim victim(String name) throws IOException {
    Path root = directory.resolve(name);
    file(root, "proc/self/mountinfo", "30 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    file(root, "proc/self/cgroup", "0::/\n");
    file(root, "sys/fs/cgroup/cgroup.controllers", "cpuset cpu\n");
    String vm = "sys/fs/cgroup/machine/vm/";
    file(root, vm + "cpu.weight", "100\n");
    file(root, vm + "cpu.max", "max 100000\n");
    file(root, vm + "cpu.max.burst", "0\n");
    file(root, vm + "cpu.idle", "0\n");
    file(root, vm + "cpuset.cpus", "\n");
    return new Victim(root, root.resolve("state"), "machine", POLICY);
  }

  private static Map<String, String> bytes(Path root) throws IOException {
    Map<String, String> bytes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root.resolve("sys"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes.put(file.toString(), Files.readString(file));
      }
    }
    return bytes;
  }

  @Test
  void apply_endedBySigkillAtEveryPosition_isRolledBackByteForByte() throws Exception {
    int positions = victim("whole").apply(_ -> {});
    assertThat(positions).isGreaterThan(25);
    for (int position = 0; position < positions; position++) {
      Victim victim = victim("host" + position);
      Map<String, String> before = bytes(victim.root());
      assertThat(victim.elsewhere(Victim.Command.APPLY, position)).isEqualTo(Victim.KILLED);
      victim.rollBack();
      assertThat(bytes(victim.root())).as("killed at %d", position).isEqualTo(before);
    }
  }
}
