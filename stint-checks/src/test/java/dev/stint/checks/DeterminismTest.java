package dev.stint.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The same scenario, seed and version give the same bytes: in another JVM, interpreted only, with
/// any number of threads.
final class DeterminismTest {
  private static String json(List<String> jvm, String scenario, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvm);
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    command.addAll(List.of("-cp", classPath, "dev.stint.cli.Main", "compare"));
    command.add(Checkout.root().resolve("scenarios").resolve(scenario).toString());
    command.addAll(List.of("--duration", "1s", "--json", "-"));
    command.addAll(List.of(options));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(out).isZero();
    return out;
  }

  @ParameterizedTest
  @ValueSource(strings = {"l1vh/core-vs-integrated", "l1vh/neighbour-unharmed"})
  void compare_otherJvm_givesTheSameBytes(String scenario)
      throws IOException, InterruptedException {
    String first = json(List.of(), scenario, "--threads", "2");
    assertThat(first).contains("\"digest\"");
    assertThat(json(List.of(), scenario, "--threads", "1")).isEqualTo(first);
    assertThat(json(List.of("-Xint"), scenario, "--threads", "2")).isEqualTo(first);
  }

  @Test
  void compare_otherSeed_givesAnotherDigest() throws IOException, InterruptedException {
    String scenario = "l1vh/neighbour-unharmed";
    assertThat(json(List.of(), scenario, "--seed", "2"))
        .isNotEqualTo(json(List.of(), scenario, "--seed", "3"));
  }
}
