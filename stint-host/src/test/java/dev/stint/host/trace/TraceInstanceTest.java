package dev.stint.host.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.host.HostFiles;
import dev.stint.host.cgroup.GroupMarker;
import dev.stint.testkit.Skip;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TraceInstanceTest {
  @TempDir private Path root;

  @Test
  void open_withoutTracefs_saysSo() {
    assertThatThrownBy(
            () -> TraceInstance.open(new HostFiles(root), new GroupMarker(1, 2), 64, List.of()))
        .hasMessage("tracefs is not mounted");
  }

  @Test
  void open_filesMissing_failsAndLeavesNothing() throws IOException {
    HostFiles files = fixture();
    GroupMarker marker = new GroupMarker(1, 2);
    try (TraceInstance trace = TraceInstance.open(files, marker, 64, List.of())) {
      throw new AssertionError("opened without files: " + trace);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("write \"0\" to");
    }
    assertThat(files.path("t/instances/stint-1-2")).doesNotExist();
  }

  @Test
  void sweep_instancesOfTheDead_go() throws IOException {
    HostFiles files = fixture();
    Files.createDirectories(files.path("proc/5"));
    Files.createDirectories(files.path("t/instances/stint-4-4"));
    Files.createDirectories(files.path("t/instances/perf"));
    assertThat(TraceInstance.sweep(files)).containsExactly("/t/instances/stint-4-4");
    assertThat(files.list("t/instances")).containsExactly("perf");
  }

  private HostFiles fixture() throws IOException {
    Files.createDirectories(root.resolve("proc/self"));
    Files.createDirectories(root.resolve("t/instances"));
    Files.writeString(
        root.resolve("proc/self/mountinfo"), "42 23 0:13 / /t rw,relatime - tracefs none rw\n");
    return new HostFiles(root);
  }

  @Test
  void instance_onThisKernel_recordsSwitches_andIsGoneAfterwards() throws Exception {
    HostFiles files = HostFiles.ofThisMachine();
    GroupMarker marker = GroupMarker.ofThisProcess(files);
    String instances = TraceInstance.tracefs(files).map(path -> path + "/instances").orElse("none");
    Skip.unless(Files.isWritable(files.path(instances)), "no tracefs, or no permission for it");
    try (TraceInstance trace = TraceInstance.open(files, marker, 1024, List.of("sched_switch"))) {
      trace.start();
      Thread.sleep(20);
      trace.stop();
      try (BufferedReader text = trace.text()) {
        assertThat(text.lines()).anyMatch(line -> line.contains("sched_switch: prev_comm="));
      }
      assertThat(trace.lost()).isPresent();
    }
    assertThat(files.list(instances)).doesNotContain(marker.name());
  }
}
