package dev.stint.checks.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.host.figures.RunLengths;
import dev.stint.host.figures.RunRecorder;
import dev.stint.scenario.recording.GoldenScenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is read from a guest's trace agrees with the guest's own figures.
final class GuestTraceTest {
  private static final String FOLDER = "guest-6.18.15_smp1";

  private static GoldenFiles golden() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("golden"))) {
      directory = directory.getParent();
    }
    return new GoldenFiles(directory.resolve("golden"));
  }

  @Test
  void window_ofEveryTrace_givesTheSharesOfTheJson() throws IOException {
    GoldenFiles files = golden();
    for (String name : files.cases(FOLDER)) {
      GoldenScenario scenario = files.scenario(name);
      GoldenFiles.Guest guest = files.guest(FOLDER, name);
      GuestTrace trace = GuestTrace.read(files.trace(FOLDER, name).orElseThrow(), scenario);
      RunRecorder runs = trace.runs(guest.windowNs());
      guest
          .measured()
          .tasks()
          .forEach((task, figures) ->
              assertThat(100.0 * runs.runNs(task) / guest.windowNs())
                  .as("%s %s", name, task)
                  .isCloseTo(figures.sharePercent(), within(0.01)));
    }
  }

  @Test
  void phases_ofAQuotaCase_areSeen() throws IOException {
    GoldenFiles files = golden();
    String name = "d1_quota50_1hog";
    GuestTrace trace =
        GuestTrace.read(files.trace(FOLDER, name).orElseThrow(), files.scenario(name));
    assertThat(trace.tickDelayNs()).isBetween(5_000L, 20_000L);
    assertThat(trace.originNs()).isEqualTo(85_340_000_000L + trace.tickDelayNs());
    assertThat(trace.goNs("q0")).isEqualTo(85_340_584_000L);
    assertThat(trace.unthrottlesNs().getFirst()).isEqualTo(85_470_134_000L);
  }

  @Test
  void jobs_ofAPeriodicTask_costWhatTheyAskForAndALittleMore() throws IOException {
    GoldenFiles files = golden();
    String name = "f1_per2_10_1hog";
    GuestTrace trace =
        GuestTrace.read(files.trace(FOLDER, name).orElseThrow(), files.scenario(name));
    GuestTrace.Jobs jobs = trace.jobs("p2");
    assertThat((double) jobs.runNs() / jobs.count()).isBetween(2_000_000.0, 2_040_000.0);
  }

  @Test
  void runs_partedByAForeignTaskForAMoment_areOne() {
    RunRecorder recorder = new RunRecorder(0, 100_000_000);
    recorder.toTask(0, 0, "A");
    recorder.toOther(0, 4_000_000);
    recorder.toTask(0, 4_100_000, "A");
    recorder.toOther(0, 8_000_000);
    recorder.toTask(0, 8_400_000, "A");
    recorder.toTask(0, 12_400_000, "B");
    recorder.toIdle(0, 16_400_000);
    assertThat(recorder.lengths("A").counts()).containsOnly(Map.entry(1L, 1L), Map.entry(2L, 1L));
    assertThat(recorder.runNs("A")).isEqualTo(11_900_000);
  }

  @Test
  void distance_ofHistograms_isTheSumOfDifferences() {
    RunLengths half = RunLengths.of(List.of(4_000_000L, 8_000_000L));
    RunLengths ones = RunLengths.of(List.of(4_000_000L, 3_990_000L));
    assertThat(half.distance(ones)).isEqualTo(1.0);
    assertThat(half.distance(half)).isZero();
  }
}
