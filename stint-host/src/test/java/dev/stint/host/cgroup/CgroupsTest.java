package dev.stint.host.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CgroupsTest {
  @TempDir private Path root;
  private FakeHost host;

  @BeforeEach
  void start() {
    host = new FakeHost(root);
  }

  @Test
  void of_version1_findsControllersAndOwnCgroups() throws IOException {
    Cgroups found = Cgroups.of(host.version1().files);
    assertThat(found.layout()).isEqualTo(Cgroups.Layout.V1);
    assertThat(found.of("cpu"))
        .hasValue(
            new Hierarchy(1, List.of("cpu", "cpuacct"), "sys/fs/cgroup/cpu,cpuacct", "a/b", true));
    assertThat(found.of("cpuset").orElseThrow().own()).isEmpty();
    assertThat(found.of("freezer")).isEmpty();
  }

  @Test
  void of_version2_findsItsControllers() throws IOException {
    Cgroups found = Cgroups.of(host.version2().files);
    assertThat(found.layout()).isEqualTo(Cgroups.Layout.V2);
    assertThat(found.of("cpuset").orElseThrow().own()).isEqualTo("user.slice/me");
  }

  @Test
  void of_hybrid_takesTheControllerFromWhereItIs() throws IOException {
    host.with(
        "proc/self/mountinfo",
        """
        32 31 0:29 / /sys/fs/cgroup/cpu ro,relatime - cgroup cgroup rw,cpu
        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
        """);
    host.with("proc/self/cgroup", "1:cpu:/\n0::/\n");
    host.with("sys/fs/cgroup/unified/cgroup.controllers", "cpuset\n");
    Cgroups found = Cgroups.of(host.files);
    assertThat(found.layout()).isEqualTo(Cgroups.Layout.HYBRID);
    assertThat(found.of("cpu").orElseThrow().version()).isEqualTo(1);
    assertThat(found.of("cpu").orElseThrow().writable()).isFalse();
    assertThat(found.of("cpuset").orElseThrow().version()).isEqualTo(2);
  }

  @Test
  void of_nothing_isNone() {
    assertThat(Cgroups.of(host.files).layout()).isEqualTo(Cgroups.Layout.NONE);
  }

  @Test
  void of_aMountOfAPart_countsFromThatPart() throws IOException {
    host.with("proc/self/mountinfo", "9 8 0:26 /docker/x /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    host.with("proc/self/cgroup", "0::/docker/x/inner\n");
    assertThat(Cgroups.of(host.files).version2().orElseThrow().own()).isEqualTo("inner");
    host.with("proc/self/cgroup", "0::/../../other\n");
    assertThat(Cgroups.of(host.files).version2().orElseThrow().own()).isEmpty();
  }

  @Test
  void mount_garbage_isLeftOut_andEscapesAreRead() {
    assertThat(
            Mount.parse("x\n1 2 3\n - \n1 2 0:3 / /a\\040b\\134 rw - tmpfs none rw\n1 2 - a b c"))
        .containsExactly(new Mount("/", "/a b\\", "tmpfs", true, List.of("rw")));
  }
}
