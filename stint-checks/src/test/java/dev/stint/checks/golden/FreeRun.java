package dev.stint.checks.golden;

import dev.stint.host.figures.Measured;
import dev.stint.host.figures.Measured.OfGroup;
import dev.stint.host.figures.Measured.OfTask;
import dev.stint.host.figures.RunRecorder;
import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.Quota;
import dev.stint.model.linux.TaskGroup;
import dev.stint.model.linux.TaskParameters;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.sched.Program;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.PreviousState;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.model.workload.Workloads;
import dev.stint.scenario.recording.GoldenScenario;
import dev.stint.scenario.recording.GoldenScenario.Group;
import dev.stint.scenario.recording.GoldenScenario.Task;
import dev.stint.testkit.LinuxBox;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Runs a golden scenario on the model, by the model's own decisions from start to end.
public final class FreeRun {
  private static final int WEIGHT_PER_SHARES = 1024;

  /// What the scenario leaves open.
  ///
  /// @param version whose rules apply
  /// @param cpus number of CPUs
  /// @param baseSliceNs empty for the default
  /// @param everyTaskOn0 whether pinned tasks run on CPU 0 wherever the scenario pins them
  /// @param times of the tasks, by name
  /// @param quotaPhaseNs when quota periods begin; empty for a random phase
  /// @param outside tasks outside the scenario, as recorded
  /// @param fromNs start of the window
  /// @param toNs end of the window
  /// @param endNs end of the run
  public record Setting(
      KernelVersion version,
      int cpus,
      OptionalLong baseSliceNs,
      boolean everyTaskOn0,
      Map<String, Times> times,
      OptionalLong quotaPhaseNs,
      List<OutsideTask> outside,
      long fromNs,
      long toNs,
      long endNs) {
    Times times(String task) {
      return Named.in(times, task);
    }
  }

  /// Times of a task.
  ///
  /// @param goNs when it is let go
  /// @param firstReleaseNs first release of a periodic load
  /// @param demandNs CPU time of one job, or of one pass of a ping-pong
  public record Times(long goNs, long firstReleaseNs, long demandNs) {}

  private final GoldenScenario scenario;
  private final Setting setting;
  private final LinuxBox box;
  private final Workloads workloads;
  private final Map<String, TaskGroup> groups = new LinkedHashMap<>();
  private final Map<String, GoldenLoad> loads = new LinkedHashMap<>();
  private final Map<String, long[]> switches = new LinkedHashMap<>();
  private final Map<String, OfGroup> countersAtStart = new LinkedHashMap<>();

  private FreeRun(GoldenScenario scenario, Setting setting) {
    this.scenario = scenario;
    this.setting = setting;
    box =
        LinuxBox.unaudited(
            setting.cpus(),
            new LinuxConfig(setting.version(), 250, setting.baseSliceNs(), false),
            1);
    workloads = new Workloads(box.simulation());
  }

  /// Runs it. Group counters are those of the whole run.
  public static Measured whole(GoldenScenario scenario, Setting setting) {
    return new FreeRun(scenario, setting).run(false);
  }

  /// Runs it. Group counters are those of the window.
  public static Measured window(GoldenScenario scenario, Setting setting) {
    return new FreeRun(scenario, setting).run(true);
  }

  private Measured run(boolean windowCounters) {
    scenario.groups().forEach(this::group);
    scenario.tasks().forEach(this::task);
    setting.outside().forEach(this::outside);
    Recorder recorder = new Recorder(box.entities());
    box.watch(recorder);
    if (windowCounters) {
      box.simulation().run(setting.fromNs());
      groups.forEach((name, group) -> countersAtStart.put(name, counters(group)));
    }
    box.simulation().run(setting.endNs());
    recorder.close();
    return measured(recorder.runs);
  }

  private void group(String name, Group group) {
    int slash = name.lastIndexOf('/');
    TaskGroup parent =
        slash < 0 ? box.kernel().rootGroup() : Named.in(groups, name.substring(0, slash));
    Optional<Quota> quota =
        group.quotaUs() == 0
            ? Optional.empty()
            : Optional.of(
                new Quota(
                    group.quotaUs() * 1_000,
                    group.periodUs() * 1_000,
                    group.burstUs() * 1_000,
                    setting.quotaPhaseNs()));
    Optional<CpuSet> cpus =
        group.cpus().isEmpty() ? Optional.empty() : Optional.of(cpus(group.cpus()));
    groups.put(
        name,
        box.kernel()
            .createGroup(name, parent, 100 * group.shares() / WEIGHT_PER_SHARES, quota, cpus));
  }

  private static CpuSet cpus(String list) {
    int dash = list.indexOf('-');
    return dash < 0
        ? CpuSet.of(Integer.parseInt(list))
        : CpuSet.range(
            Integer.parseInt(list.substring(0, dash)), Integer.parseInt(list.substring(dash + 1)));
  }

  private void task(Task task) {
    switch (task.mode()) {
      case HOG -> start(task, task.name(), new WorkloadSpec.Busy());
      case PERIODIC -> {
        Times times = setting.times(task.name());
        GoldenLoad load = new GoldenLoad(times.demandNs(), task.periodNs(), times.firstReleaseNs());
        loads.put(task.name(), load);
        start(task, task.name(), load);
      }
      case PING_PONG -> {
        long pass = setting.times(task.name()).demandNs();
        start(task, task.name() + "A", new WorkloadSpec.PingPong(task.name(), pass));
        start(task, task.name() + "B", new WorkloadSpec.PingPong(task.name(), pass));
      }
    }
  }

  private void start(Task task, String name, WorkloadSpec workload) {
    long goNs = setting.times(task.name()).goNs();
    start(task, name, workloads.program(workload, "task:" + name, goNs));
  }

  private void start(Task task, String name, Program program) {
    Optional<CpuSet> affinity =
        task.cpu().isEmpty()
            ? Optional.empty()
            : Optional.of(CpuSet.of(setting.everyTaskOn0() ? 0 : task.cpu().getAsInt()));
    OptionalLong slice =
        task.sliceNs() == 0 ? OptionalLong.empty() : OptionalLong.of(task.sliceNs());
    switches.put(name, new long[PreviousState.values().length]);
    box.kernel()
        .createTask(
            new TaskParameters("task:" + name, EntityKind.TASK, task.nice(), slice, affinity),
            Named.in(groups, task.group()),
            program,
            setting.times(task.name()).goNs());
  }

  private void outside(OutsideTask task) {
    if (task.activations().isEmpty()) {
      return;
    }
    box.kernel()
        .createTask(
            new TaskParameters(
                "task:outside/" + task.name(),
                EntityKind.TASK,
                task.nice(),
                OptionalLong.empty(),
                Optional.of(CpuSet.of(task.cpu()))),
            box.kernel().rootGroup(),
            task.program(),
            task.activations().getFirst().wakeNs());
  }

  private Measured measured(RunRecorder runs) {
    double windowNs = setting.toNs() - setting.fromNs();
    Map<String, OfTask> tasks = new LinkedHashMap<>();
    switches.forEach((name, counts) ->
        tasks.put(
            name,
            new OfTask(
                100 * runs.runNs(name) / windowNs,
                Optional.of(runs.lengths(name)),
                counts[0] * 1e9 / windowNs,
                counts[1] * 1e9 / windowNs,
                Optional.ofNullable(loads.get(name)).map(GoldenLoad::jobs))));
    Map<String, OfGroup> counters = new LinkedHashMap<>();
    groups.forEach((name, group) -> counters.put(name, sinceStart(name, counters(group))));
    return new Measured(tasks, counters);
  }

  private OfGroup sinceStart(String name, OfGroup end) {
    OfGroup start = countersAtStart.getOrDefault(name, new OfGroup(0, 0, 0, 0));
    return new OfGroup(
        end.periods() - start.periods(),
        end.throttled() - start.throttled(),
        end.throttledNs() - start.throttledNs(),
        end.bursts() - start.bursts());
  }

  private static OfGroup counters(TaskGroup group) {
    return new OfGroup(
        group.bandwidth().periodCount(),
        group.bandwidth().throttledPeriodCount(),
        group.bandwidth().throttledNs(),
        group.bandwidth().burstCount());
  }

  /// Turns the model's switches into runs.
  private final class Recorder implements TraceSink {
    private final Entities entities;
    private final RunRecorder runs = new RunRecorder(setting.fromNs(), setting.toNs());
    private final Map<Integer, String> names = new LinkedHashMap<>();

    Recorder(Entities entities) {
      this.entities = entities;
    }

    @Override
    public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
      if (kind != TraceKind.SWITCH) {
        return;
      }
      if (b != Entities.NONE
          && switches.containsKey(name(b))
          && timeNs >= setting.fromNs()
          && timeNs < setting.toNs()) {
        long[] counts = Named.in(switches, name(b));
        counts[PreviousState.values()[d] == PreviousState.BLOCKED ? 1 : 0]++;
      }
      if (c == Entities.NONE) {
        runs.toIdle(a, timeNs);
      } else if (!switches.containsKey(name(c))) {
        runs.toOther(a, timeNs);
      } else {
        runs.toTask(a, timeNs, name(c));
      }
    }

    private String name(int entity) {
      return names.computeIfAbsent(entity, id -> entities.path(id).substring("task:".length()));
    }

    private void close() {
      for (int cpu = 0; cpu < setting.cpus(); cpu++) {
        runs.toIdle(entities.find("cpu" + cpu), setting.endNs());
      }
    }

    @Override
    public void sample(long timeNs, Metric metric, int entity, long value) {}
  }
}
