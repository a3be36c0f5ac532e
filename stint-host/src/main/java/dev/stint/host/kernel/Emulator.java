package dev.stint.host.kernel;

import dev.stint.host.HostFiles;
import dev.stint.host.Probe;
import dev.stint.model.machine.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// QEMU without hardware help, with a clock that counts instructions: the same kernel, files and
/// arguments give the same run, bit by bit, however busy the machine is.
public final class Emulator {
  private static final String PROGRAM = "qemu-system-x86_64";
  private static final String HELP = "apt-get install qemu-system-x86";
  private static final long REPORT_MAX = 512L << 20;
  private static final long POLL_MILLISECONDS = 200;
  private static final int CONSOLE_TAIL = 3;

  /// No preemption in the kernel and no autogroups, as the model has it; nothing random; and none
  /// of the work that Debian's kernels find for themselves.
  private static final String KERNEL_ARGUMENTS =
      "console=ttyS0 quiet preempt=none nokaslr panic=-1 noautogroup damon_stat.enabled=0"
          + " cryptomgr.notests";

  /*
   * The emulator dies with whoever started it, even by SIGKILL: the shell between them reads a pipe
   * that ends when its writer does.
   */
  private static final String GUARD =
      "exec 3<&0; \"$@\" </dev/null & pid=$!;"
          + " { cat <&3 >/dev/null; kill -KILL $pid; } 2>/dev/null & guard=$!;"
          + " wait $pid; status=$?; kill $guard 2>/dev/null; exit $status";

  private final Path place;
  private final long secondsMax;

  /// @param place directory for files of a run
  /// @param secondsMax real time after which a run is given up
  public Emulator(Path place, long secondsMax) {
    this.place = place;
    this.secondsMax = secondsMax;
  }

  /// Whether there is an emulator, and which.
  public static Probe probe() {
    try {
      Tool.Done version = Tool.run(List.of(PROGRAM, "--version"), Path.of("/"), 20);
      if (version.status() == 0) {
        return new Probe.Supported(version.output().lines().findFirst().orElse(PROGRAM));
      }
    } catch (IOException _) {
      // There is none.
    }
    return new Probe.Unsupported("there is no " + PROGRAM + ": " + HELP);
  }

  /// What the machine is, for the emulator.
  static List<String> arguments(Machine machine) {
    return List.of(
        "-nodefaults",
        "-no-user-config",
        "-display",
        "none",
        "-no-reboot",
        "-machine",
        "pc",
        "-accel",
        "tcg",
        "-icount",
        "shift=1,sleep=off",
        "-rtc",
        "base=2024-01-01,clock=vm",
        "-cpu",
        "max",
        "-seed",
        "1",
        "-m",
        "512",
        "-smp",
        String.format(
            Locale.ROOT,
            "%d,sockets=%d,cores=%d,threads=%d",
            machine.lpCount(),
            machine.sockets(),
            machine.coresPerCache(),
            machine.threadsPerCore()),
        "-append",
        KERNEL_ARGUMENTS);
  }

  /// Boots a kernel, waits until it powers off, and returns what its program reported.
  ///
  /// @param initramfs its first files
  byte[] run(KernelImage kernel, byte[] initramfs, List<String> arguments) throws CannotBoot {
    try (BootDirectory directory = BootDirectory.open(place, HostFiles.ofThisMachine())) {
      Files.write(directory.resolve("initramfs"), initramfs);
      return run(kernel, directory.path(), arguments);
    } catch (IOException e) {
      throw CannotBoot.machine("the emulator cannot be run: " + CannotBoot.words(e));
    }
  }

  private byte[] run(KernelImage kernel, Path directory, List<String> arguments)
      throws IOException, CannotBoot {
    List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", GUARD, "sh", PROGRAM));
    command.addAll(arguments);
    command.addAll(
        List.of(
            "-kernel",
            kernel.file().toAbsolutePath().toString(),
            "-initrd",
            "initramfs",
            "-serial",
            "file:console",
            "-serial",
            "file:report"));
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(directory.resolve("errors").toFile())
            .start();
    Path report = directory.resolve("report");
    try {
      await(process, report);
    } finally {
      process.getOutputStream().close();
      process.destroy();
    }
    byte[] bytes = Files.exists(report) ? Files.readAllBytes(report) : new byte[0];
    if (process.exitValue() != 0 || bytes.length == 0) {
      throw CannotBoot.machine(
          kernel.file().getFileName()
              + " did not reach its first program: "
              + tail(directory.resolve(bytes.length == 0 ? "console" : "errors"))
              + tail(directory.resolve("errors")));
    }
    return bytes;
  }

  private void await(Process process, Path report) throws IOException, CannotBoot {
    try {
      long polls = secondsMax * 1_000 / POLL_MILLISECONDS;
      for (long i = 0; !process.waitFor(POLL_MILLISECONDS, TimeUnit.MILLISECONDS); i++) {
        if (i > polls) {
          throw CannotBoot.machine(
              "the guest did not end within " + secondsMax + " s of real time; give it longer");
        }
        if (Files.exists(report) && Files.size(report) > REPORT_MAX) {
          throw CannotBoot.scenario(
              "the guest reported more than " + (REPORT_MAX >> 20) + " MiB; make it shorter");
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw CannotBoot.machine("interrupted");
    }
  }

  private static String tail(Path file) throws IOException {
    if (!Files.exists(file)) {
      return "";
    }
    List<String> lines =
        Files.readString(file, StandardCharsets.ISO_8859_1)
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    return String.join("; ", lines.subList(Math.max(0, lines.size() - CONSOLE_TAIL), lines.size()));
  }
}
