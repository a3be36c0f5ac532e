package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `bench` where its module is not; what it measures is tested there.
final class BenchTest {
  @TempDir Path directory;

  @Test
  void withoutItsModule_saysWhereItIs() {
    Shell.Answer answer = Shell.in(directory).stint("bench", "--quick");
    assertThat(answer.status()).isEqualTo(3);
    assertThat(answer.out()).isEmpty();
    assertThat(answer.err()).contains("stint-bench", "./stint bench");
  }

  @Test
  void noRounds_areRefused() {
    Shell.Answer answer = Shell.in(directory).stint("bench", "--rounds", "0");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err()).contains("--rounds 0 is no number from 1 to 999");
  }

  @Test
  void brokenExpression_isRefused() {
    Shell.Answer answer = Shell.in(directory).stint("bench", "--only", "(");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err()).contains("--only ( is no regular expression");
  }
}
