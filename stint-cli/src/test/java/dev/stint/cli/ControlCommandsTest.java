package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `apply`, `rollback` and `status` on a tree of files that looks like a host.
final class ControlCommandsTest {
  @TempDir private Path directory;
  private Shell shell;

  @BeforeEach
  void start() {
    shell =
        Shell.in(directory)
            .withFile(
                "proc/self/mountinfo", "30 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n")
            .withFile("proc/self/cgroup", "0::/\n")
            .withFile("run/empty", "")
            .withFile("sys/fs/cgroup/cgroup.controllers", "cpuset cpu\n")
            .withFile("proc/41/cmdline", "/usr/bin/qemu-system-x86_64\0-name\0guest=web,debug=on\0")
            .withFile("proc/41/comm", "qemu-system-x86\n")
            .withFile("proc/41/task/41/cgroup", "0::/machine.slice/web.scope/libvirt/emulator\n")
            .withFile("proc/41/task/42/cgroup", "0::/machine.slice/web.scope/libvirt/vcpu0\n");
    for (String group : new String[] {"machine.slice/web.scope/libvirt", "machine.slice/batch"}) {
      shell
          .withFile("sys/fs/cgroup/" + group + "/cpu.weight", "100\n")
          .withFile("sys/fs/cgroup/" + group + "/cpu.max", "max 100000\n")
          .withFile("sys/fs/cgroup/" + group + "/cpu.max.burst", "0\n")
          .withFile("sys/fs/cgroup/" + group + "/cpu.idle", "0\n")
          .withFile("sys/fs/cgroup/" + group + "/cpuset.cpus", "\n");
    }
    shell.withFile(
        "p.yaml",
        """
        owns: machine.slice
        vms: {web: {cpu.weight: 300}}
        cgroups: {batch: {cpu.max: 50000 100000, cpuset.cpus: 1}}
        """);
  }

  private String knob(String path) throws IOException {
    return Files.readString(directory.resolve("sys/fs/cgroup/machine.slice").resolve(path));
  }

  @Test
  void apply_ofADirectory_asksForAPolicy() {
    Shell.Answer answer = Shell.in(directory).stint("apply", ".");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err()).contains("\".\" is a directory. Name the file of a policy.");
  }

  @Test
  void apply_status_rollback_goThereAndBack() throws IOException {
    Shell.Answer applied = shell.stint("apply", "p.yaml", "--yes");
    assertThat(applied.err()).isEmpty();
    assertThat(applied.status()).isZero();
    assertThat(applied.out())
        .contains("machine.slice/web.scope/libvirt  cpu.weight   100 -> 300")
        .contains("max 100000 -> 50000 100000", "(empty) -> 1", "Applied: 3 files");
    assertThat(knob("web.scope/libvirt/cpu.weight")).isEqualTo("300\n");
    assertThat(shell.stint("status").status()).isZero();
    shell.withFile("sys/fs/cgroup/machine.slice/batch/cpu.max", "70000 100000\n");
    Shell.Answer drifted = shell.stint("status");
    assertThat(drifted.status()).isEqualTo(1);
    assertThat(drifted.out()).contains("DRIFTED: 70000 100000");
    Shell.Answer kept = shell.stint("rollback");
    assertThat(kept.status()).isEqualTo(1);
    assertThat(kept.out()).contains("restored  machine.slice/web.scope/libvirt/cpu.weight");
    assertThat(knob("batch/cpu.max")).isEqualTo("70000 100000\n");
    assertThat(shell.stint("rollback", "--force").status()).isZero();
    assertThat(knob("batch/cpu.max")).isEqualTo("max 100000\n");
    assertThat(knob("batch/cpuset.cpus")).isEqualTo("\n");
    assertThat(shell.stint("rollback").out()).isEqualTo("Nothing is applied.\n");
    assertThat(shell.stint("status").out()).isEqualTo("Nothing is applied.\n");
  }

  @Test
  void apply_asksAtATerminal_andWritesNothingOtherwise() throws IOException {
    assertThat(shell.stint("apply", "p.yaml", "--dry-run").status()).isZero();
    Shell.Answer nobody = shell.stint("apply", "p.yaml");
    assertThat(nobody.status()).isEqualTo(2);
    assertThat(nobody.err()).contains("--yes");
    Shell.Answer no = shell.atTerminal(Map.of()).reading("n\n").stint("apply", "p.yaml");
    assertThat(no.out()).endsWith("Nothing is written.\n");
    assertThat(knob("batch/cpu.max")).isEqualTo("max 100000\n");
    assertThat(shell.atTerminal(Map.of()).reading("y\n").stint("apply", "p.yaml").status())
        .isZero();
    assertThat(knob("batch/cpu.max")).isEqualTo("50000 100000\n");
  }

  @Test
  void policy_thatFitsNothingHere_isToldWithItsPlace() {
    shell.withFile(
        "q.yaml",
        "owns: machine.slice\nvms: {db: {cpu.weight: 1}}\ncgroups: {no: {cpu.idle: 1}}\n");
    Shell.Answer answer = shell.stint("apply", "q.yaml", "--yes");
    assertThat(answer.status()).isEqualTo(3);
    assertThat(answer.errLines())
        .anySatisfy(line -> assertThat(line).startsWith("q.yaml:2:7: VM \"db\": no such process"))
        .anySatisfy(line -> assertThat(line).startsWith("q.yaml:3:11: cgroup \"no\": "));
  }

  @Test
  void policy_forAProcessElsewhere_isRefused() {
    shell
        .withFile("proc/50/comm", "postgres\n")
        .withFile("proc/50/cmdline", "postgres\0")
        .withFile("proc/50/task/50/cgroup", "0::/system.slice/pg.service\n")
        .withFile("q.yaml", "owns: machine.slice\nprocesses: {postgres: {cpu.weight: 1}}\n");
    Shell.Answer answer = shell.stint("apply", "q.yaml", "--yes");
    assertThat(answer.status()).isEqualTo(3);
    assertThat(answer.err()).contains("/system.slice/pg.service of cpu, not below machine.slice");
  }

  @Test
  void pod_isFoundByUid_andByName() throws IOException {
    String pod = "kubepods.slice/kubepods-pod12_ab.slice";
    shell
        .withFile("sys/fs/cgroup/" + pod + "/cpu.weight", "79\n")
        .withFile("sys/fs/cgroup/" + pod + "/cpu.idle", "0\n")
        .withFile("var/log/pods/shop_cart-0_12-ab/x", "")
        .withFile("u.yaml", "owns: kubepods.slice\npods: {12-ab: {cpu.weight: 5}}\n")
        .withFile("n.yaml", "owns: kubepods.slice\npods: {shop/cart-0: {cpu.weight: 6}}\n");
    assertThat(shell.stint("apply", "u.yaml", "--yes").status()).isZero();
    assertThat(shell.stint("apply", "n.yaml", "--yes").status()).isZero();
    Path weight = directory.resolve("sys/fs/cgroup/" + pod + "/cpu.weight");
    assertThat(weight).hasContent("6");
    assertThat(shell.stint("rollback").status()).isZero();
    assertThat(weight).hasContent("79");
  }

  @Test
  void restart_forgetsWhatWasApplied() throws IOException {
    shell.withFile("proc/sys/kernel/random/boot_id", "one\n").stint("apply", "p.yaml", "--yes");
    shell.withFile("proc/sys/kernel/random/boot_id", "two\n");
    assertThat(shell.stint("status").out()).isEqualTo("Nothing is applied.\n");
    assertThat(shell.stint("rollback").out()).contains("restarted");
    assertThat(knob("batch/cpu.max")).isEqualTo("50000 100000\n");
  }

  @Test
  void stateThatOthersCanWrite_isNotTrusted() throws Exception {
    shell.stint("apply", "p.yaml", "--yes");
    Path state = directory.resolve("run/stint");
    Files.setPosixFilePermissions(
        state, java.nio.file.attribute.PosixFilePermissions.fromString("rwxrwxrwx"));
    Shell.Answer answer = shell.stint("rollback");
    assertThat(answer.status()).isEqualTo(3);
    assertThat(answer.err()).contains("chmod go-w");
  }

  @Test
  void linkInTheTree_isNotWrittenThrough() throws IOException {
    Path outside = directory.resolve("outside");
    Files.writeString(outside, "100\n");
    Path weight = directory.resolve("sys/fs/cgroup/machine.slice/web.scope/libvirt/cpu.weight");
    Files.delete(weight);
    Files.createSymbolicLink(weight, outside);
    Shell.Answer answer = shell.stint("apply", "p.yaml", "--yes");
    assertThat(answer.status()).isEqualTo(3);
    assertThat(answer.err()).contains("a link");
    assertThat(outside).hasContent("100");
  }

  @Test
  void guard_thatBreaks_takesThePolicyBack() throws IOException {
    shell
        .withFile("proc/stat", "cpu  10 0 0 90 0 0 0 0 0 0\n")
        .withFile(
            "g.yaml",
            "owns: machine.slice\ncgroups: {batch: {cpu.weight: 9}}\n"
                + "guard: {p99: 1us, for: 1s}\n");
    Shell.Answer answer = shell.stint("apply", "g.yaml", "--yes", "--watch", "--interval", "50ms");
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.err()).contains("taken back: wake-up p99");
    assertThat(knob("batch/cpu.weight")).isEqualTo("100\n");
  }

  @Test
  void guard_thatCannotBeHeeded_isRefusedBeforeAnythingIsWritten() throws IOException {
    shell.withFile(
        "g.yaml", "owns: machine.slice\ncgroups: {batch: {cpu.weight: 9}}\nguard: {psi: 10%}\n");
    Shell.Answer answer = shell.stint("apply", "g.yaml", "--yes", "--watch");
    assertThat(answer.status()).isEqualTo(3);
    assertThat(answer.err()).contains("no /proc/pressure/cpu");
    assertThat(knob("batch/cpu.weight")).isEqualTo("100\n");
  }

  @Test
  void statusJson_saysWhatTheTextSays() throws IOException {
    JsonNode nothing = new JsonMapper().readTree(shell.stint("status", "--json", "-").out());
    assertThat(nothing.path("applied").asBoolean(true)).isFalse();
    assertThat(nothing.has("files")).isFalse();
    shell.stint("apply", "p.yaml", "--yes");
    shell.withFile("sys/fs/cgroup/machine.slice/batch/cpu.max", "70000 100000\n");
    Files.delete(directory.resolve("sys/fs/cgroup/machine.slice/batch/cpuset.cpus"));
    Shell.Answer answer = shell.stint("status", "--json", "-");
    assertThat(answer.status()).isEqualTo(1);
    JsonNode json = new JsonMapper().readTree(answer.out());
    assertThat(json.path("applied").asBoolean()).isTrue();
    assertThat(json.path("policy").asString()).isEqualTo("p.yaml");
    assertThat(json.path("owns").asString()).isEqualTo("machine.slice");
    assertThat(json.path("interrupted").asBoolean(true)).isFalse();
    assertThat(json.path("drifted").asBoolean()).isTrue();
    assertThat(json.path("files").toString())
        .contains(
            "{\"cgroup\":\"machine.slice/batch\",\"file\":\"cpu.max\",\"before\":\"max 100000\","
                + "\"applied\":\"50000 100000\",\"now\":\"70000 100000\",\"drifted\":true}")
        .contains("\"before\":\"100\",\"applied\":\"300\",\"now\":\"300\",\"drifted\":false}")
        .contains("\"unreadable\":\"there is no such file or cgroup\",\"drifted\":true}");
    String text = shell.stint("status").out();
    assertThat(text).contains("since " + json.path("since").asString());
    assertThat(shell.stint("status", "--json", "status.json").out()).isEqualTo(text);
    assertThat(Files.readString(directory.resolve("status.json"))).isEqualTo(answer.out());
  }

  @Test
  void statusJson_overTheJournal_isRefused() {
    shell.stint("apply", "p.yaml", "--yes");
    Shell.Answer answer = shell.stint("status", "--json", "run/stint/journal");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err()).contains("also the input");
    assertThat(shell.stint("rollback").status()).isZero();
  }
}
