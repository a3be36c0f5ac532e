package dev.stint.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostFilesTest {
  @TempDir private Path root;
  private HostFiles files;

  @BeforeEach
  void start() {
    files = new HostFiles(root);
  }

  @Test
  void read_aFile_isItsText() throws IOException {
    Files.createDirectories(root.resolve("proc"));
    Files.writeString(root.resolve("proc/uptime"), "1.5 2.5\n");
    assertThat(files.read("proc/uptime")).isEqualTo(new HostFiles.Text.Read("1.5 2.5\n"));
  }

  @Test
  void read_noFile_saysSo() {
    assertThat(files.read("proc/uptime"))
        .isEqualTo(new HostFiles.Text.Unreadable("there is no /proc/uptime"));
  }

  @Test
  void read_aDirectory_saysThatItCannotBeRead() {
    assertThat(files.read("")).isInstanceOf(HostFiles.Text.Unreadable.class);
  }

  @Test
  void read_moreThanTheLimit_isRefused() throws IOException {
    Files.write(root.resolve("huge"), new byte[HostFiles.LIMIT_BYTES + 1]);
    assertThat(files.read("huge"))
        .isEqualTo(new HostFiles.Text.Unreadable("/huge is longer than 4194304 bytes"));
  }

  @Test
  void list_aDirectory_isSorted_andNoneIsEmpty() throws IOException {
    Files.createDirectories(root.resolve("proc/2"));
    Files.createDirectories(root.resolve("proc/10"));
    assertThat(files.list("proc")).containsExactly("10", "2");
    assertThat(files.list("sys")).isEmpty();
  }
}
