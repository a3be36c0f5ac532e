package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void validate_onAFileThatIsNoKernel_isNotPossibleHere() {
    Shell.Answer answer =
        shell().withFile("passwd", "root").stint("validate", "t.yaml", "--kernel", "passwd");
    assertThat(answer.status()).isEqualTo(3);
    assertThat(answer.err()).contains("passwd is no kernel image (bzImage)").doesNotContain("..\n");
  }

  @ParameterizedTest
  @CsvSource({
    "--trace f, --trace goes with --kernel only",
    "--twice, --twice goes with --kernel only",
    "--first-difference --under core, --first-difference goes with --kernel only",
    "--qemu, --qemu goes with --under only",
    "--kernel 6.18 --repetitions 2, --repetitions is of runs on this machine's kernel",
    "--kernel 6.18 --no-boost, --no-boost is of runs on this machine's kernel",
    "--under root, validate runs core and integrated",
  })
  void validate_withAnOptionOfAnotherForm_isRefused(String options, String message) {
    List<String> words = new ArrayList<>(List.of("validate", "t.yaml"));
    words.addAll(List.of(options.split(" ")));
    Shell.Answer answer = shell().stint(words.toArray(String[]::new));
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err()).contains(message);
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
            .withFile("image", "\0".repeat(0x202) + "HdrS")
            .withFile("vm.yaml", "name: v\npartitions: {vm: {vps: 1, tasks: {t: {busy: {}}}}}\n")
            .stint("validate", "vm.yaml", "--kernel", "image", "--duration", "1s");
    assertThat(answer.status()).isEqualTo(2);
    assertThat(answer.err()).contains("one partition of kind: root");
  }
}
