package dev.stint.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

final class SkipTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);

  @Test
  void unless_whatHolds_goesOn() {
    assertThatNoException().isThrownBy(() -> Skip.unless(true, "never seen", out));
    assertThat(printed).hasToString("");
  }

  @Test
  void unless_whatFails_printsAndAborts() {
    assertThatThrownBy(() -> Skip.unless(false, "no tracefs", out))
        .isInstanceOf(TestAbortedException.class)
        .hasMessage("no tracefs");
    assertThat(printed.toString(StandardCharsets.UTF_8)).startsWith("SKIPPED SkipTest.");
  }

  @Test
  void because_printsTestAndReason() {
    assertThat(Skip.because("no cgroups", out)).hasMessage("no cgroups");
    assertThat(printed)
        .hasToString("SKIPPED SkipTest.because_printsTestAndReason: no cgroups%n".formatted());
  }

  /// The name is the test's, not that of what the test called.
  @Test
  void because_fromALambdaOfTheTest_namesTheTest() {
    Optional.of("no browser").ifPresent(this::skipped);
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .startsWith("SKIPPED SkipTest.because_fromALambdaOfTheTest_namesTheTest: ");
  }

  private void skipped(String reason) {
    assertThat(Skip.because(reason, out)).hasMessage(reason);
  }
}
