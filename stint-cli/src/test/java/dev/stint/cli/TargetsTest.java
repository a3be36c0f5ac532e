package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where a command's options write.
final class TargetsTest {
  @TempDir Path directory;

  private Shell shell;

  @BeforeEach
  void writeScenario() {
    shell =
        Shell.in(directory)
            .withSmallScenario()
            .with((_, _, _) -> {
              throw new AssertionError("simulated in vain");
            });
  }

  @ParameterizedTest
  @CsvSource({
    "--report,x.html,--json,x.html,--report x.html: that is also --json x.html",
    "--trace,x.pftrace,--report,./x.pftrace,--trace x.pftrace: that is also --report ./x.pftrace",
    "--out,x,--json,sub/../x,--out x: that is also --json sub/../x",
    "--json,small.yaml,--quiet,,--json small.yaml: that is also the input small.yaml",
  })
  void place_thatIsAnothersToo_isRefusedBeforeTheRun(
      String option, String name, String other, String otherName, String message)
      throws IOException {
    Files.createDirectory(directory.resolve("sub"));
    String before = Files.readString(directory.resolve("small.yaml"));
    Shell.Answer answer =
        otherName == null
            ? shell.stint("compare", "small.yaml", option, name, other)
            : shell.stint("compare", "small.yaml", option, name, other, otherName);
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.errLines()).containsExactly("stint: " + message + ". Name another.");
    assertThat(directory.resolve("small.yaml")).hasContent(before);
  }

  @Test
  void place_thatALinkLeadsTo_isTheSame() throws IOException {
    Files.writeString(directory.resolve("x.html"), "old");
    Files.createSymbolicLink(directory.resolve("y.html"), directory.resolve("x.html"));
    Shell.Answer answer =
        shell.stint("compare", "small.yaml", "--json", "x.html", "--report", "y.html");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(directory.resolve("x.html")).hasContent("old");
  }

  @ParameterizedTest
  @CsvSource({"--report", "--out"})
  void hyphen_isNoFileName(String option) {
    Shell.Answer answer = shell.stint("compare", "small.yaml", option, "-");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err()).startsWith("stint: " + option);
    assertThat(directory.resolve("-")).doesNotExist();
  }

  @Test
  void device_canBeShared() {
    Shell.Answer answer =
        Shell.in(directory)
            .stint("compare", "small.yaml", "--json", "/dev/null", "--report", "/dev/null");
    assertThat(answer.status()).isZero();
  }
}
