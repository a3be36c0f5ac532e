package dev.stint.host.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.Probe;
import dev.stint.host.figures.Row;
import dev.stint.model.stack.Scenario;
import dev.stint.testkit.Skip;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Boots a real kernel, if there are an emulator, a compiler and a kernel.
final class KernelRunTest {
  private static final long SECONDS_MAX = 300;

  @TempDir Path directory;

  private static Path downloads() {
    Map<String, String> environment = System.getenv();
    String caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    return caches.isEmpty()
        ? Path.of(environment.getOrDefault("HOME", "/"), ".cache", "stint")
        : Path.of(caches, "stint");
  }

  private KernelImage kernel() {
    for (Probe probe : new Probe[] {Emulator.probe(), GuestProgram.compiler()}) {
      Skip.unless(probe.supported(), probe.reason());
    }
    String reason = "";
    for (String series : new String[] {"6.18", "6.12"}) {
      try {
        return KernelImage.find(series, directory, downloads());
      } catch (CannotBoot e) {
        reason = e.reason();
      }
    }
    throw Skip.because(reason);
  }

  @Test
  void realKernel_twoGroupsOfHogs_doesWhatTheModelSays() throws CannotBoot {
    KernelImage kernel = kernel();
    Scenario scenario =
        GuestPlanTest.scenario(
            """
            name: two-hogs
            duration: 2s
            machine: {cores: 1}
            under: [root]
            partitions:
              host:
                kind: root
                groups: {gold: {cpu.weight: 300}, tin: {cpu.weight: 100}}
                tasks: {g: {group: gold, busy: {}}, t: {group: tin, busy: {}}}
            """);
    KernelRun.Place place = new KernelRun.Place(directory, SECONDS_MAX);
    KernelRun run = KernelRun.of(kernel, scenario, place, false);
    assertThat(run.kept()).isFalse();
    KernelComparison comparison = KernelComparison.of(run, scenario);
    assertThat(comparison.rows()).extracting(Row::figure).contains("run lengths of g (ticks)");
    assertThat(comparison.rows()).extracting(Row::verdict).doesNotContain(Row.Verdict.MISS);
    KernelRun again = KernelRun.of(kernel, scenario, place, false);
    assertThat(again.kept()).isTrue();
    assertThat(again.digest()).isEqualTo(run.digest());
    assertThat(again.report().trace()).isEqualTo(run.report().trace());
  }
}
