package dev.stint.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.cgroup.Cgroups;
import dev.stint.host.probe.Machinery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RecordedHostTest {
  @TempDir private Path root;

  @Test
  void text_ofAnEntry_isUnescaped_andEndsAsRecorded() {
    assertThat(RecordedHost.text(List.of())).isEmpty();
    assertThat(RecordedHost.text(List.of("<"))).isEmpty();
    assertThat(RecordedHost.text(List.of("|a", "<"))).isEqualTo("a\n");
    assertThat(RecordedHost.text(List.of("|a<"))).isEqualTo("a");
    assertThat(RecordedHost.text(List.of("|", "||a<", "<"))).isEqualTo("\n|a<\n");
    assertThat(RecordedHost.text(List.of("|sleep\\01000\\0\\\\n<")))
        .isEqualTo("sleep\0" + "1000\0\\n");
  }

  /// A recording is of processes that were started for it, and says how it was made.
  @ParameterizedTest
  @EnumSource
  void recording_saysWhereItIsFrom_andIsSmall(RecordedHost host) {
    assertThat(host.recording())
        .startsWith("# Recorded 20")
        .contains("on Linux 6.", ".ci/record-host --demo\n")
        .endsWith("\n== end\n")
        .hasSizeLessThan(150_000);
    assertThat(host.files())
        .filteredOn(path -> path.endsWith("/cmdline"))
        .hasSize(host == RecordedHost.FIRECRACKER ? 6 : 5);
  }

  @ParameterizedTest
  @EnumSource
  void unpacked_filesReadAsRecorded_andChangeWithTheSecondLook(RecordedHost host)
      throws IOException {
    HostFiles files = host.unpack(root);
    for (int look = 1; look <= 2; look++) {
      for (String path : host.files()) {
        assertThat(files.read(path)).isEqualTo(new HostFiles.Text.Read(host.text(look, path)));
      }
      host.advance(root, _ -> true);
    }
    assertThat(host.text(1, "proc/stat")).isNotEqualTo(host.text(2, "proc/stat"));
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("proc/stat"))))
        .isEqualTo("r--r--r--");
  }

  /// What `doctor` says of it.
  @ParameterizedTest
  @EnumSource
  void machinery_isFound(RecordedHost host) throws IOException {
    HostFiles files = host.unpack(root);
    Map<String, Probe> probes = new TreeMap<>();
    new Machinery(files, "", List.of())
        .findings()
        .forEach(finding -> probes.put(finding.name(), finding.probe()));
    boolean microVm = host == RecordedHost.FIRECRACKER;
    assertThat(Cgroups.of(files).layout())
        .isEqualTo(microVm ? Cgroups.Layout.HYBRID : Cgroups.Layout.V2);
    assertThat(probes)
        .containsEntry(
            "hypervisor", new Probe.Supported(microVm ? "under KVM" : "under one named QEMU"))
        .containsEntry(
            "cgroup cpu",
            new Probe.Supported(
                microVm ? "version 1 at /sys/fs/cgroup/cpu" : "version 2 at /sys/fs/cgroup"))
        .containsEntry(
            "linux",
            new Probe.Supported(
                switch (host) {
                  case FIRECRACKER -> "6.18.44-fc-v669, schedules by EEVDF";
                  case DEBIAN_6_18 -> "6.18.15+deb13-cloud-amd64, schedules by EEVDF";
                  case DEBIAN_6_1 -> "6.1.0-50-cloud-amd64, schedules by CFS, the model's by 6.1";
                }))
        .containsEntry(
            "schedstats",
            microVm
                ? new Probe.Unsupported("the kernel was built without schedstats")
                : new Probe.Unavailable("set kernel.sched_schedstats to 1, as root"));
    assertThat(probes.get("kvm").supported()).isEqualTo(microVm);
    assertThat(probes.get("steal").supported()).isEqualTo(microVm);
    assertThat(probes.get("validate --kernel").supported()).isEqualTo(microVm);
    for (String name : List.of("tracefs", "pressure", "validate", "observe", "apply")) {
      assertThat(probes.get(name)).as(name).isInstanceOf(Probe.Supported.class);
    }
  }
}
