package dev.stint.checks.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.checks.golden.Lives.Activation;
import dev.stint.checks.golden.Lives.Life;
import dev.stint.model.linux.FreedTasks.Span;
import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.RecordedEvent;
import dev.stint.model.linux.RecordedEvent.Left;
import dev.stint.model.linux.RecordedEvent.Switch;
import dev.stint.model.linux.RecordedEvent.Wakeup;
import dev.stint.model.linux.RecordedEvent.Who;
import dev.stint.scenario.recording.FtraceReader.Recording;
import dev.stint.scenario.recording.GoldenScenario;
import dev.stint.scenario.recording.MalformedRecording;
import dev.stint.scenario.recording.RecordedSource;
import dev.stint.scenario.recording.ReplayCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class FreedRunTest {
  private static final Who HOG = new Who(5, "h", 120);
  private static final Who THREAD = new Who(6, "kworker", 120);
  private static final Who STOPPER = new Who(7, "migration/0", 0);

  private static Path golden() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("golden"))) {
      directory = directory.getParent();
    }
    return directory.resolve("golden");
  }

  @Test
  void slices_fromTheReplayedState_giveEverySwitchOfTheKernel()
      throws IOException, MalformedRecording {
    String name = "i1_slice_hogs";
    GoldenFiles files = new GoldenFiles(golden());
    GoldenScenario scenario = files.scenario(name);
    Recording recording =
        RecordedSource.recording(files.trace("guest-6.12.107_smp1", name).orElseThrow());
    LinuxConfig config = new LinuxConfig(KernelVersion.V6_12, 250, OptionalLong.empty(), false);
    FreedRun run =
        new FreedRun(
            scenario, recording, config, ReplayCheck.run(recording, scenario.system(), config, 0));
    FreedRun.Outcome outcome = run.run(run.windowNs(), run.windowNs() + 9_700_000_000L);
    assertThat(outcome.switches()).isGreaterThan(800);
    assertThat(outcome.same()).isEqualTo(outcome.switches());
  }

  @Test
  void lives_wakeUpInATick_belongsToItsInterruptAndGivesTheSwitchItsClock() {
    List<RecordedEvent> events =
        List.of(
            new Switch(1_000_000, 0, THREAD, Left.BLOCKED, HOG),
            new Wakeup(4_013_000, 0, THREAD, 0, false, true),
            new Switch(4_020_000, 0, HOG, Left.RUNNABLE, THREAD),
            new Switch(4_050_000, 0, THREAD, Left.BLOCKED, STOPPER),
            new Switch(4_060_000, 0, STOPPER, Left.BLOCKED, HOG));
    Lives lives = new Lives(events, 11_000);
    assertThat(lives.interrupts()).containsExactly(new Span(0, 4_011_000, 4_013_000));
    assertThat(lives.taken()).containsExactly(new Span(0, 4_050_000, 4_060_000));
    Life thread =
        lives.all().stream().filter(life -> life.who().equals(THREAD)).findFirst().orElseThrow();
    Activation woken = thread.activations().getLast();
    assertThat(woken.atOnce()).isTrue();
    assertThat(woken.ns()).isEqualTo(37_000);
    assertThat(woken.before(4_020_000)).isEqualTo(7_000);
  }
}
