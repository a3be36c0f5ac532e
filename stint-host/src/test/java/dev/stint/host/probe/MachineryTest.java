package dev.stint.host.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.Garbage;
import dev.stint.host.HostFiles;
import dev.stint.host.Probe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineryTest {
  @TempDir private Path directory;

  private Map<String, Probe> probes(HostTree tree) throws IOException {
    HostFiles files = new HostFiles(directory.resolve(tree.name()));
    for (Map.Entry<String, String> file : tree.files().entrySet()) {
      write(files.path(file.getKey()), file.getValue());
    }
    return byName(new Machinery(files, tree.log(), List.of("6.12.117+deb13-cloud")).findings());
  }

  private static Map<String, Probe> byName(List<Finding> findings) {
    Map<String, Probe> probes = new TreeMap<>();
    findings.forEach(finding ->
        assertThat(probes.put(finding.name(), finding.probe())).as(finding.name()).isNull());
    return probes;
  }

  private static void write(Path path, String text) throws IOException {
    Files.createDirectories(path.getParent());
    Files.writeString(path, text, StandardCharsets.ISO_8859_1);
  }

  @Test
  void noLinux_supportsTheSimulationAlone() throws IOException {
    Map<String, Probe> probes = probes(HostTree.NO_LINUX);
    assertThat(probes.values().stream().filter(Probe::supported)).hasSize(1);
    assertThat(probes.get("observe")).isInstanceOf(Probe.Unsupported.class);
  }

  @Test
  void kvmGuestWithVersion1_canDoEverything() throws IOException {
    Map<String, Probe> probes = probes(HostTree.KVM_GUEST_V1);
    assertThat(probes.get("hypervisor")).isEqualTo(new Probe.Supported("under KVM"));
    assertThat(probes.get("steal")).isInstanceOf(Probe.Supported.class);
    assertThat(probes.get("cgroup cpu"))
        .isEqualTo(new Probe.Supported("version 1 at /sys/fs/cgroup/cpu"));
    for (String command : List.of("validate", "validate --kernel", "observe", "apply", "tracefs")) {
      assertThat(probes.get(command)).as(command).isInstanceOf(Probe.Supported.class);
    }
    assertThat(probes.get("partition")).isInstanceOf(Probe.Unsupported.class);
  }

  @Test
  void rootPartition_isNamedWithItsScheduler_andSeesNoSteal() throws IOException {
    Map<String, Probe> probes = probes(HostTree.HYPERV_ROOT_V2);
    assertThat(probes.get("partition")).isEqualTo(new Probe.Supported("the root partition"));
    assertThat(probes.get("hv scheduler")).isEqualTo(new Probe.Supported("root scheduler"));
    assertThat(probes.get("mshv debugfs")).isInstanceOf(Probe.Supported.class);
    assertThat(probes.get("steal"))
        .isEqualTo(new Probe.Unsupported("Microsoft Hypervisor does not tell Linux of it"));
    assertThat(probes.get("systemd")).isInstanceOf(Probe.Supported.class);
    assertThat(probes.get("validate --kernel"))
        .isEqualTo(new Probe.Unavailable("apt-get install qemu-system-x86 gcc"));
  }

  @Test
  void l1vh_isNamedWithItsScheduler() throws IOException {
    Map<String, Probe> probes = probes(HostTree.L1VH);
    assertThat(probes.get("partition")).isEqualTo(new Probe.Supported("the L1VH partition"));
    assertThat(probes.get("hv scheduler")).isEqualTo(new Probe.Supported("core scheduler"));
    assertThat(probes.get("mshv debugfs")).isInstanceOf(Probe.Unavailable.class);
  }

  @Test
  void unprivileged_isToldWhatItLacks() throws IOException {
    Map<String, Probe> probes = probes(HostTree.UNPRIVILEGED_HYBRID);
    assertThat(probes.get("hypervisor")).isEqualTo(new Probe.Supported("under Microsoft Hyper-V"));
    assertThat(probes.get("partition"))
        .isEqualTo(new Probe.Unavailable("unknown: the kernel's log needs root"));
    assertThat(probes.get("cgroup writing"))
        .isEqualTo(new Probe.Unavailable("/sys/fs/cgroup/cpu is mounted read-only"));
    assertThat(probes.get("apply")).isInstanceOf(Probe.Unavailable.class);
    assertThat(probes.get("validate")).isInstanceOf(Probe.Unsupported.class);
    assertThat(probes.get("observe")).isInstanceOf(Probe.Supported.class);
  }

  @Test
  void kernelsToBoot_areNamed_andWhereToGetOne() throws IOException {
    assertThat(probes(HostTree.KVM_GUEST_V1).get("validate --kernel").reason())
        .isEqualTo("needs no root; Linux 6.12.117 to boot");
    HostFiles files = new HostFiles(directory.resolve(HostTree.KVM_GUEST_V1.name()));
    assertThat(byName(new Machinery(files, "", List.of()).findings()).get("validate --kernel"))
        .isEqualTo(new Probe.Supported("needs no root; .ci/kernels 6.18 downloads a kernel"));
  }

  @Test
  void capabilities_areAskedForWhereTheyAreNeeded() throws IOException {
    probes(HostTree.KVM_GUEST_V1);
    HostFiles files = new HostFiles(directory.resolve(HostTree.KVM_GUEST_V1.name()));
    write(files.path("proc/sys/kernel/perf_event_paranoid"), "2\n");
    write(files.path("proc/self/status"), "Name:\tx\nCapEff:\t000001ffffffffff\n");
    Map<String, Probe> root = byName(new Machinery(files, "", List.of()).findings());
    assertThat(root.get("perf")).isInstanceOf(Probe.Supported.class);
    assertThat(root.get("validate --under"))
        .isEqualTo(
            new Probe.Unavailable(
                "VPs are frozen by cgroups of version 2:"
                    + " mount -t cgroup2 cgroup2 DIRECTORY, as root"));
    write(files.path("proc/self/status"), "Name:\tx\nCapEff:\t0000000000000000\n");
    Map<String, Probe> nobody = byName(new Machinery(files, "", List.of()).findings());
    assertThat(nobody.get("perf")).isInstanceOf(Probe.Unavailable.class);
  }

  @Test
  void schedDebug_saysWhetherDebugfsIsMissingOrClosed() throws IOException {
    assertThat(probes(HostTree.L1VH).get("sched-debug"))
        .isEqualTo(new Probe.Unavailable("mount -t debugfs debugfs /sys/kernel/debug, as root"));
    HostFiles files = new HostFiles(directory.resolve(HostTree.L1VH.name()));
    write(files.path("proc/self/mountinfo"), "5 1 0:7 / /sys/kernel/debug rw - debugfs d rw\n");
    Files.createDirectories(files.path("sys/kernel/debug"));
    assertThat(byName(new Machinery(files, "", List.of()).findings()).get("sched-debug"))
        .isEqualTo(new Probe.Unsupported("the kernel shows none in debugfs"));
  }

  /// Files that are missing, spoiled, huge, directories, or links to nowhere: the same questions
  /// are answered, each in a short line of plain text, and nothing is thrown.
  @Test
  void anyTree_spoiled_isAnsweredInPlainLines() throws IOException {
    SplittableRandom random = new SplittableRandom(3);
    Garbage garbage = new Garbage(random);
    List<String> names =
        new Machinery(new HostFiles(directory.resolve("none")), "", List.of())
            .findings().stream().map(Finding::name).toList();
    for (int round = 0; round < 150; round++) {
      HostTree tree = HostTree.values()[1 + random.nextInt(HostTree.values().length - 1)];
      HostFiles files = new HostFiles(directory.resolve("fuzz" + round));
      for (Map.Entry<String, String> file : tree.files().entrySet()) {
        spoil(files.path(file.getKey()), file.getValue(), random, garbage);
      }
      String log = random.nextBoolean() ? tree.log() : garbage.of(tree.log());
      List<Finding> findings = new Machinery(files, log, List.of(garbage.of("6.18.15"))).findings();
      assertThat(findings).extracting(Finding::name).isEqualTo(names);
      for (Finding finding : findings) {
        assertThat(finding.probe().reason()).matches("[\\x20-\\x7e]{3,120}");
      }
    }
  }

  private static void spoil(Path path, String text, SplittableRandom random, Garbage garbage)
      throws IOException {
    Files.createDirectories(path.getParent());
    switch (random.nextInt(8)) {
      case 0 -> {}
      case 1 -> Files.createDirectory(path);
      case 2 -> Files.createSymbolicLink(path, Path.of("/nowhere"));
      case 3 -> write(path, garbage.of(text));
      case 4 -> write(path, random.nextInt(40) == 0 ? "9".repeat(HostFiles.LIMIT_BYTES + 1) : "");
      default -> write(path, text);
    }
  }
}
