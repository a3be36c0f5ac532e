package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `import trace` on recordings of real kernels and on what is none.
final class ImportTest {
  private static final Path GOLDEN = Path.of("..", "golden").toAbsolutePath().normalize();
  private static final String GUEST = golden("guest-6.18.15_smp1/f1_per2_10_1hog.ftrace.txt.gz");
  private static final String LIVE = golden("traces/d3c0_quota50_2hog_r2.ftrace.txt.gz");

  @TempDir Path directory;

  private Shell.Answer stint(String... arguments) {
    return Shell.in(directory).stint(arguments);
  }

  private static String golden(String file) {
    return GOLDEN.resolve(file).toString();
  }

  @Test
  void guestsTrace_isShownByTask_withWhoRanMeanwhile() {
    Shell.Answer answer =
        stint("import", "trace", GUEST, "--from", "1.2s", "--duration", "9699999999ns");
    assertThat(answer.err()).isEmpty();
    assertThat(answer.status()).isZero();
    assertThat(answer.out())
        .contains("of ftrace text: 4738 events in the file, 1 CPU, from 165.544235000 s")
        .containsPattern("p2-641 +1.96 s +0.20 +1.97 s +6.00 us +6.00 us +7.00 us +1466 +0 +-")
        .containsPattern("h0-642 +7.74 s +0.80")
        .containsPattern("p2-641 +1.97 s +h0-642")
        .doesNotContain("What is wrong with it");
    assertThat(answer.out().lines()).allMatch(line -> line.length() <= 100);
  }

  @Test
  void liveTrace_asJson_hasUnknownTime_andSaysWhere() {
    Shell.Answer answer = stint("import", "trace", LIVE, "--json", "-");
    assertThat(answer.status()).isZero();
    assertThat(answer.err()).contains(".ftrace.txt.gz:15: CPU 1 went to idle and goes on from ");
    JsonNode run = JsonMapper.builder().build().readTree(answer.out()).get("runs").get(0);
    assertThat(run.get("assembly").asString()).isEqualTo("recorded");
    assertThat(run.get("notes").get(0).asString()).contains(":15: CPU 1");
    JsonNode lp1 = run.get("entities").get(1);
    assertThat(lp1.get("path").asString()).isEqualTo("lp1");
    assertThat(lp1.get("unknown_ns").asLong()).isPositive();
    assertThat(lp1.get("residual_ns").asLong()).isZero();
  }

  @Test
  void recordedTasks_runAgain_underOtherAssemblies() throws Exception {
    Shell.Answer written =
        stint("import", "trace", GUEST, "--duration", "1s", "--to-scenario", "r.yaml");
    assertThat(written.status()).isZero();
    assertThat(written.err()).contains("Wrote r.yaml. Next: stint compare r.yaml");
    assertThat(Files.readString(directory.resolve("r.yaml"))).contains("+forever\"}}");
    Shell.Answer compared = stint("compare", "r.yaml", "--audit");
    assertThat(compared.err()).isEmpty();
    assertThat(compared.status()).isZero();
    assertThat(compared.out()).contains("vm-recorded/p2-641 response", "cgroup recorded");
  }

  @Test
  void badInput_isRefusedInALine() throws Exception {
    Files.writeString(directory.resolve("no.txt"), "hello\n");
    assertRefused("there is no such file", "import", "trace", "absent");
    assertRefused("is a directory", "import", "trace", ".");
    assertRefused("no sched_switch or sched_wakeup line; no.txt:1", "import", "trace", "no.txt");
    assertRefused("is not auto, ftrace", "import", "trace", GUEST, "--format", "x");
    assertRefused("is no duration", "import", "trace", GUEST, "--from", "soon");
    assertRefused("window begins at", "import", "trace", GUEST, "--from", "100s");
    assertRefused("import reads a trace", "import", "news", GUEST);
  }

  private void assertRefused(String message, String... arguments) {
    Shell.Answer answer = stint(arguments);
    assertThat(answer.status()).as(message).isEqualTo(2);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err()).contains(message).doesNotContain("..");
    assertThat(answer.err().lines()).hasSize(1);
  }
}
