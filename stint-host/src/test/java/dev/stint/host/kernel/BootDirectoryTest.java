package dev.stint.host.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.HostFiles;
import dev.stint.host.cgroup.GroupMarker;
import dev.stint.testkit.Skip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BootDirectoryTest {
  private static final HostFiles HOST = HostFiles.ofThisMachine();

  @TempDir Path place;

  @Test
  void close_removesTheDirectoryAndItsFiles() throws IOException {
    try (BootDirectory directory = BootDirectory.open(place, HOST)) {
      Files.writeString(directory.resolve("report"), "x");
      assertThat(directory.path()).isDirectory();
    }
    assertThat(place).isEmptyDirectory();
  }

  @Test
  void open_removesWhatAKilledProcessLeft() throws Exception {
    Skip.unless(HOST.list("proc").contains("self"), "there is no /proc");
    Process killed = new ProcessBuilder("sleep", "60").start();
    Path left = left(new GroupMarker(killed.pid(), startTicks(killed.pid())));
    try (BootDirectory _ = BootDirectory.open(place, HOST)) {
      assertThat(left).as("of a process that runs").exists();
    }
    killed.destroyForcibly().waitFor();
    try (BootDirectory directory = BootDirectory.open(place, HOST)) {
      assertThat(left).doesNotExist();
      assertThat(directory.path()).isDirectory();
    }
  }

  @Test
  void open_leavesWhatLivesOrIsForeign() throws IOException {
    Path mine = left(GroupMarker.ofThisProcess(HOST));
    Path foreign = Files.createDirectory(place.resolve("notes.1"));
    Path filled = left(new GroupMarker(ProcessHandle.current().pid(), 1));
    Files.writeString(filled.resolve("thesis"), "x");
    try (BootDirectory _ = BootDirectory.open(place, HOST)) {
      assertThat(mine.resolve("report")).exists();
      assertThat(foreign).exists();
      assertThat(filled.resolve("thesis")).exists();
    }
  }

  private Path left(GroupMarker marker) throws IOException {
    Path directory = Files.createDirectory(place.resolve(marker.name() + ".77"));
    Files.writeString(directory.resolve("report"), "x");
    return directory;
  }

  private static long startTicks(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
    return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[19]);
  }
}
