package dev.stint.host.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.stint.host.HostFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nothing outside the owned subtree is read or written, whatever is there.
final class OwnedTreeTest {
  private static final String MOUNTS =
      "30 23 0:28 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw\n"
          + "31 30 0:29 / /sys/fs/cgroup/machine/mounted rw - tmpfs tmpfs rw\n";

  @TempDir private Path root;
  private Path cgroups;
  private Path secret;

  @BeforeEach
  void start() throws IOException {
    cgroups = root.resolve("sys/fs/cgroup");
    secret = root.resolve("outside/cpu.weight");
    file("proc/self/mountinfo", MOUNTS);
    file("proc/self/cgroup", "0::/\n");
    file("sys/fs/cgroup/cgroup.controllers", "cpuset cpu\n");
    file("sys/fs/cgroup/machine/vm/cpu.weight", "100\n");
    file("sys/fs/cgroup/other/cpu.weight", "100\n");
    file("sys/fs/cgroup/machine/mounted/cpu.weight", "100\n");
    file("outside/cpu.weight", "100\n");
  }

  private void file(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, text);
  }

  private OwnedTree tree() throws IOException {
    return OwnedTree.of(new HostFiles(root), "machine");
  }

  private void refuses(String group, String why) throws IOException {
    OwnedTree tree = tree();
    ControlFile file = new ControlFile("cpu", group, "cpu.weight");
    assertThatIOException().isThrownBy(() -> tree.write(file, "1\n")).withMessageContaining(why);
    assertThatIOException().isThrownBy(() -> tree.read(file));
  }

  @Test
  void ownedFile_isReadAndWritten_byteForByte() throws IOException {
    ControlFile file = new ControlFile("cpu", "machine/vm", "cpu.weight");
    OwnedTree tree = tree();
    assertThat(tree.version("cpu")).isEqualTo(2);
    assertThat(tree.read(file)).isEqualTo("100\n");
    tree.write(file, "7\n");
    assertThat(cgroups.resolve("machine/vm/cpu.weight")).hasContent("7");
    tree.write(file, "100\n");
    assertThat(Files.readString(cgroups.resolve("machine/vm/cpu.weight"))).isEqualTo("100\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "other", "machine/../other", "machine/vm/../../other", "/sys/fs/cgroup/other", "", ".",
        "machine/./../other", "machine//vm", "machine/", "../outside", "machinery", "other/machine"
      })
  void groupElsewhere_isRefused(String group) throws IOException {
    refuses(group, "the cgroup that the policy owns");
    assertThat(cgroups.resolve("other/cpu.weight")).hasContent("100");
  }

  @Test
  void ownKnobsOfTheOwnedGroup_areNotWritten() throws IOException {
    file("sys/fs/cgroup/machine/cpu.weight", "100\n");
    OwnedTree tree = tree();
    ControlFile own = new ControlFile("cpu", "machine", "cpu.weight");
    assertThatIOException().isThrownBy(() -> tree.write(own, "1\n"));
  }

  @Test
  void otherFiles_areNotWritten() throws IOException {
    OwnedTree tree = tree();
    for (String name : List.of("cgroup.procs", "cgroup.kill", "../vm/cpu.weight", "memory.max")) {
      file("sys/fs/cgroup/machine/vm/" + name, "x");
      assertThatIOException()
          .isThrownBy(() -> tree.write(new ControlFile("cpu", "machine/vm", name), "1\n"));
    }
  }

  @Test
  void linkInTheWay_isNotFollowed() throws IOException {
    Files.createSymbolicLink(cgroups.resolve("machine/link"), secret.getParent());
    Files.createDirectories(cgroups.resolve("machine/dir"));
    Files.createSymbolicLink(cgroups.resolve("machine/dir/cpu.weight"), secret);
    refuses("machine/link", "");
    refuses("machine/dir", "a link");
    assertThat(secret).hasContent("100");
  }

  @Test
  void ownedGroupThatIsALink_isNotFollowed() throws IOException {
    Files.move(cgroups.resolve("machine"), cgroups.resolve("real"));
    Files.createSymbolicLink(cgroups.resolve("machine"), cgroups.resolve("real"));
    refuses("machine/vm", "");
  }

  @Test
  void mountInTheWay_isNotCrossed() throws IOException {
    refuses("machine/mounted", "another file system is mounted");
  }

  @Test
  void pipe_isNotOpened() throws Exception {
    Files.createDirectories(cgroups.resolve("machine/pipe"));
    Process made =
        new ProcessBuilder("mkfifo", cgroups.resolve("machine/pipe/cpu.weight").toString()).start();
    if (made.waitFor() == 0) {
      refuses("machine/pipe", "no regular file");
    }
  }

  /// Somebody exchanges a directory for a link all the time: what is written lands in the directory
  /// or nowhere.
  @Test
  void directoryExchangedMeanwhile_neverLeadsElsewhere() throws Exception {
    Path place = cgroups.resolve("machine/race");
    Path aside = cgroups.resolve("machine/aside");
    Path link = cgroups.resolve("link");
    file("sys/fs/cgroup/machine/race/cpu.weight", "100\n");
    Files.createSymbolicLink(link, secret.getParent());
    AtomicBoolean end = new AtomicBoolean();
    Thread attacker =
        Thread.ofPlatform()
            .start(() -> {
              while (!end.get()) {
                exchange(place, aside);
                exchange(link, place);
                exchange(place, link);
                exchange(aside, place);
              }
            });
    int written = 0;
    OwnedTree tree = tree();
    ControlFile file = new ControlFile("cpu", "machine/race", "cpu.weight");
    for (int i = 0; i < 3_000; i++) {
      try {
        tree.write(file, "7\n");
        written++;
      } catch (IOException _) {
        // The attacker was faster.
      }
    }
    end.set(true);
    attacker.join();
    assertThat(secret).hasContent("100");
    assertThat(written).as("the race was run").isPositive();
  }

  private static void exchange(Path from, Path to) {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException _) {
      // Tried again in the next round.
    }
  }
}
