package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `--out` in processes of its own, which are killed, or which the system denies another byte.
@EnabledOnOs(OS.LINUX)
final class RunDirectoryCrashTest {
  private static final long TIMEOUT_S = 120;
  private static final int EXIT_KILLED = 128 + 9;

  @TempDir private Path directory;
  private Shell shell;
  private Path out;

  @BeforeEach
  void makeScenario() {
    shell = Shell.in(directory).withSmallScenario();
    out = directory.resolve("out");
  }

  private Process start(String before, String... arguments) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = new ArrayList<>(List.of("sh", "-c", before + " exec \"$@\"", "sh"));
    command.addAll(
        List.of(
            java.toString(),
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.stint.cli.Main"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("said").toFile())
        .start();
  }

  private int end(Process process) throws InterruptedException {
    assertThat(process.waitFor(TIMEOUT_S, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private List<Path> workplaces() {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.filter(p -> p.getFileName().toString().contains(".stint-out.")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean workplaceHas(String name) {
    return workplaces().stream().anyMatch(place -> Files.exists(place.resolve(name)));
  }

  /// Kills the process as soon as something is to be seen, or when it ended by itself.
  private int killWhen(Process process, BooleanSupplier seen) throws InterruptedException {
    while (process.isAlive() && !seen.getAsBoolean()) {
      Thread.onSpinWait();
    }
    process.destroyForcibly();
    return end(process);
  }

  @Test
  void killed_atAnyMoment_leavesNothingThatLooksComplete() throws Exception {
    List<BooleanSupplier> moments =
        List.of(
            () -> !workplaces().isEmpty(),
            () -> workplaceHas("scratch"),
            () -> workplaceHas("content/core.events"),
            () -> workplaceHas("content/result.json"),
            () -> workplaceHas("content/README.txt"),
            () -> workplaceHas("content/manifest.json"));
    int killed = 0;
    for (BooleanSupplier moment : moments) {
      Process process = start("", "compare", "small.yaml", "--duration", "5s", "--out", "out");
      killed += killWhen(process, moment) == EXIT_KILLED ? 1 : 0;
      if (Files.exists(out)) {
        Manifest.read(out);
        assertThat(Manifest.read(out).strangers(out)).isEmpty();
      }
      assertThat(shell.stint("run", "small.yaml", "--out", "next", "--force").code())
          .isEqualTo(ExitCode.DONE);
      assertThat(workplaces()).filteredOn(place -> Files.exists(place.resolve("owner"))).isEmpty();
      if (Files.exists(out)) {
        shell.stint("run", "small.yaml", "--out", "out", "--force");
        Files.move(out, directory.resolve("done" + killed));
      }
    }
    assertThat(killed).isGreaterThanOrEqualTo(3);
  }

  @Test
  void killed_whileReplacing_oldOrNewIsThereAfterTheNextStart() throws Exception {
    shell.stint("run", "small.yaml", "--out", "out");
    for (BooleanSupplier moment :
        List.<BooleanSupplier>of(
            () -> workplaceHas("content/manifest.json"),
            () -> workplaceHas("previous"),
            () -> workplaceHas("previous"))) {
      Process process =
          start("", "run", "small.yaml", "--duration", "5s", "--out", "out", "--force");
      killWhen(process, moment);
      shell.stint("run", "small.yaml", "--out", "next", "--force");
      assertThat(Manifest.read(out).strangers(out)).isEmpty();
      assertThat(workplaces()).isEmpty();
    }
  }

  @Test
  void movedAway_byOneThatDied_isPutBack() throws IOException {
    shell.stint("run", "small.yaml", "--out", "out");
    Path place = Files.createDirectory(directory.resolve(".out.stint-out.1"));
    Files.writeString(place.resolve("owner"), "");
    Files.move(out, place.resolve("previous"));
    Shell.Answer answer = shell.stint("run", "small.yaml", "--out", "next");
    assertThat(answer.err()).contains("put out back");
    assertThat(Manifest.read(out).assemblies()).containsExactly("core");
    assertThat(workplaces()).isEmpty();
  }

  @Test
  void live_workplace_isLeftAlone() throws Exception {
    try (Workplace workplace = Workplace.beside(out)) {
      Process process = start("", "run", "small.yaml", "--out", "next");
      assertThat(end(process)).isZero();
      shell.stint("run", "small.yaml", "--out", "next", "--force");
      assertThat(workplace.content()).exists();
    }
    assertThat(workplaces()).isEmpty();
  }

  /// The system refuses to let a file grow beyond a limit, as a full disk would.
  @Test
  void noSpace_duringTheRunOrAfter_isSaidAndLeavesNothing() throws Exception {
    for (String limit : List.of("ulimit -f 8;", "ulimit -f 40;")) {
      Process process = start(limit, "compare", "small.yaml", "--duration", "10s", "--out", "out");
      int exit = end(process);
      String said = Files.readString(directory.resolve("said"), StandardCharsets.UTF_8);
      assertThat(exit).as(said).isEqualTo(ExitCode.NOT_HERE.status());
      assertThat(said)
          .contains("stint: cannot write --out out: ")
          .contains("Nothing of it is left");
      assertThat(said.lines().count()).as(said).isLessThanOrEqualTo(2);
      assertThat(out).doesNotExist();
      assertThat(workplaces()).isEmpty();
    }
  }
}
