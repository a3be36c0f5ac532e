package dev.stint.model.linux;

import dev.stint.model.machine.CpuSet;
import dev.stint.model.sched.Processor;
import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// A Linux on always-backed CPUs of a given topology, whose state tests may set by hand.
final class SmpRig {
  final Simulation simulation;
  final Entities entities = new Entities();
  final LinuxKernel kernel;

  SmpRig(CpuTopology topology) {
    this(topology, 1);
  }

  SmpRig(CpuTopology topology, long seed) {
    simulation = new Simulation(seed);
    List<Processor> processors = new ArrayList<>();
    int partition = entities.add(EntityKind.PARTITION, "rig", Entities.NONE);
    for (int cpu = 0; cpu < topology.cacheOf().length; cpu++) {
      processors.add(
          Processor.alwaysBacked(entities.add(EntityKind.LP, "cpu" + cpu, Entities.NONE)));
    }
    kernel =
        new LinuxKernel(
            simulation,
            entities,
            new Silence(),
            LinuxConfig.DEFAULT,
            new LinuxKernel.Place(partition, "rig", processors, topology, 0));
  }

  /// A task that does nothing, allowed on these CPUs.
  Task task(String name, CpuSet cpus) {
    return (Task)
        kernel.createTask(
            new TaskParameters(
                "task:" + name, EntityKind.TASK, 0, OptionalLong.empty(), Optional.of(cpus)),
            kernel.rootGroup(),
            (control, _) -> control.exit(),
            Long.MAX_VALUE / 2);
  }

  private static final class Silence implements TraceSink {
    @Override
    public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {}

    @Override
    public void sample(long timeNs, Metric metric, int entity, long value) {}
  }
}
