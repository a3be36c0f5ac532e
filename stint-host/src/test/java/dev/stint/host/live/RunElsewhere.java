package dev.stint.host.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.HostFiles;
import dev.stint.host.cgroup.CgroupWrites;
import dev.stint.host.cgroup.Cgroups;
import dev.stint.host.cgroup.Hierarchy;
import dev.stint.host.cgroup.OwnedGroups;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// A process that runs a load on this machine's kernel, to be killed.
public final class RunElsewhere {
  private static final int LOOKS = 600;
  private static final int PAUSE_MS = 50;
  private static final int END_S = 30;

  private static final HostFiles FILES = HostFiles.ofThisMachine();
  private static final Cgroups CGROUPS = Cgroups.of(FILES);

  private final Process process;
  private final String marker;

  private RunElsewhere(Process process, String marker) {
    this.process = process;
    this.marker = marker;
  }

  /// Starts one and waits until its load runs.
  ///
  /// @param begun whether it does, asked of the beginning of the process's marker
  public static RunElsewhere start(Class<?> main, Predicate<String> begun) throws Exception {
    Process process = process(main);
    String prefix = "stint-" + process.pid() + "-";
    await(() -> begun.test(prefix) || !process.isAlive(), "the run never began");
    assertThat(process.isAlive())
        .as(() -> process.inputReader().lines().toList().toString())
        .isTrue();
    String path = left(prefix).getFirst();
    return new RunElsewhere(process, path.substring(path.lastIndexOf('/') + 1));
  }

  private static Process process(Class<?> main) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            main.getName())
        .redirectErrorStream(true)
        .start();
  }

  /// Kills it, and has the next start clean up: then nothing is left.
  public void assertKilledLeavesNothingToTheNext() throws Exception {
    process.destroyForcibly().waitFor();
    await(() -> !runs(marker), "what it started outlives it");
    OwnedGroups.sweep(FILES, CGROUPS, CgroupWrites.KERNEL);
    assertThat(left(marker)).isEmpty();
  }

  /// Tells it to stop: then nothing is left.
  public void assertInterruptedLeavesNothing() throws Exception {
    process.destroy();
    assertThat(process.waitFor(END_S, TimeUnit.SECONDS)).isTrue();
    assertThat(left(marker)).isEmpty();
    await(() -> !runs(marker), "what it started outlives it");
  }

  /// The cgroups whose names begin with a marker.
  public static List<String> left(String marker) {
    return CGROUPS.all().stream()
        .map(Hierarchy::point)
        .flatMap(point -> FILES.list(point).stream().map(name -> point + "/" + name))
        .filter(path -> path.contains("/" + marker))
        .toList();
  }

  /// Whether a process whose command line has an argument that begins with a marker is alive.
  static boolean runs(String marker) {
    return FILES.list("proc").stream()
        .map(pid -> FILES.read("proc/" + pid + "/cmdline"))
        .anyMatch(text ->
            text instanceof HostFiles.Text.Read(String line) && line.contains("\0" + marker));
  }

  private static void await(BooleanSupplier condition, String otherwise) throws Exception {
    for (int i = 0; i < LOOKS && !condition.getAsBoolean(); i++) {
      Thread.sleep(PAUSE_MS);
    }
    assertThat(condition.getAsBoolean()).as(otherwise).isTrue();
  }
}
