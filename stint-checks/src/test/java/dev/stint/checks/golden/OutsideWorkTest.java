package dev.stint.checks.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.TaskGroup;
import dev.stint.model.linux.TaskParameters;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.scenario.recording.GoldenScenario;
import dev.stint.testkit.LinuxBox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// What makes hogs change CPUs on a live machine is mostly what else runs there.
final class OutsideWorkTest {
  private static final long RUN_NS = 10_750_000_000L;
  private static final String NAME = "h1_mix8_2cpu";

  /// sched_migrate_task lines of the eight hogs in the recording.
  private static final int RECORDED_MOVES = 30;

  private static final class Moves implements TraceSink {
    private int count;

    @Override
    public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
      count += kind == TraceKind.MOVE ? 1 : 0;
    }

    @Override
    public void sample(long timeNs, Metric metric, int entity, long value) {}
  }

  private static int moves(boolean besideOutsideWork) throws IOException {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(directory.resolve("golden"))) {
      directory = directory.getParent();
    }
    Path golden = directory.resolve("golden");
    GoldenScenario scenario = new GoldenFiles(golden).scenario(NAME);
    GuestTrace trace =
        GuestTrace.read(golden.resolve("traces/" + NAME + "_r1.ftrace.txt.gz"), scenario);
    long originNs = trace.originNs();
    LinuxBox box =
        LinuxBox.unaudited(
            2, new LinuxConfig(KernelVersion.V6_18, 250, OptionalLong.empty(), false), 1);
    Moves moves = new Moves();
    box.watch(moves);
    TaskGroup group = box.group("h", 100);
    scenario
        .tasks()
        .forEach(task ->
            box.task(
                task.name(),
                group,
                task.nice(),
                OptionalLong.empty(),
                Optional.empty(),
                trace.goNs(task.name()) - originNs,
                new WorkloadSpec.Busy()));
    List<OutsideTask> outside =
        trace.outside().stream()
            .map(task -> task.since(originNs))
            .filter(task -> besideOutsideWork && !task.activations().isEmpty())
            .toList();
    for (OutsideTask task : outside) {
      TaskParameters parameters =
          new TaskParameters(
              "task:outside/" + task.name(),
              EntityKind.TASK,
              task.nice(),
              OptionalLong.empty(),
              Optional.of(CpuSet.of(task.cpu())));
      long firstNs = task.activations().getFirst().wakeNs();
      box.kernel().createTask(parameters, box.kernel().rootGroup(), task.program(), firstNs);
    }
    box.simulation().run(RUN_NS);
    return moves.count;
  }

  @Test
  void hogs_besideWhatElseRan_moveAsOftenAsRecorded() throws IOException {
    assertThat(moves(true)).isBetween(RECORDED_MOVES / 2, RECORDED_MOVES * 2);
  }

  @Test
  void hogs_alone_hardlyMove() throws IOException {
    assertThat(moves(false)).isLessThan(RECORDED_MOVES / 2);
  }
}
