package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `replay-check` on recordings of real kernels and on what is none.
final class ReplayCheckTest {
  private static final Path GOLDEN = Path.of("..", "golden").toAbsolutePath().normalize();

  @TempDir Path directory;

  private Shell.Answer replay(String... arguments) {
    return Shell.in(directory).stint(arguments);
  }

  private static String golden(String file) {
    return GOLDEN.resolve(file).toString();
  }

  @Test
  void recordingOfTwoSlices_hasNoDisagreement() {
    Shell.Answer answer =
        replay(
            "replay-check",
            golden("guest-6.18.15_smp1/i1_slice_hogs.ftrace.txt.gz"),
            "--scenario",
            golden("guest-6.18.15_smp1/i1_slice_hogs.json"),
            "--json",
            "-");
    assertThat(answer.err()).isEmpty();
    assertThat(answer.status()).isZero();
    JsonNode json = JsonMapper.builder().build().readTree(answer.out());
    assertThat(json.get("kernel").asString()).isEqualTo("6.18.13");
    assertThat(json.get("picks").asInt()).isEqualTo(2884);
    assertThat(json.get("equal").asInt()).isEqualTo(2884);
    assertThat(json.get("disagreements").isEmpty()).isTrue();
  }

  @Test
  void otherRules_disagree_withTheQueuesBeside() {
    String trace = golden("guest-6.18.15_smp1/i1_slice_hogs.ftrace.txt.gz");
    Shell.Answer answer = replay("replay-check", trace, "--show", "1");
    assertThat(answer.status()).isZero();
    assertThat(answer.out())
        .contains("rules of Linux 6.18.13 at HZ=250")
        .contains("No --scenario: every task is taken to be in the root cgroup.")
        .contains("the kernel ran", "recorded/ on cpu0 V=");
  }

  @Test
  void badInput_isRefusedInALine_andWritesNothing() throws Exception {
    Path cut = directory.resolve("cut.gz");
    byte[] whole =
        Files.readAllBytes(GOLDEN.resolve("guest-6.18.15_smp1/a1_nice0_5.ftrace.txt.gz"));
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    String good = golden("guest-6.18.15_smp1/a1_nice0_5.ftrace.txt.gz");
    String[][] commands = {
      {"replay-check"},
      {"replay-check", "none.txt"},
      {"replay-check", "cut.gz", "--json", "out.json"},
      {"replay-check", "."},
      {"replay-check", good, "--kernel", "5.4"},
      {"replay-check", good, "--hz", "24"},
      {"replay-check", good, "--base-slice", "1s"},
      {"replay-check", good, "--show", "-3"},
      {"replay-check", good, "--scenario", "none.json"},
    };
    for (String[] command : commands) {
      Shell.Answer answer = replay(command);
      assertThat(answer.status()).as(String.join(" ", command)).isEqualTo(2);
      assertThat(answer.out()).isEmpty();
      assertThat(answer.err().lines()).hasSizeBetween(1, 2);
      assertThat(answer.err()).doesNotContain("Exception", "internal error");
    }
    assertThat(directory.resolve("out.json")).doesNotExist();
  }
}
