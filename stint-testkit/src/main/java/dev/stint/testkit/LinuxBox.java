package dev.stint.testkit;

import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.LinuxKernel;
import dev.stint.model.linux.Quota;
import dev.stint.model.linux.SchedulingAttributes;
import dev.stint.model.linux.TaskGroup;
import dev.stint.model.linux.TaskParameters;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.sched.Processor;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.stats.Ledger;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.model.workload.Workloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/// A bare Linux for tests: CPUs that are always backed, a timeline and a ledger, invariants checked
/// after every instant.
///
/// Paths: CPUs `cpu0`.., tasks `task:NAME`, groups `box/cgroup:NAME`.
public final class LinuxBox {
  private final Simulation simulation;
  private final Entities entities = new Entities();
  private final List<TraceSink> sinks = new ArrayList<>();
  private final LinuxKernel kernel;
  private final Workloads workloads;
  private final Timeline timeline = new Timeline(entities);

  /// Linux 6.18 at HZ=250 on `cpus` CPUs.
  public LinuxBox(int cpus) {
    this(cpus, new LinuxConfig(KernelVersion.V6_18, 250, OptionalLong.empty(), false), 1);
  }

  /// A Linux of this configuration on `cpus` CPUs.
  public LinuxBox(int cpus, LinuxConfig config, long seed) {
    this(cpus, config, seed, true);
  }

  /// The same for long runs: no timeline, no invariant is checked, and the first sink is
  /// [#watch]'s.
  public static LinuxBox unaudited(int cpus, LinuxConfig config, long seed) {
    return new LinuxBox(cpus, config, seed, false);
  }

  private LinuxBox(int cpus, LinuxConfig config, long seed, boolean audited) {
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
            new Tee(),
            config,
            new LinuxKernel.Place(partition, "box", processors, new int[cpus], 0));
    workloads = new Workloads(simulation);
    if (audited) {
      sinks.add(timeline);
      simulation.afterEachInstant(kernel::audit);
    }
  }

  private final class Tee implements TraceSink {
    @Override
    public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
      for (TraceSink sink : sinks) {
        sink.event(timeNs, kind, a, b, c, d);
      }
    }

    @Override
    public void sample(long timeNs, Metric metric, int entity, long value) {
      for (TraceSink sink : sinks) {
        sink.sample(timeNs, metric, entity, value);
      }
    }
  }

  /// Its kernel.
  public LinuxKernel kernel() {
    return kernel;
  }

  /// Its entities.
  public Entities entities() {
    return entities;
  }

  /// Its simulation.
  public Simulation simulation() {
    return simulation;
  }

  /// A cgroup below the root with this `cpu.weight`.
  public TaskGroup group(String name, int weight) {
    return kernel.createGroup(name, kernel.rootGroup(), weight, Optional.empty(), Optional.empty());
  }

  /// A cgroup below another.
  public TaskGroup group(String name, TaskGroup parent, int weight) {
    return kernel.createGroup(name, parent, weight, Optional.empty(), Optional.empty());
  }

  /// A cgroup below the root with a limit.
  public TaskGroup group(String name, Quota quota) {
    return kernel.createGroup(name, kernel.rootGroup(), 100, Optional.of(quota), Optional.empty());
  }

  /// A cgroup below the root confined to these CPUs.
  public TaskGroup group(String name, CpuSet cpus) {
    return kernel.createGroup(name, kernel.rootGroup(), 100, Optional.empty(), Optional.of(cpus));
  }

  /// A nice-0 task that may run anywhere.
  public TaskControl task(String name, TaskGroup group, WorkloadSpec workload) {
    return task(name, group, 0, OptionalLong.empty(), Optional.empty(), 0, workload);
  }

  /// A task of the root group with this nice value.
  public TaskControl task(String name, int nice, WorkloadSpec workload) {
    return task(
        name, kernel.rootGroup(), nice, OptionalLong.empty(), Optional.empty(), 0, workload);
  }

  /// A task in every detail.
  public TaskControl task(
      String name,
      TaskGroup group,
      int nice,
      OptionalLong sliceNs,
      Optional<CpuSet> affinity,
      long startNs,
      WorkloadSpec workload) {
    String path = "task:" + name;
    return task(
        new TaskParameters(path, EntityKind.TASK, nice, sliceNs, affinity),
        group,
        startNs,
        workload);
  }

  /// A task of these attributes that may run anywhere.
  public TaskControl task(
      String name, TaskGroup group, SchedulingAttributes attributes, WorkloadSpec workload) {
    return task(
        new TaskParameters("task:" + name, EntityKind.TASK, attributes, Optional.empty(), ""),
        group,
        0,
        workload);
  }

  /// A task of these parameters.
  public TaskControl task(
      TaskParameters parameters, TaskGroup group, long startNs, WorkloadSpec workload) {
    return kernel.createTask(
        parameters, group, workloads.program(workload, parameters.path(), startNs), startNs);
  }

  /// Does something at a time, as from outside of all CPUs.
  public void at(long timeNs, LongConsumer action) {
    int timer = simulation.newTimer(TimerRank.DEVICE, (now, _) -> action.accept(now));
    simulation.arm(timer, timeNs);
  }

  /// Sends the run's events to `sink` too; called before the run.
  public void watch(TraceSink sink) {
    sinks.add(sink);
  }

  /// Runs for `durationNs` from the start and returns the ledger; called once.
  public Ledger run(long durationNs) {
    Ledger ledger = new Ledger(entities);
    sinks.add(ledger);
    simulation.run(durationNs);
    ledger.finish(durationNs);
    return ledger;
  }

  /// The line of a CPU: one letter per `stepNs`.
  public String line(int cpu, long stepNs, long untilNs) {
    return timeline.draw("cpu" + cpu, stepNs, untilNs);
  }

  /// A task's share of one CPU in the run, from the ledger.
  public static double share(Ledger ledger, String task, long durationNs) {
    return (double) ledger.runNs(ledger.entities().find("task:" + task)) / durationNs;
  }
}
