package dev.stint.testkit.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.Quota;
import dev.stint.model.linux.TaskGroup;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.testkit.LinuxBox;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Rules that real kernels in an emulator brought to light (docs/validation-kernel.md).
final class SettledLinuxTest {
  private static final long MS = 1_000_000;
  private static final WorkloadSpec BUSY = new WorkloadSpec.Busy();
  private static final LinuxConfig FRESH =
      new LinuxConfig(KernelVersion.V6_18, 250, OptionalLong.empty(), false);

  private static Quota quota(long quotaMs, long periodMs, long burstMs, long phaseMs) {
    return new Quota(quotaMs * MS, periodMs * MS, burstMs * MS, OptionalLong.of(phaseMs * MS));
  }

  private static String firstPeriod(LinuxConfig config) {
    LinuxBox box = new LinuxBox(1, config, 1);
    TaskGroup group = box.group("g", quota(30, 100, 30, 50));
    box.task("a", group, BUSY);
    box.run(200 * MS);
    return box.line(0, 4 * MS, 52 * MS);
  }

  @Test
  void limit_ofASettledLinux_beginsWithQuotaBurstAndWhatTheCpuKept() {
    assertThat(firstPeriod(FRESH)).isEqualTo("AAAAAAAA.....");
    assertThat(firstPeriod(FRESH.settledBefore())).isEqualTo("AAAAAAAAAAAAA");
  }

  /// The inner group's task parks while it is owed a tick; when the outer limit lets both go, its
  /// sibling, made later, is back first, so that the queue is not empty and the lag counts: it runs
  /// for a tick more than the sibling.
  @Test
  void tasksReleasedTogether_firstThatOfTheGroupMadeLast() {
    LinuxBox box = new LinuxBox(1, FRESH.settledBefore(), 1);
    TaskGroup outer = box.group("outer", quota(60, 100, 0, 38));
    TaskGroup inner =
        box.kernel()
            .createGroup(
                "outer/inner", outer, 100, Optional.of(quota(10, 50, 0, 28)), Optional.empty());
    TaskGroup other =
        box.kernel().createGroup("outer/other", outer, 100, Optional.empty(), Optional.empty());
    box.task("i", inner, BUSY);
    box.task("o", other, BUSY);
    List<String> first = new ArrayList<>();
    box.watch(new Switches(box, first));
    box.run(600 * MS);
    assertThat(first).contains("i back for 6 ms");
  }

  /// Writes down how long the task ran that got the CPU first after idleness.
  private static final class Switches implements TraceSink {
    private final LinuxBox box;
    private final List<String> first;
    private long sinceNs = -1;

    Switches(LinuxBox box, List<String> first) {
      this.box = box;
      this.first = first;
    }

    @Override
    public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
      if (kind != TraceKind.SWITCH) {
        return;
      }
      if (b < 0) {
        sinceNs = timeNs;
      } else if (sinceNs >= 0) {
        String name = box.entities().path(b).replaceFirst(".*:", "");
        first.add(name + " back for " + (timeNs - sinceNs) / MS + " ms");
        sinceNs = -1;
      }
    }

    @Override
    public void sample(long timeNs, Metric metric, int entity, long value) {}
  }

  @Test
  void pingPong_partnerWithAnEarlierDeadline_preemptsTheWakerBeforeItSleeps() {
    LinuxBox box = new LinuxBox(1, FRESH.settledBefore(), 1);
    WorkloadSpec spec = new WorkloadSpec.PingPong("token", 470_000);
    TaskGroup root = box.kernel().rootGroup();
    box.task("a", root, spec);
    box.task("b", root, spec);
    box.task("h", root, BUSY);
    int[] states = new int[PreviousState.values().length];
    box.watch(
        new TraceSink() {
          @Override
          public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
            if (kind == TraceKind.SWITCH && b >= 0 && !box.entities().path(b).endsWith("h")) {
              states[d]++;
            }
          }

          @Override
          public void sample(long timeNs, Metric metric, int entity, long value) {}
        });
    box.run(1_000 * MS);
    assertThat(states[PreviousState.READY.ordinal()]).isGreaterThan(100);
    assertThat(states[PreviousState.BLOCKED.ordinal()]).isGreaterThan(100);
  }
}
