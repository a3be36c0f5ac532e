package dev.stint.host.standin;

import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import dev.stint.host.live.CannotRunLive;
import dev.stint.host.proc.ThreadTimes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// A process with the thread that is a VP or a task. Its command line has the marker as an argument
/// of its own, so that [OwnedGroups#sweep][dev.stint.host.cgroup.OwnedGroups] knows it.
///
/// @param process the process
/// @param tid of the thread
record VcpuProcess(Process process, long tid) implements AutoCloseable {
  /// Counts, and looks now and then whether its parent is still there.
  private static final String SPIN =
      "while kill -0 \"$1\" 2>/dev/null;"
          + " do i=0; while [ \"$i\" -lt 20000 ]; do i=$((i+1)); done; done";

  private static final long BOOT_MS = 20_000;
  private static final long LOOK_MS = 100;
  private static final long BUSY_NS = 500_000_000L; // more than the BIOS takes;
  private static final int MIB = 16;

  /// One that always has work.
  static VcpuProcess spinning(String marker) throws IOException {
    return of(
        start(List.of("sh", "-c", SPIN, marker, Long.toString(ProcessHandle.current().pid()))));
  }

  /// One that sleeps for words that never come, and ends with its parent.
  static VcpuProcess sleeping(String marker) throws IOException {
    return of(start(List.of("sh", "-c", "read line", marker)));
  }

  /// A virtual machine of QEMU's emulator whose only vCPU spins from its boot sector on.
  ///
  /// @param disk a disk with that boot sector
  static VcpuProcess emulated(HostFiles files, String marker, Path disk)
      throws IOException, CannotRunLive {
    List<String> command = new ArrayList<>();
    if (onPath("setpriv").isPresent()) {
      command.addAll(List.of("setpriv", "--pdeathsig", "KILL"));
    }
    command.addAll(List.of("qemu-system-x86_64", "-name", marker, "-name", "debug-threads=on"));
    command.addAll(List.of("-accel", "tcg,thread=multi", "-smp", "1", "-m", "" + MIB));
    command.addAll(List.of("-nodefaults", "-no-user-config", "-display", "none"));
    command.addAll(List.of("-drive", "file=" + disk + ",format=raw,if=ide,snapshot=on"));
    Process process = start(command);
    for (long ms = 0; ms < BOOT_MS && process.isAlive(); ms += LOOK_MS) {
      Optional<Long> vcpu = vcpu(files, process.pid());
      if (vcpu.isPresent() && runNs(files, process.pid(), vcpu.get()) > BUSY_NS) {
        return new VcpuProcess(process, vcpu.get());
      }
      pause();
    }
    process.destroyForcibly();
    throw CannotRunLive.machine("QEMU did not start a virtual machine");
  }

  /// Whether a program can be found.
  static Optional<Path> onPath(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin");
    return List.of(path.split(":")).stream()
        .map(directory -> Path.of(directory, program))
        .filter(file -> file.toFile().canExecute())
        .findFirst();
  }

  /// QEMU names its vCPU threads when asked to.
  private static Optional<Long> vcpu(HostFiles files, long pid) {
    String tasks = "proc/" + pid + "/task";
    return files.list(tasks).stream()
        .filter(tid ->
            files.read(tasks + "/" + tid + "/comm") instanceof Text.Read(String comm)
                && comm.strip().equals("CPU 0/TCG"))
        .map(Long::parseLong)
        .findFirst();
  }

  private static long runNs(HostFiles files, long pid, long tid) {
    return ThreadTimes.read(files, pid, tid).known().map(ThreadTimes::runNs).orElse(0L);
  }

  private static VcpuProcess of(Process process) {
    return new VcpuProcess(process, process.pid());
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
