package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `--report` of `run` and `compare`.
final class ReportTest {
  @TempDir Path directory;

  private Shell shell;

  @BeforeEach
  void writeScenario() {
    shell = Shell.in(directory).withSmallScenario();
  }

  @Test
  void report_ofAComparison_isAPageThatNamesItsOwnCommand() throws IOException {
    Shell.Answer answer =
        shell.stint("compare", "small.yaml", "--seed", "7", "--report", "page.html");
    assertThat(answer.status()).isZero();
    String page = Files.readString(directory.resolve("page.html"));
    assertThat(page)
        .startsWith("<!doctype html>")
        .contains("id=\"slices-1\"")
        .endsWith("</html>\n");
    String command = page.replaceAll("(?s).*<pre><code>(\\./stint [^<]*)</code>.*", "$1");
    assertThat(command).startsWith("./stint compare small.yaml --seed 7 --duration ");
    Files.delete(directory.resolve("page.html"));
    shell.stint(command.substring("./stint ".length()).split(" "));
    assertThat(Files.readString(directory.resolve("page.html"))).isEqualTo(page);
  }

  @Test
  void report_changesNothingElse() {
    String plain = shell.stint("compare", "small.yaml", "--json", "-").out();
    assertThat(shell.stint("compare", "small.yaml", "--json", "-", "--report", "p.html").out())
        .isEqualTo(plain);
  }

  @Test
  void report_ofAFailedRun_leavesNothing() {
    Shell.Answer answer =
        shell
            .with((_, _, _) -> {
              throw new IllegalStateException("boom");
            })
            .stint("run", "small.yaml", "--report", "page.html");
    assertThat(answer.status()).isEqualTo(70);
    assertThat(directory).isDirectoryNotContaining("glob:**.html").isNotEmptyDirectory();
  }

  @Test
  void report_intoADirectoryThatIsNotThere_isRefusedBeforeTheRun() {
    Shell.Answer answer =
        shell
            .with((_, _, _) -> {
              throw new AssertionError("simulated in vain");
            })
            .stint("run", "small.yaml", "--report", "none/page.html");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err()).startsWith("stint: --report ").contains("there is no directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "page", "page.pdf"})
  void report_namedUnlikeAPage_isRefusedWithTheRule(String name) {
    Shell.Answer answer = shell.stint("run", "small.yaml", "--report", name);
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err()).contains("ends in .html or .htm");
  }

  @ParameterizedTest
  @ValueSource(strings = {"page.html", "run.pftrace", "run.pftrace.gz"})
  void explain_ofWhatStintWrote_saysWhatToReadInstead(String name) {
    Shell.Answer answer = shell.stint("explain", name, "--entity", "lp0");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err())
        .contains("which Stint writes and does not read")
        .contains("run directory");
  }
}
