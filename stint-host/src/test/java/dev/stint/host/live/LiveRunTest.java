package dev.stint.host.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.host.HostFiles;
import dev.stint.host.cgroup.CgroupRefused;
import dev.stint.host.cgroup.GroupMarker;
import dev.stint.host.cgroup.LiveGroups;
import dev.stint.host.cgroup.OwnedGroups;
import dev.stint.model.stack.Scenario;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// On this machine's kernel, where it lets us.
final class LiveRunTest {
  static final String SHORT =
      """
      name: short
      duration: 300ms
      machine: {cores: 1}
      under: [root]
      partitions:
        host:
          kind: root
          groups: {g: {cpu.weight: 300, groups: {in: {cpu.weight: 50}}}, d: {cpu.max: 20000 100000}}
          tasks:
            hog: {group: g/in, affinity: 0, busy: {}}
            job: {group: g, affinity: 0, nice: 3, periodic: {run: 1ms, period: 20ms, phase: 1ms}}
            cyc: {group: g, affinity: 0, policy: batch, on-off: {on: 5ms, off: 20ms}}
            lim: {group: d, affinity: 0, busy: {}}
            pp: {count: 2, affinity: 0, ping-pong: {exchange: t, work: 5us}}
      """;

  private final HostFiles files = HostFiles.ofThisMachine();

  @BeforeEach
  void where() {
    try (OwnedGroups probe = LiveGroups.open("cpu", "cpuset")) {
      probe.top().child("probe");
    } catch (CgroupRefused refused) {
      throw LiveGroups.refused(refused);
    }
  }

  @Test
  void run_ofEveryWorkload_measuresEachTask_andLeavesNothing() throws Exception {
    HostMachine host = HostMachine.of(files, LiveValidation.baseSliceNs(files));
    LiveRepetition made =
        new LiveRun(LivePlan.of(scenario(), host), files, TestWorker.options(_ -> () -> {}))
            .run(100_000_000L, 600_000_000L);
    assertThat(made.observed().tasks())
        .containsOnlyKeys("hog", "job", "cyc", "lim", "pp-0", "pp-1")
        .allSatisfy((_, task) -> assertThat(task.cpuPercent()).isBetween(0.0, 101.0))
        .allSatisfy((_, task) -> assertThat(task.switchesPerSecond()).isPresent());
    assertThat(made.observed().tasks().get("job").jobs()).isPresent();
    assertThat(made.observed().groups().get("d").periods()).isPositive();
    assertThat(RunElsewhere.left(GroupMarker.ofThisProcess(files).name())).isEmpty();
  }

  @Test
  void run_stoppedAtAnyMoment_leavesNothing() throws Exception {
    HostMachine host = HostMachine.of(files, LiveValidation.baseSliceNs(files));
    LivePlan plan = LivePlan.of(scenario(), host);
    for (int i = 0; i < 40; i++) {
      long delayNs = i * i * 50_000L;
      StopAfter stop = new StopAfter(delayNs);
      LiveRun run = new LiveRun(plan, files, TestWorker.options(stop));
      assertThatThrownBy(() -> run.run(100_000_000L, 60_000_000_000L))
          .isInstanceOf(CannotRunLive.class);
      assertThat(RunElsewhere.left(GroupMarker.ofThisProcess(files).name()))
          .as("stopped %s ns after the start", delayNs)
          .isEmpty();
    }
  }

  /// Tells a run to stop after some time.
  private record StopAfter(long delayNs) implements Interruptions {
    @Override
    public Handle whenStopped(Runnable undo) {
      Thread hook =
          Thread.ofPlatform()
              .start(() -> {
                LockSupport.parkNanos(delayNs);
                undo.run();
              });
      return () -> {
        try {
          hook.join();
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
        }
      };
    }
  }

  @Test
  void killedRun_leavesNothingAfterTheNextStart() throws Exception {
    start().assertKilledLeavesNothingToTheNext();
  }

  @Test
  void interruptedRun_leavesNothing() throws Exception {
    start().assertInterruptedLeavesNothing();
  }

  private static Scenario scenario() {
    return switch (ScenarioReader.read(SHORT, "short")) {
      case ReadResult.Loaded(Scenario read, var _) -> read;
      case ReadResult.Refused(var errors) -> throw new AssertionError(errors.toString());
    };
  }

  private static RunElsewhere start() throws Exception {
    return RunElsewhere.start(
        OneLiveRun.class,
        prefix -> !RunElsewhere.left(prefix).isEmpty() && RunElsewhere.runs(prefix));
  }
}
