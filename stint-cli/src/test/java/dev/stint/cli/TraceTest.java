package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `--trace` of `run` and `compare`.
final class TraceTest {
  @TempDir private Path directory;

  private Shell shell() {
    return Shell.in(directory).withSmallScenario();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /// The bytes as characters: enough to look for the texts in them.
  private String bytes(String name) throws IOException {
    return Files.readString(directory.resolve(name), StandardCharsets.ISO_8859_1);
  }

  @Test
  void run_traced_leavesTheTraceAlone() throws IOException {
    Shell.Answer answer = shell().stint("run", "small.yaml", "--trace", "out.pftrace", "--quiet");
    assertThat(answer.code()).isEqualTo(ExitCode.DONE);
    assertThat(answer.out() + answer.err()).isEmpty();
    assertThat(files()).containsExactly("out.pftrace", "small.yaml");
    assertThat(bytes("out.pftrace"))
        .startsWith("\n")
        .contains("l1vh/vm-gold/task:web-0")
        .contains("waiting: hypervisor.wait")
        .contains("./stint run small.yaml --under core --seed 1 --duration 200ms")
        .contains("assumed.hypervisor.time-slice");
  }

  @Test
  void run_tracedTwice_givesTheSameBytes_andTheFiguresOfARunWithout() throws IOException {
    Shell shell = shell();
    shell.stint("run", "small.yaml", "--json", "plain.json", "--quiet");
    for (String name : List.of("one", "two")) {
      Shell.Answer answer =
          shell.stint("run", "small.yaml", "--trace", name + ".pftrace", "--json", name, "--quiet");
      assertThat(answer.code()).isEqualTo(ExitCode.DONE);
      assertThat(bytes(name)).isEqualTo(bytes("plain.json"));
    }
    assertThat(bytes("two.pftrace")).isEqualTo(bytes("one.pftrace"));
  }

  @Test
  void leftovers_ofADeadProcess_goWithTheNextRun_andNothingElse() throws IOException {
    long dead = deadProcess();
    long alive = ProcessHandle.current().pid();
    List<String> stay =
        List.of(".out.pftrace." + alive + ".7.tmp", ".out.pftrace.x.0.tmp", ".other." + dead);
    for (String name : stay) {
      Files.writeString(directory.resolve(name), "stay");
    }
    Files.writeString(directory.resolve(".out.pftrace." + dead + ".0.tmp"), "go");
    Files.writeString(directory.resolve(".out.pftrace." + dead + ".whole.tmp"), "go");

    shell().stint("run", "small.yaml", "--trace", "out.pftrace", "--quiet");

    assertThat(files())
        .containsExactlyInAnyOrder(
            stay.get(0), stay.get(1), stay.get(2), "out.pftrace", "small.yaml");
  }

  private static long deadProcess() throws IOException {
    Process process = new ProcessBuilder("true").start();
    process.onExit().join();
    return process.pid();
  }

  @Test
  void gzip_holdsTheSameTrace() throws IOException {
    Shell shell = shell();
    shell.stint("compare", "small.yaml", "--trace", "plain.pftrace", "--quiet");
    shell.stint("compare", "small.yaml", "--trace", "packed.pftrace.gz", "--quiet");

    byte[] plain = Files.readAllBytes(directory.resolve("plain.pftrace"));
    Path packed = directory.resolve("packed.pftrace.gz");
    assertThat(Files.size(packed)).isLessThan(plain.length / 4);
    try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
      assertThat(in.readAllBytes()).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void compare_traced_hasEveryAssemblyInOneFile(int threads) throws IOException {
    Shell shell = shell();
    Shell.Answer answer =
        shell.stint(
            "compare",
            "small.yaml",
            "--trace",
            "both.perfetto-trace",
            "--quiet",
            "--threads",
            Integer.toString(threads));
    assertThat(answer.code()).isEqualTo(ExitCode.DONE);
    assertThat(files()).containsExactly("both.perfetto-trace", "small.yaml");
    String both = bytes("both.perfetto-trace");
    assertThat(both).contains("small under core").contains("small under integrated");
    shell.stint("compare", "small.yaml", "--trace", "again.pftrace", "--quiet", "--threads", "1");
    assertThat(bytes("again.pftrace")).isEqualTo(both);
  }

  @Test
  void run_tracedAsText_writesWhatTracefsWould() throws IOException {
    Shell.Answer answer =
        shell()
            .stint(
                "run",
                "small.yaml",
                "--under",
                "integrated",
                "--trace",
                "out.ftrace.txt",
                "--quiet");
    assertThat(answer.errLines()).isEmpty();
    assertThat(files()).containsExactly("out.ftrace.txt", "small.yaml");
    assertThat(bytes("out.ftrace.txt"))
        .startsWith("# tracer: nop\n")
        .contains("#P:2\n")
        .contains("comm=vcpu1/vm-bronze ");
  }

  @Test
  void run_tracedAsTextOfAGuest_writesThatGuest() throws IOException {
    Shell.Answer answer =
        shell()
            .stint(
                "run",
                "small.yaml",
                "--trace",
                "out.txt",
                "--trace-layer",
                "l1vh/vm-gold",
                "--quiet");
    assertThat(answer.errLines()).isEmpty();
    assertThat(bytes("out.txt")).contains("comm=web-1 ").doesNotContain("vcpu");
  }

  @Test
  void trace_thatExists_isReplaced() throws IOException {
    Shell shell = shell().withFile("out.pftrace", "old");
    assertThat(shell.stint("run", "small.yaml", "--trace", "out.pftrace", "--quiet").code())
        .isEqualTo(ExitCode.DONE);
    assertThat(bytes("out.pftrace")).startsWith("\n").doesNotStartWith("old");
  }

  @Test
  void run_thatFails_leavesTheOldTraceAndNothingElse() throws IOException {
    Shell shell =
        shell()
            .withFile("out.pftrace", "old")
            .with((scenario, assembly, options) -> {
              Experiment.run(scenario, assembly, options);
              if (assembly == Assembly.INTEGRATED) {
                throw new IllegalStateException("a bug");
              }
              throw new OutOfMemoryError("no memory");
            });
    for (String command : List.of("run", "compare")) {
      assertThat(shell.stint(command, "small.yaml", "--trace", "out.pftrace").status()).isNotZero();
      assertThat(files()).containsExactly("out.pftrace", "small.yaml");
      assertThat(bytes("out.pftrace")).isEqualTo("old");
    }
  }

  @Test
  void run_thatBeginsAfterAnotherFailed_leavesNothing() throws Exception {
    Semaphore over = new Semaphore(0);
    Semaphore ended = new Semaphore(0);
    Shell shell =
        shell()
            .with((scenario, assembly, options) -> {
              if (assembly == Assembly.CORE) {
                throw new IllegalStateException("a bug");
              }
              over.acquireUninterruptibly();
              try {
                return Experiment.run(scenario, assembly, options);
              } finally {
                ended.release();
              }
            });
    Shell.Answer answer =
        shell.stint(
            "compare",
            "small.yaml",
            "--under",
            "core,integrated",
            "--threads",
            "2",
            "--trace",
            "out.pftrace");
    assertThat(answer.status()).isNotZero();
    over.release();
    assertThat(ended.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    assertThat(files()).containsExactly("small.yaml");
  }

  private void refused(String message, String... args) throws IOException {
    Shell.Answer answer = shell().stint(args);
    assertThat(answer.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(answer.err()).contains(message);
    assertThat(answer.out()).isEmpty();
    assertThat(files()).containsExactly("small.yaml");
  }

  @Test
  void trace_withAnotherExtension_namesTheChoices() throws IOException {
    refused(
        "stint: --trace out.json: the end of the name says what to write. Perfetto: .pftrace or"
            + " .perfetto-trace, with .gz for a tenth of the size."
            + " The ftrace text of one Linux: .ftrace.txt or .ftrace or .txt.",
        "run",
        "small.yaml",
        "--trace",
        "out.json");
    refused("only --json writes to the standard output", "run", "small.yaml", "--trace", "-");
  }

  @Test
  void trace_inNoDirectory_isRefusedBeforeTheRun() throws IOException {
    refused("there is no directory", "run", "small.yaml", "--trace", "nowhere/out.pftrace");
  }

  @Test
  void trace_ofSeveralRunsAsText_isRefused() throws IOException {
    refused("an ftrace text holds one run", "compare", "small.yaml", "--trace", "out.ftrace.txt");
  }

  @Test
  void traceLayer_ofAPerfettoTrace_isRefused() throws IOException {
    refused(
        "a Perfetto trace has all of them",
        "run",
        "small.yaml",
        "--trace",
        "out.pftrace",
        "--trace-layer",
        "l1vh");
    refused("--trace-layer goes with --trace", "run", "small.yaml", "--trace-layer", "l1vh");
  }

  @Test
  void traceLayer_ofNoLinux_namesThose() throws IOException {
    refused(
        "--trace-layer l1vh/vm-silver: no Linux of that name has tasks under core. Of: l1vh,"
            + " l1vh/vm-gold, l1vh/vm-bronze.",
        "run",
        "small.yaml",
        "--trace",
        "out.txt",
        "--trace-layer",
        "l1vh/vm-silver");
  }

  @Test
  void trace_thatCannotBeWritten_saysWhy() throws IOException {
    Path full = Path.of("/dev/full");
    if (Files.exists(full)) {
      Shell.Answer answer =
          shell()
              .withFile("x", "")
              .stint("run", "small.yaml", "--trace", "full.pftrace", "--quiet");
      assertThat(answer.code()).isEqualTo(ExitCode.DONE);
      Files.delete(directory.resolve("full.pftrace"));
      Files.createSymbolicLink(directory.resolve("full.pftrace"), full);
      Shell.Answer refusal =
          shell().stint("run", "small.yaml", "--trace", "full.pftrace", "--quiet");
      Files.delete(directory.resolve("full.pftrace"));
      assertThat(refusal.code()).isEqualTo(ExitCode.NOT_HERE);
      assertThat(refusal.err()).contains("stint: cannot write --trace ").contains("space");
    }
  }
}
