package dev.stint.model.linux;

import dev.stint.model.machine.CpuSet;
import dev.stint.model.sched.Processor;
import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
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

/// A kernel on CPUs that are always backed, whose loads a test may look at.
final class LoadedBox {
  static final long MS = 1_000_000;

  final Simulation simulation;
  final LinuxKernel kernel;
  final List<Task> tasks = new ArrayList<>();
  private final Entities entities = new Entities();

  LoadedBox(int cpus) {
    this(cpus, 1);
  }

  LoadedBox(int cpus, long seed) {
    simulation = new Simulation(seed);
    int partition = entities.add(EntityKind.PARTITION, "box", Entities.NONE);
    List<Processor> processors = new ArrayList<>();
    for (int cpu = 0; cpu < cpus; cpu++) {
      processors.add(
          Processor.alwaysBacked(entities.add(EntityKind.LP, "cpu" + cpu, Entities.NONE)));
    }
    kernel =
        new LinuxKernel(
            simulation,
            entities,
            new Silence(),
            new LinuxConfig(KernelVersion.V6_18, 250, OptionalLong.empty(), false),
            new LinuxKernel.Place(partition, "box", processors, new int[cpus], 0));
    simulation.afterEachInstant(kernel::audit);
  }

  TaskGroup group(String name, TaskGroup parent, int weight) {
    return kernel.createGroup(name, parent, weight, Optional.empty(), Optional.empty());
  }

  TaskGroup limited(String name, Quota quota) {
    return kernel.createGroup(name, kernel.rootGroup(), 100, Optional.of(quota), Optional.empty());
  }

  /// A nice-0 task on one CPU, or on any when `cpu` is -1.
  Task task(String name, TaskGroup group, int cpu, Program program) {
    Optional<CpuSet> cpus = cpu < 0 ? Optional.empty() : Optional.of(CpuSet.range(cpu, cpu + 1));
    TaskParameters parameters =
        new TaskParameters("task:" + name, EntityKind.TASK, 0, OptionalLong.empty(), cpus);
    Task task = (Task) kernel.createTask(parameters, group, program, 0);
    tasks.add(task);
    return task;
  }

  static Program hog() {
    return (task, _) -> task.compute(TaskControl.FOREVER);
  }

  /// Runs for `workNs`, then ends.
  static Program once(long workNs) {
    return new Program() {
      private boolean done;

      @Override
      public void step(TaskControl task, long nowNs) {
        if (done) {
          task.exit();
        } else {
          done = true;
          task.compute(workNs);
        }
      }
    };
  }

  /// Runs for `runNs` out of every `periodNs`, or as much of it as it gets.
  static Program periodic(long runNs, long periodNs) {
    return new Program() {
      private boolean sleeps;

      @Override
      public void step(TaskControl task, long nowNs) {
        sleeps = !sleeps;
        if (sleeps) {
          task.compute(runNs);
        } else {
          task.sleepUntil((nowNs / periodNs + 1) * periodNs);
        }
      }
    };
  }

  void runTo(long timeNs) {
    simulation.run(timeNs);
  }

  /// Nobody watches.
  private static final class Silence implements TraceSink {
    @Override
    public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {}

    @Override
    public void sample(long timeNs, Metric metric, int entity, long value) {}
  }
}
