package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What `doctor` says of machines that are trees of files.
final class DoctorTest {
  @TempDir Path directory;

  @Test
  void emptyMachine_supportsSimulationAlone() {
    Shell.Answer answer = Shell.in(directory).stint("doctor");
    assertThat(answer.status()).isZero();
    assertThat(answer.err()).isEmpty();
    assertThat(answer.out().lines().filter(line -> line.contains(" Supported ")))
        .singleElement()
        .asString()
        .startsWith("simulation");
    assertThat(answer.out().lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
  }

  @Test
  void kernel_isSaidToScheduleByEevdfOrCfs() {
    Shell shell = Shell.in(directory).withFile("proc/sys/kernel/osrelease", "6.18.44-generic\n");
    assertThat(line(shell, "linux")).contains(" Supported ", "6.18.44-generic");
    shell.withFile("proc/sys/kernel/osrelease", "6.5.0\n");
    assertThat(line(shell, "linux")).contains(" Supported ", "6.5.0, schedules by CFS");
  }

  @Test
  void controllers_areFoundByWholeNames() {
    Shell shell =
        Shell.in(directory)
            .withFile("sys/fs/cgroup/cgroup.controllers", "cpuset io\n")
            .withFile("proc/self/mountinfo", "9 8 0:2 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
    assertThat(line(shell, "cgroup cpuset ")).contains(" Supported ");
    assertThat(line(shell, "cgroup cpu ")).contains(" Unsupported ");
  }

  @Test
  void switchedOffStatistics_areUnavailable() {
    Shell shell =
        Shell.in(directory)
            .withFile("proc/sys/kernel/sched_schedstats", "0\n")
            .withFile("proc/sys/kernel/perf_event_paranoid", "2\n");
    assertThat(line(shell, "schedstats")).contains(" Unavailable ");
    assertThat(line(shell, "perf")).contains(" Unavailable ", "perf_event_paranoid is 2");
    shell.withFile("proc/sys/kernel/sched_schedstats", "1\n");
    assertThat(line(shell, "schedstats")).contains(" Supported ");
  }

  @Test
  void thisMachine_isExaminedWithoutPrivilege() {
    Shell.Answer answer = Shell.in(directory).withRoot(Path.of("/")).stint("doctor");
    assertThat(answer.status()).isZero();
    assertThat(answer.err()).isEmpty();
    assertThat(answer.out()).contains("linux ", "cgroup cpu ", "mshv ", "kvm ");
  }

  @Test
  void json_hasTheSameFindings() throws Exception {
    Shell shell = Shell.in(directory);
    Shell.Answer answer = shell.stint("doctor", "--json", "-");
    assertThat(answer.status()).isZero();
    JsonNode findings = JsonMapper.shared().readTree(answer.out()).get("findings");
    String text = shell.stint("doctor").out();
    assertThat(findings.size()).isEqualTo(text.lines().count()).isGreaterThan(5);
    for (JsonNode finding : findings) {
      assertThat(finding.get("state").asString()).isIn("supported", "unsupported", "unavailable");
      assertThat(text).contains(finding.get("name").asString(), finding.get("reason").asString());
    }
    assertThat(shell.stint("doctor", "--json", "doctor.json").out()).isEqualTo(text);
    assertThat(Files.readString(directory.resolve("doctor.json"))).isEqualTo(answer.out());
  }

  private static String line(Shell shell, String name) {
    return shell
        .stint("doctor")
        .out()
        .lines()
        .filter(line -> line.startsWith(name))
        .findFirst()
        .orElseThrow();
  }
}
