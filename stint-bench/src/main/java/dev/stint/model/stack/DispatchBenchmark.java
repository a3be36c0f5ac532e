package dev.stint.model.stack;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.machine.Machine;
import dev.stint.model.trace.TraceSink;
import dev.stint.model.workload.WorkloadSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

/// What does it cost that an LP passes from one child VM to another, through every layer between
/// them: the child's task stops, its VP is unbacked, and so upwards again for the other; without a
/// ledger or a digest?
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DispatchBenchmark {
  private static final long MS = 1_000_000;

  /// One tick and one passing of the LP in this time.
  private static final long TURN_NS = 10 * MS;

  private static final int HZ = 100;
  private static final LinuxConfig LINUX =
      new LinuxConfig(KernelVersion.V6_18, HZ, OptionalLong.of(3 * MS), true);

  /// Under `core` the hypervisor dispatches the children; under `integrated` the L1VH's Linux does
  /// by its driver, on a VP of its own; under `root` the root's.
  @Param({"core", "integrated", "root"})
  public String assembly = "core";

  private Stack stack = assemble();

  /// Builds an L1VH with two children of one VP on one LP.
  @Setup
  public void setUp() {
    stack = assemble();
    stack.trace().connect(TraceSink.NONE);
    stack.simulation().run(1_000 * MS);
  }

  private Stack assemble() {
    List<PartitionSpec> children = new ArrayList<>();
    for (int child = 0; child < 2; child++) {
      TaskSpec busy =
          new TaskSpec(
              "busy", "", 0, OptionalLong.empty(), Optional.empty(), 0, new WorkloadSpec.Busy());
      children.add(partition("vm" + child, PartitionKind.GUEST, List.of(busy), List.of()));
    }
    PartitionSpec l1vh = partition("l1vh", PartitionKind.L1VH, List.of(), children);
    Scenario scenario =
        new Scenario(
            "dispatch",
            "",
            1,
            1_000 * MS,
            Machine.flat(1, 1),
            HypervisorConfig.DEFAULT,
            List.of(l1vh),
            List.of(Assembly.CORE));
    return StackBuilder.build(scenario, Assembly.valueOf(assembly.toUpperCase(Locale.ROOT)));
  }

  private static PartitionSpec partition(
      String name, PartitionKind kind, List<TaskSpec> tasks, List<PartitionSpec> children) {
    return new PartitionSpec(
        name,
        kind,
        1,
        1,
        Controls.DEFAULT,
        Optional.empty(),
        "",
        List.of(),
        LINUX,
        List.of(),
        tasks,
        children);
  }

  /// Simulates 10 ms.
  @Benchmark
  public long turn() {
    stack.simulation().run(stack.simulation().nowNs() + TURN_NS);
    return stack.simulation().nowNs();
  }
}
