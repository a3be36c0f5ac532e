package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
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

  @Test
  void runDirectory_isExplainedAsItsScenarioIs() {
    shell.stint("compare", "small.yaml", "--out", "kept", "--quiet");
    String[] question = {"--entity", "l1vh/vm-gold/task:web-0", "--under", "integrated"};

    Shell.Answer live = shell.stint(with("explain", "small.yaml", question));
    Shell.Answer kept = shell.stint(with("explain", "kept", question));
    Shell.Answer file = shell.stint(with("explain", "kept/integrated.events", question));

    assertThat(kept.err()).isEmpty();
    assertThat(kept.out()).isEqualTo(live.out()).isEqualTo(file.out()).contains("vmm.queue");
  }

  @Test
  void runDirectory_withoutThatAssemblyOrDamaged_isRefused() throws IOException {
    shell.stint("compare", "small.yaml", "--out", "kept", "--quiet");

    assertThat(shell.stint("explain", "kept", "--entity", "l1vh", "--under", "root").err())
        .contains("kept has no run under root. It has: core, integrated.");
    Path events = directory.resolve("kept/core.events");
    byte[] bytes = Files.readAllBytes(events);
    Files.write(events, Arrays.copyOf(bytes, bytes.length / 2));
    assertThat(shell.stint("explain", "kept", "--entity", "l1vh").err())
        .contains("core.events has");
    assertThat(shell.stint("explain", "kept/core.events", "--entity", "l1vh").err())
        .contains("core.events", "incomplete");
  }

  @Test
  void trace_isExplainedAsFarAsItTells() throws IOException {
    Files.writeString(
        directory.resolve("seen.txt"),
        """
        # tracer: nop
          <idle>-0   [000] d..2.  10.000000: sched_switch: prev_comm=swapper/0 prev_pid=0 \
        prev_prio=120 prev_state=R ==> next_comm=web next_pid=7 next_prio=120
             web-7   [000] dNh2.  10.001000: sched_wakeup: comm=job pid=8 prio=120 target_cpu=000
             web-7   [000] d..2.  10.004000: sched_switch: prev_comm=web prev_pid=7 \
        prev_prio=120 prev_state=R ==> next_comm=job next_pid=8 next_prio=120
             job-8   [000] d..2.  10.009000: sched_switch: prev_comm=job prev_pid=8 \
        prev_prio=120 prev_state=S ==> next_comm=web next_pid=7 next_prio=120
             web-7   [000] d..2.  10.010000: sched_switch: prev_comm=web prev_pid=7 \
        prev_prio=120 prev_state=S ==> next_comm=swapper/0 next_pid=0 next_prio=120
        """);

    Shell.Answer job = shell.stint("explain", "seen.txt", "--entity", "linux/task:job-8");
    Shell.Answer web = shell.stint("explain", "seen.txt", "--entity", "linux/task:web-7");

    assertThat(job.err()).isEmpty();
    assertThat(job.out())
        .contains("linux/task:job-8 waited 3.00 ms", "when linux/task:web-7 woke it")
        .contains("lp0 ran linux/task:web-7");
    assertThat(web.out())
        .contains("linux/task:web-7 waited 5.00 ms", "when linux/task:job-8 took its place");
    assertThat(shell.stint("explain", "seen.txt", "--entity", "linux", "--seed", "2").err())
        .contains("--seed and --duration are for scenarios; seen.txt is a trace.");
    assertThat(shell.stint("explain", "seen.txt", "--entity", "linux", "--under", "core").err())
        .contains("--under is for scenarios; seen.txt is a trace.");
  }

  @Test
  void under_anotherAssemblyThanTheOneThatWasKept_isRefused() {
    shell.stint("compare", "small.yaml", "--out", "kept", "--quiet");
    String events = "kept/core.events";
    assertThat(shell.stint("explain", events, "--entity", "l1vh", "--under", "core").err())
        .isEmpty();
    Shell.Answer other = shell.stint("explain", events, "--entity", "l1vh", "--under", "root");
    assertThat(other.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(other.err())
        .isEqualTo("stint: --under root: kept/core.events is of a run under core.\n");
  }

  private static String[] with(String command, String run, String... question) {
    return Stream.concat(Stream.of(command, run), Arrays.stream(question)).toArray(String[]::new);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "explain small.yaml | explain needs --entity",
        "explain small.yaml --entity l1vh/vm-gold/task:wep-0 | Did you mean",
        "explain small.yaml --entity task:web-0 | Did you mean \"l1vh/vm-gold/task:web-0\"?",
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
