package dev.stint.model.linux;

import dev.stint.model.sched.Processor;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.TraceSink;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What does a tick of one CPU cost that ends a slice: charge the current task, queue it again,
/// pick another by EEVDF, switch; without a ledger, a digest or a level below?
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FairClassBenchmark {
  private static final long MS = 1_000_000;
  private static final int HZ = 250;
  private static final LinuxConfig CONFIG =
      new LinuxConfig(KernelVersion.V6_18, HZ, OptionalLong.of(3 * MS), false);

  /// How many tasks are always ready.
  @Param({"2", "8", "64"})
  public int tasks;

  /// Whether they are in a cgroup in a cgroup, `none`, or one with a quota that does not bind,
  /// `loose`, or in the root cgroup, `root`.
  @Param({"root", "none", "loose"})
  public String quota = "root";

  private final Simulation simulation = new Simulation(1);

  /// Boots a Linux of one CPU.
  @Setup
  public void boot() {
    Entities entities = new Entities();
    int partition = entities.add(EntityKind.PARTITION, "box", Entities.NONE);
    Processor cpu = Processor.alwaysBacked(entities.add(EntityKind.LP, "cpu0", Entities.NONE));
    LinuxKernel kernel =
        new LinuxKernel(
            simulation,
            entities,
            TraceSink.NONE,
            CONFIG,
            new LinuxKernel.Place(partition, "box", List.of(cpu), new int[1], 0));
    TaskGroup group = kernel.rootGroup();
    if (!quota.equals("root")) {
      Optional<Quota> limit =
          quota.equals("loose") ? Optional.of(new Quota(150 * MS, 100 * MS, 0)) : Optional.empty();
      TaskGroup outer = kernel.createGroup("outer", group, 100, limit, Optional.empty());
      group = kernel.createGroup("outer/inner", outer, 100, limit, Optional.empty());
    }
    for (int i = 0; i < tasks; i++) {
      TaskParameters parameters =
          new TaskParameters(
              "box/task:" + i, EntityKind.TASK, 0, OptionalLong.empty(), Optional.empty());
      kernel.createTask(parameters, group, (task, _) -> task.compute(TaskControl.FOREVER), 0);
    }
    simulation.run(1_000 * MS);
  }

  /// Simulates 4 ms: one tick.
  @Benchmark
  public long tick() {
    simulation.run(simulation.nowNs() + 4 * MS);
    return simulation.nowNs();
  }
}
