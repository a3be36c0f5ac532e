package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.stack.CannotAssemble;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `run` and `compare`, on the model.
final class SimulateTest {
  private static final String ESCAPE = "\033";

  @TempDir Path directory;

  private Shell shell;

  @BeforeEach
  void writeScenario() {
    shell = Shell.in(directory).withSmallScenario();
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  @Test
  void compare_printsAllAssembliesAndAVerdict() {
    Shell.Answer answer = shell.stint("compare", "small.yaml");
    assertThat(answer.status()).isZero();
    assertThat(answer.err()).isEmpty();
    assertThat(answer.out()).contains("under core, integrated", "cgroup gold", "Verdict");
  }

  @Test
  void sensitivity_isTheSameWithAnyNumberOfThreads() {
    Shell.Answer one =
        shell.stint("compare", "small.yaml", "--sensitivity", "--json", "-", "--threads", "1");
    assertThat(one.status()).as(one.err()).isZero();
    Shell.Answer four =
        shell.stint("compare", "--sensitivity", "small.yaml", "--json", "-", "--threads", "4");
    assertThat(four.out()).isEqualTo(one.out());
    JsonNode tried = json(one.out()).get("sensitivity_tried");
    assertThat(tried.get("combinations").asInt()).isGreaterThan(9);
    assertThat(tried.get("full").asBoolean()).isFalse();
    for (JsonNode sentence : json(one.out()).get("sensitivity")) {
      assertThat(sentence.get("holds").asInt() + sentence.get("breaks").size())
          .isEqualTo(sentence.get("of").asInt());
    }
    assertThat(json(shell.stint("compare", "small.yaml", "--json", "-").out()).has("sensitivity"))
        .isFalse();
  }

  @Test
  void sensitivity_isPrintedAfterTheVerdict() {
    String plain = shell.stint("compare", "small.yaml").out();
    Shell.Answer answer = shell.stint("compare", "small.yaml", "--sensitivity", "--progress");
    assertThat(answer.out()).startsWith(plain).contains("Sensitivity: ", "holds in");
    assertThat(answer.out().lines()).allMatch(line -> line.length() <= 100);
    assertThat(shell.stint("compare", "small.yaml", "--sensitivity=some").status()).isEqualTo(2);
    assertThat(shell.stint("run", "small.yaml", "--sensitivity").status()).isEqualTo(2);
    assertThat(shell.stint("compare", "--help").out()).contains("--sensitivity=HOW");
  }

  @Test
  void run_takesTheFirstAssemblyOfTheScenario() {
    assertThat(shell.stint("run", "small.yaml").out()).contains("under core,");
    assertThat(shell.stint("run", "small.yaml", "--under", "integrated").out())
        .contains("under integrated,");
  }

  @ParameterizedTest
  @CsvSource({"run", "compare"})
  void jsonToOutput_isJsonAlone(String command) {
    Shell.Answer answer = shell.stint(command, "small.yaml", "--json", "-");
    assertThat(answer.status()).isZero();
    assertThat(answer.err()).isEmpty();
    assertThat(answer.out()).startsWith("{").endsWith("}\n");
    assertThat(json(answer.out()).get("scenario").asString()).isEqualTo("small");
  }

  @Test
  void scenarioOnStandardInput_isRunAsItsFileIs() throws IOException {
    String text = Files.readString(directory.resolve("small.yaml"));
    String fromFile = shell.stint("compare", "small.yaml", "--json", "-").out();
    assertThat(shell.reading(text).stint("compare", "-", "--json", "-").out()).isEqualTo(fromFile);
  }

  @Test
  void replications_areTheSameWithAnyNumberOfThreads_andLeaveTheRunsAlone() {
    String[] words = {"compare", "small.yaml", "--replications", "4", "--threads", "1"};
    Shell.Answer one = shell.stint(words);
    words[5] = "3";
    assertThat(one.status()).as(one.err()).isZero();
    assertThat(shell.stint(words).out())
        .isEqualTo(one.out())
        .startsWith(shell.stint("compare", "small.yaml").out())
        .contains("4 replications, seeds 1 to 4");
    assertThat(shell.stint("compare", "small.yaml", "--replications", "2", "--json", "-").out())
        .contains("\"replications\" : {");
  }

  @Test
  void replications_fewerThanTwo_areRefused() {
    for (String count : List.of("1", "0", "-3", "many", "1001")) {
      Shell.Answer answer = shell.stint("run", "small.yaml", "--replications=" + count);
      assertThat(answer.status()).isEqualTo(2);
      assertThat(answer.err()).contains("from 2 to 1000");
    }
  }

  @Test
  void threads_changeNothing() {
    String one = shell.stint("compare", "small.yaml", "--json", "-", "--threads", "1").out();
    String two = shell.stint("compare", "small.yaml", "--json", "-", "--threads", "2").out();
    assertThat(one).hasSizeGreaterThan(1000).isEqualTo(two);
  }

  @Test
  void seed_decidesTheRun() {
    JsonNode three = json(shell.stint("run", "small.yaml", "--json", "-", "--seed", "3").out());
    JsonNode again = json(shell.stint("run", "small.yaml", "--json", "-", "--seed", "3").out());
    JsonNode four = json(shell.stint("run", "small.yaml", "--json", "-", "--seed", "4").out());
    assertThat(three.get("seed").asLong()).isEqualTo(3);
    assertThat(three).isEqualTo(again);
    assertThat(three.get("digest")).isNotEqualTo(four.get("digest"));
  }

  @Test
  void duration_isSimulated() {
    String out = shell.stint("run", "small.yaml", "--json", "-", "--duration", "50ms").out();
    assertThat(json(out).get("duration_ns").asLong()).isEqualTo(50_000_000);
    assertThat(json(out).get("runs").get(0).get("entities"))
        .allSatisfy(entity ->
            assertThat(entity.get("residual_ns").asLong()).as(entity.toString()).isZero());
  }

  @Test
  void audit_changesNoFigure() {
    String plain = shell.stint("compare", "small.yaml", "--json", "-").out();
    assertThat(shell.stint("compare", "small.yaml", "--json", "-", "--audit").out())
        .isEqualTo(plain);
  }

  @Test
  void quiet_printsNothing() {
    assertThat(shell.stint("run", "small.yaml", "--quiet"))
        .isEqualTo(new Shell.Answer(ExitCode.DONE, "", ""));
  }

  @Test
  void jsonFile_isWrittenWholeAndAlone() throws IOException {
    Shell.Answer answer = shell.stint("run", "small.yaml", "--json", "result.json");
    assertThat(answer.status()).isZero();
    assertThat(answer.out()).contains("Verdict");
    assertThat(Files.readString(directory.resolve("result.json")))
        .isEqualTo(shell.stint("run", "small.yaml", "--json", "-").out());
    assertThat(names()).containsExactlyInAnyOrder("small.yaml", "result.json");
  }

  @Test
  void jsonFile_ofAFailedRun_isLeftAsItWas() throws IOException {
    shell.withFile("result.json", "old");
    Shell.Answer answer =
        shell
            .with((_, _, _) -> {
              throw new IllegalStateException("boom");
            })
            .stint("run", "small.yaml", "--json", "result.json");
    assertThat(answer.status()).isEqualTo(70);
    assertThat(Files.readString(directory.resolve("result.json"))).isEqualTo("old");
    assertThat(names()).containsExactlyInAnyOrder("small.yaml", "result.json");
  }

  @Test
  void jsonFile_thatIsADirectory_isRefusedBeforeTheRun() {
    Shell.Answer answer =
        shell
            .with((_, _, _) -> {
              throw new AssertionError("simulated in vain");
            })
            .stint("run", "small.yaml", "--json", ".");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err())
        .startsWith("stint: --json ")
        .endsWith(": is a directory. Name a file in it.\n");
  }

  @Test
  void atomicFile_whoseContentFails_leavesNothing() throws IOException {
    AtomicFile file = new AtomicFile("--json", directory.resolve("half.json"));
    try {
      file.write(out -> {
        try {
          out.write('{');
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        throw new IllegalStateException("boom");
      });
    } catch (IllegalStateException expected) {
      assertThat(expected).hasMessage("boom");
    }
    assertThat(names()).containsExactly("small.yaml");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  @Test
  void wrongScenario_isOneLocatedLine() {
    shell.withFile("bad.yaml", "partitions:\n  vm:\n    vps: 0\n    tasks: {t: {busy: {}}}\n");
    Shell.Answer answer = shell.stint("run", "bad.yaml");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.errLines()).hasSize(1);
    assertThat(answer.err()).matches("\\S*bad\\.yaml:3:10: .*vps.*\\[S029]\\n");
  }

  @Test
  void cannotAssemble_saysWhatWouldHelp() {
    shell.withFile("plain.yaml", "partitions: {vm: {vps: 1, tasks: {t: {busy: {}}}}}\n");
    Shell.Answer answer = shell.stint("run", "plain.yaml", "--under", "integrated");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.errLines()).hasSize(1);
    assertThat(answer.err())
        .startsWith("stint: cannot run plain under integrated: ")
        .contains("use --under core, classic or root");
  }

  @Test
  void cannotAssemble_inOneOfSeveralRuns_isTold() {
    Shell.Answer answer =
        shell
            .with((_, _, _) -> {
              throw new CannotAssemble("no such thing");
            })
            .stint("compare", "small.yaml", "--threads", "2");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err()).isEqualTo("stint: cannot run small under core: no such thing\n");
  }

  @Test
  void internalError_namesSeedTimeAndReplay() {
    Simulator broken =
        (_, _, options) -> {
          options.progress().accept(20_000_000);
          throw new IllegalStateException("boom");
        };
    Shell.Answer answer = shell.with(broken).stint("run", "small.yaml", "--seed", "9", "--audit");
    assertThat(answer.status()).isEqualTo(70);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err())
        .contains("internal error: boom (IllegalStateException), under core, seed 9")
        .contains("after 20ms of simulated time")
        .contains("Again: ./stint run small.yaml --under core --seed 9 --duration 200ms --audit")
        .doesNotContain("\tat ");
    assertThat(shell.with(broken).stint("run", "small.yaml", "--debug").err()).contains("\tat ");
  }

  @Test
  void outOfMemory_isNoBug() {
    Shell.Answer answer =
        shell
            .with((_, _, _) -> {
              throw new OutOfMemoryError();
            })
            .stint("run", "small.yaml");
    assertThat(answer.status()).isEqualTo(3);
    assertThat(answer.err()).contains("not enough memory");
  }

  @Test
  void expectedFigures_thatHold_areDone() {
    expect(2.0);
    Shell.Answer answer = shell.stint("run", "dir", "--expect");
    assertThat(answer.status()).isZero();
    assertThat(answer.out()).endsWith("Expected figures: 1 of 1 met.\n");
  }

  @Test
  void expectedFigures_thatMiss_exitWithOne() {
    expect(0.5);
    Shell.Answer answer = shell.stint("run", "dir", "--expect");
    assertThat(answer.status()).isEqualTo(1);
    assertThat(answer.out()).contains("share").endsWith("Expected figures: 0 of 1 met.\n");
    Shell.Answer quiet = shell.stint("run", "dir", "--expect", "--quiet");
    assertThat(quiet.status()).isEqualTo(1);
    assertThat(quiet.out()).isEmpty();
    assertThat(quiet.errLines()).hasSize(1);
    Shell.Answer asJson = shell.stint("run", "dir", "--expect", "--json", "-");
    assertThat(asJson.status()).isEqualTo(1);
    assertThat(json(asJson.out()).get("scenario").asString()).isEqualTo("dir");
  }

  private void expect(double share) {
    shell
        .withFile(
            "dir/scenario.yaml",
            """
            duration: 100ms
            machine: {cores: 2}
            under: [core]
            partitions: {vm: {vps: 2, tasks: {t: {count: 2, busy: {}}}}}
            """)
        .withFile(
            "dir/expected.yaml",
            "- {assembly: core, path: vm, figure: share, value: "
                + share
                + ", tolerance: 0.01, source: two VPs alone on two LPs}\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "compare"})
  void colour_isForTerminalsOnly(String command) {
    assertThat(shell.stint(command, "small.yaml").out()).doesNotContain(ESCAPE);
    Shell terminal = shell.atTerminal(Map.of());
    assertThat(terminal.stint(command, "small.yaml").out()).contains(ESCAPE);
    assertThat(terminal.stint(command, "small.yaml", "--color", "never").out())
        .doesNotContain(ESCAPE);
    assertThat(shell.stint(command, "small.yaml", "--color", "always").out()).contains(ESCAPE);
    assertThat(shell.atTerminal(Map.of("NO_COLOR", "1")).stint(command, "small.yaml").out())
        .doesNotContain(ESCAPE);
    assertThat(shell.atTerminal(Map.of("TERM", "dumb")).stint(command, "small.yaml").out())
        .doesNotContain(ESCAPE);
  }
}
