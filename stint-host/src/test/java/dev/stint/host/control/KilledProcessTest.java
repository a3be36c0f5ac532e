package dev.stint.host.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `apply` in a process of its own that SIGKILL ends at every position, on files: a rollback in
/// this one restores every byte.
final class KilledProcessTest {
  private static final String POLICY =
      "owns: machine\ncgroups: {vm: {cpu.weight: 300, cpu.max: 50000 100000, cpuset.cpus: 1}}\n";

  @TempDir private Path directory;

  /// Applies the policy below a directory, and at a position stops to be killed.
  static final class Victim {
    private Victim() {}

    /// @param args the directory and the position
    public static void main(String[] args) throws IOException {
      Path root = Path.of(args[0]);
      int last = Integer.parseInt(args[1]);
      OwnedTree tree = OwnedTree.of(new HostFiles(root), "machine");
      StateDirectory state = StateDirectory.at(root.resolve("state"));
      state.check(true);
      state.lock();
      Mortal process =
          new Mortal(
              tree,
              state.disk(),
              position -> {
                if (position == last) {
                  kill();
                }
              });
      Plan plan =
          new Control(new HostFiles(root)).plan(KilledApplyTest.policy(POLICY), process.files());
      new Application(process.files(), Journal.read(process.disk()))
          .apply(plan, 0, "", "p.yaml", "machine");
    }

    private static void kill() {
      try {
        String self = Long.toString(ProcessHandle.current().pid());
        new ProcessBuilder("kill", "-9", self).start().waitFor();
        Thread.sleep(60_000);
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void file(Path root, String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, text);
  }

  private Path host(int number) throws IOException {
    Path root = directory.resolve("host" + number);
    file(root, "proc/self/mountinfo", "30 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    file(root, "proc/self/cgroup", "0::/\n");
    file(root, "sys/fs/cgroup/cgroup.controllers", "cpuset cpu\n");
    String vm = "sys/fs/cgroup/machine/vm/";
    file(root, vm + "cpu.weight", "100\n");
    file(root, vm + "cpu.max", "max 100000\n");
    file(root, vm + "cpu.max.burst", "0\n");
    file(root, vm + "cpu.idle", "0\n");
    file(root, vm + "cpuset.cpus", "\n");
    return root;
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

  private static int victim(Path root, int position) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                root.toString(),
                Integer.toString(position))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void apply_endedBySigkillAtEveryPosition_isRolledBackByteForByte() throws Exception {
    int positions = 0;
    int exit = 137;
    while (exit == 137) {
      Path root = host(positions);
      Map<String, String> before = bytes(root);
      exit = victim(root, positions);
      StateDirectory state = StateDirectory.at(root.resolve("state"));
      assertThat(state.check(false)).isEmpty();
      assertThat(state.lock()).as("the dead hold no lock").isEmpty();
      Journal journal = Journal.read(state.disk());
      new Application(OwnedTree.of(new HostFiles(root), "machine"), journal).rollback(false);
      state.close();
      assertThat(bytes(root)).as("killed at %d", positions).isEqualTo(before);
      positions++;
    }
    assertThat(exit).isZero();
    assertThat(positions).as("positions tested").isGreaterThan(25);
  }
}
