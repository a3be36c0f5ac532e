package dev.stint.testkit.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.LinuxKernel;
import dev.stint.model.linux.TaskParameters;
import dev.stint.model.sched.Processor;
import dev.stint.model.sched.ProcessorSupplier;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.model.workload.Workloads;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// Two spinning guests on one LP, in turns of equal length: what each sees of it (autotest issue
/// 417: about 50 % steal).
final class StealTest {
  private static final long MS = 1_000_000;
  private static final long RUN_NS = 10_000 * MS;

  private static final TraceSink NOWHERE =
      new TraceSink() {
        @Override
        public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {}

        @Override
        public void sample(long timeNs, Metric metric, int entity, long value) {}
      };

  private static final ProcessorSupplier TURNS =
      new ProcessorSupplier() {
        @Override
        public void halted(long nowNs) {}

        @Override
        public void unhalted(long nowNs) {}
      };

  private final Simulation simulation = new Simulation(1);
  private final Entities entities = new Entities();

  /// A guest with one spinner on a VP of its own.
  private LinuxKernel guest(String name, Processor vp, int partition, boolean stealClock) {
    LinuxKernel kernel =
        new LinuxKernel(
            simulation,
            entities,
            NOWHERE,
            new LinuxConfig(KernelVersion.V6_18, 250, OptionalLong.empty(), stealClock),
            new LinuxKernel.Place(partition, name, List.of(vp), new int[1], 0));
    kernel.createTask(
        new TaskParameters(
            name + "/task:spin", EntityKind.TASK, 0, OptionalLong.empty(), Optional.empty()),
        kernel.rootGroup(),
        new Workloads(simulation).program(new WorkloadSpec.Busy(), name + "/task:spin", 0),
        0);
    return kernel;
  }

  /// user, steal and the sum of all columns, in 1/100 s, of the second of two guests that take
  /// turns of `turnNs`.
  private long[] shareAnLp(long turnNs, boolean stealClock) {
    Processor[] vps = new Processor[2];
    LinuxKernel[] kernels = new LinuxKernel[2];
    for (int i = 0; i < 2; i++) {
      int partition = entities.add(EntityKind.PARTITION, "vm" + i, Entities.NONE);
      vps[i] = Processor.virtual(entities.add(EntityKind.VP, "vm" + i + "/vp0", partition));
      vps[i].attachSupplier(TURNS);
      kernels[i] = guest("vm" + i, vps[i], partition, stealClock);
    }
    int[] turn = {0};
    int[] timer = new int[1];
    timer[0] =
        simulation.newTimer(
            TimerRank.HYPERVISOR,
            (now, _) -> {
              Processor running = vps[turn[0]++ % 2];
              if (running.backed()) {
                running.unback(now);
              }
              vps[turn[0] % 2].back(now);
              simulation.arm(timer[0], now + turnNs);
            });
    simulation.arm(timer[0], 0);
    simulation.run(RUN_NS);
    String stat = kernels[1].files().get("proc/stat").lines().findFirst().orElseThrow();
    long[] columns =
        Arrays.stream(stat.substring("cpu  ".length()).split(" "))
            .mapToLong(Long::parseLong)
            .toArray();
    return new long[] {columns[0], columns[7], Arrays.stream(columns).sum()};
  }

  @Test
  void stealClock_turnsOf20ms_showsHalfStolen() {
    long[] seen = shareAnLp(20 * MS, true);
    assertThat(seen[0]).isCloseTo(500, within(5L));
    assertThat(seen[1]).isCloseTo(500, within(5L));
    assertThat(seen[2]).isCloseTo(1000, within(3L));
  }

  @Test
  void noStealClock_turnsOf10ms_losesWhatNoTickSaw() {
    long[] seen = shareAnLp(10 * MS, false);
    assertThat(seen[1]).isZero();
    // 5 ticks of 4 ms fall into a round of 20 ms; the late ones count once: 3 are handled, or 4
    // where the late one comes together with one that is due.
    assertThat(seen[0]).isCloseTo(700, within(110L));
    assertThat(seen[2]).isEqualTo(seen[0]);
  }

  @Test
  void noStealClock_turnsShorterThanATick_samplesStolenTimeIntoUser() {
    long[] seen = shareAnLp(MS, false);
    assertThat(seen[1]).isZero();
    assertThat(seen[0]).isCloseTo(1000, within(3L));
  }
}
