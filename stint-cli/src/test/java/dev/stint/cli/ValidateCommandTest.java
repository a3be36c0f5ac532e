package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ValidateCommandTest {
  private static final String SCENARIO =
      """
      name: t
      machine: {cores: 1}
      under: [root]
      partitions: {host: {kind: root, tasks: {t: {busy: {}}}}}
      """;

  @TempDir Path directory;

  private Shell shell() {
    return Shell.in(directory).withFile("t.yaml", SCENARIO);
  }

  @Test
  void validate_onAMachineThatIsNoLinux_isNotPossibleHere() {
    Shell.Answer answer = shell().stint("validate", "t.yaml");
    assertThat(answer.status()).isEqualTo(3);
    assertThat(answer.err()).contains("the model has no rules for the kernel");
  }

  @Test
  void validate_withoutAScenario_saysWhatToWrite() {
    Shell.Answer answer = shell().stint("validate");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err()).contains("live/nice-0-and-5");
  }

  @Test
  void validate_severalOnOneKernel_isRefused() {
    Shell.Answer answer = shell().stint("validate", "t.yaml", "t.yaml", "--kernel", "x");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err()).contains("one scenario at a time");
  }

  @Test
  void validate_underAnAssembly_onAMachineThatIsNoLinux_isNotPossibleHere() {
    Shell.Answer answer = shell().stint("validate", "t.yaml", "--under", "core");
    assertThat(answer.status()).isEqualTo(3);
    assertThat(answer.err()).contains("the model has no rules for the kernel");
  }

  @Test
  void validate_underAnAssembly_onABootedKernel_isRefused() {
    Shell.Answer answer = shell().stint("validate", "t.yaml", "--under", "core", "--kernel", "x");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err()).contains("--under and --kernel");
  }

  @Test
  void validate_noNumberOfRepetitions_isRefused() {
    Shell.Answer answer = shell().stint("validate", "t.yaml", "--repetitions", "0");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err()).contains("--repetitions 0");
  }

  @Test
  void validate_onAKernelThatIsNotThere_isNotPossibleHere() {
    Shell.Answer answer = shell().stint("validate", "t.yaml", "--kernel", "no-such-image");
    assertThat(answer.status()).isEqualTo(3);
    assertThat(answer.err()).contains("no-such-image", ".ci/kernels");
    assertThat(answer.out()).isEmpty();
  }

  @Test
  void validate_forTooLong_isRefused() {
    Shell.Answer answer = shell().stint("validate", "t.yaml", "--kernel", "x", "--duration", "2h");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err()).contains("100ms to 60s", "\"2h\"");
  }

  @Test
  void validate_aStackOfSchedulers_isRefused() {
    Shell.Answer answer =
        shell()
            .withFile("image", "no kernel")
            .withFile("vm.yaml", "name: v\npartitions: {vm: {vps: 1, tasks: {t: {busy: {}}}}}\n")
            .stint("validate", "vm.yaml", "--kernel", "image", "--duration", "1s");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err()).contains("one partition of kind: root");
  }
}
