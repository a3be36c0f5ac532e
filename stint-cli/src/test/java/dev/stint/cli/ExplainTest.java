package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExplainTest {
  @TempDir private Path directory;
  private Shell shell;

  @BeforeEach
  void writeScenario() {
    shell = Shell.in(directory).withSmallScenario();
  }

  @Test
  void explain_underCore_blamesTheHypervisorAndSaysThatNoCgroupHelps() {
    Shell.Answer answer =
        shell.stint("explain", "small.yaml", "--entity", "l1vh/cgroup:gold", "--worst", "1");

    assertThat(answer.err()).isEmpty();
    assertThat(answer.code()).isEqualTo(ExitCode.DONE);
    assertThat(answer.out())
        .contains("small under core", "hypervisor.wait", "was ready and had no LP")
        .contains("no cgroup or cpuset of a guest's");
  }

  @Test
  void explain_underIntegrated_blamesTheParentsLinuxAndNamesTheWeights() {
    Shell.Answer answer =
        shell.stint("explain", "small.yaml", "--under", "integrated", "--entity", "l1vh/vm-bronze");

    assertThat(answer.out())
        .contains("vmm.queue", "its vCPU thread l1vh/thread:vm-bronze/vcpu")
        .contains("cpu.weight: l1vh/cgroup:bronze (cpu.weight 100) against l1vh/cgroup:gold");
  }

  @Test
  void json_saysWhatTheTextSays() {
    Shell.Answer answer =
        shell.stint("explain", "small.yaml", "--entity", "l1vh/vm-gold", "--json", "-");

    JsonNode root = JsonMapper.shared().readTree(answer.out());
    assertThat(root.get("entity").asString()).isEqualTo("l1vh/vm-gold");
    assertThat(root.get("stories")).hasSize(3);
    JsonNode story = root.get("stories").get(0);
    long blamed = 0;
    for (JsonNode cell : story.get("blame")) {
      blamed += cell.get("ns").asLong();
    }
    assertThat(blamed).isEqualTo(story.get("to_ns").asLong() - story.get("from_ns").asLong());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "explain small.yaml | explain needs --entity",
        "explain small.yaml --entity l1vh/vm-gold/task:wep-0 | Did you mean",
        "explain small.yaml --entity l1vh --at 1s | is not within the run, which ends at 200ms",
        "explain small.yaml --entity l1vh --at soon | is no time of the run",
        "explain small.yaml --entity l1vh --worst 0 | is no number from 1 to 1000",
        "explain small.yaml --entity l1vh --worst 2 --at 1ms | exclude each other",
        "explain small.yaml --entity l1vh --under core,root | takes one assembly",
      })
  void badQuestion_isRefusedInOneLine(String command, String message) {
    Shell.Answer answer = shell.stint(command.split(" "));

    assertThat(answer.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err()).contains(message);
    assertThat(answer.errLines()).hasSize(1);
  }
}
