package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.Metric;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Words that Stint knows and does not know.
final class UsageTest {
  @TempDir Path directory;

  private Shell.Answer stint(String... args) {
    return Shell.in(directory).withSmallScenario().stint(args);
  }

  @Test
  void noCommand_printsUsageAsAnError() {
    Shell.Answer answer = stint();
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err()).contains("stint COMMAND");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V"})
  void version_isALine(String option) {
    Shell.Answer answer = stint(option);
    assertThat(answer.status()).isZero();
    assertThat(answer.out()).matches("stint \\d+\\.\\d+\\.\\d+\\S*\\n");
  }

  @ParameterizedTest
  @CsvSource({
    "comapre, there is no command \"comapre\". Did you mean \"compare\"?",
    "rn, there is no command \"rn\". Did you mean \"run\"?",
    "--verson, there is no option \"--verson\". Did you mean \"--version\"?",
  })
  void unknownWord_isRefusedWithTheNearest(String word, String message) {
    Shell.Answer answer = stint(word);
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.errLines()).containsExactly("stint: " + message, "Try: stint --help");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "run small.yaml --sed 3 # no option \"--sed\" of run. Did you mean \"--seed\"?",
        "run small.yaml --under integrate # \"integrate\". Did you mean \"integrated\"?",
        "compare small.yaml --under core,core # --under names core twice",
        "run small.yaml --under core,integrated # stint compare --under core,integrated",
        "run smal.yaml # there is no scenario \"smal.yaml\"",
        "run small.yaml --seed x # --seed \"x\"",
        "run small.yaml --seed # --seed needs a value, N",
        "run small.yaml --seed 1 --seed 2 # --seed is given twice",
        "run small.yaml --duration 10 # --duration \"10\" is no duration",
        "run small.yaml --duration 2h # --duration \"2h\" is no duration",
        "run small.yaml --duration 3601s # --duration 3601s is not between 1ms and 3600s",
        "run small.yaml --threads 0 # --threads \"0\" is no number from 1 to 1024",
        "run small.yaml --color blue # --color \"blue\" is none of auto, always, never",
        "run small.yaml other.yaml # run takes one argument",
        "run # run needs an argument: SCENARIO",
        "run small.yaml --expect # there is no expected.yaml beside small.yaml",
        "run small.yaml --json nowhere/r.json # there is no directory",
        "completion # completion needs an argument: bash|zsh",
        "completion fish # there is no completion for \"fish\"",
        "help scenarios # Did you mean \"scenario\"?",
        "run small.yaml --under root,,core # there is no assembly \"\"",
      })
  void wrongUsage_isRefusedWithoutOutput(String line, String message) {
    Shell.Answer answer = stint(line.split(" "));
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err()).contains(message).doesNotContain("\tat ");
    assertThat(answer.errLines()).hasSizeLessThanOrEqualTo(2);
    assertThat(answer.errLines().getFirst()).startsWith("stint: ");
  }

  @Test
  void scenarioOfTheLibrary_isSuggestedByItsLastName() {
    Shell shell = Shell.in(directory).withFile("scenarios/basics/weights/scenario.yaml", "");
    Shell.Answer answer = shell.stint("run", "weights");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err())
        .isEqualTo("stint: there is no scenario \"weights\". Did you mean \"basics/weights\"?\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "compare",
        "doctor",
        "apply",
        "rollback",
        "status",
        "completion",
        "help",
        "scenario",
        "figures"
      })
  void helpText_fitsATerminal(String topic) {
    Shell.Answer answer = stint("help", topic);
    assertThat(answer.status()).isZero();
    assertThat(answer.err()).isEmpty();
    assertThat(answer.out().lines()).hasSizeBetween(5, 80);
    assertThat(answer.out().lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100).doesNotEndWith(" "));
  }

  @Test
  void helpOnScenarios_isAScenario() {
    ReadResult result = ScenarioReader.read(stint("help", "scenario").out(), "help.yaml");
    assertThat(result).isInstanceOf(ReadResult.Loaded.class);
    assertThat(((ReadResult.Loaded) result).warnings()).isEmpty();
  }

  @Test
  void helpOnFigures_namesEveryWaitReasonAndMetric() {
    String text = stint("help", "figures").out();
    for (WaitReason reason : WaitReason.values()) {
      assertThat(text).contains(reason.text());
    }
    for (Metric metric : Metric.values()) {
      assertThat(text).contains(metric.jsonName());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bash", "zsh"})
  void completion_printsAScriptWithTheCommands(String shell) {
    Shell.Answer answer = stint("completion", shell);
    assertThat(answer.status()).isZero();
    assertThat(answer.out()).startsWith("#!/").contains("complete -F", "compare", "--duration");
  }

  @Test
  void everyCommand_hasHelp() {
    for (String command : List.of("run", "compare", "doctor", "completion", "help")) {
      Shell.Answer answer = stint(command, "--help");
      assertThat(answer.status()).isZero();
      assertThat(answer.out()).contains("stint " + command);
    }
  }
}
