package dev.stint.host.kernel;

import dev.stint.host.figures.Measured;
import dev.stint.host.figures.Measured.Jobs;
import dev.stint.host.figures.Measured.OfGroup;
import dev.stint.host.figures.Measured.OfTask;
import dev.stint.host.figures.Measured.Spread;
import dev.stint.host.figures.Range;
import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.Quota;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.stack.Watch;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.Percentiles;
import dev.stint.model.stats.RunResult;
import dev.stint.model.trace.EntityKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// The same scenario on the model: of the guest it takes the release, the phases of quota periods,
/// and what others than the scenario's tasks did. Every decision is the model's own.
final class Predicted {
  private final Scenario scenario;
  private final PartitionSpec host;
  private final GuestReport report;
  private final KernelVersion version;

  Predicted(Scenario scenario, GuestReport report, KernelVersion version) {
    this.scenario = scenario;
    host = scenario.partitions().getFirst();
    this.report = report;
    this.version = version;
  }

  /// Runs the model.
  ///
  /// @param outside tasks that ran beside the scenario's
  Measured run(List<TaskSpec> outside) throws CannotBoot {
    List<SwitchFold> folds = new ArrayList<>();
    SortedMap<String, String> files = new TreeMap<>();
    RunOptions options =
        new RunOptions(
            false,
            Optional.of(run -> {
              SwitchFold fold =
                  new SwitchFold(run.entities(), EntityKind.VP, this::task, scenario.durationNs());
              folds.add(fold);
              return Watch.events(fold);
            }),
            Optional.of((_, texts) -> files.putAll(texts)),
            Optional.empty(),
            _ -> {});
    RunResult result = Experiment.run(asRun(outside), Assembly.ROOT, options);
    SwitchFold fold = folds.getFirst();
    fold.finish();
    return measured(result, fold, files);
  }

  /// Runs the model for its switches alone.
  ///
  /// @param stateFromNs from when to `stateToNs` the queues are noted with each
  List<SwitchLog.Switch> switches(List<TaskSpec> outside, long stateFromNs, long stateToNs)
      throws CannotBoot {
    List<SwitchLog> logs = new ArrayList<>();
    RunOptions options =
        new RunOptions(
            false,
            Optional.of(run -> {
              SwitchLog log =
                  new SwitchLog(
                      run.entities(),
                      EntityKind.VP,
                      this::shown,
                      run.live(),
                      stateFromNs,
                      stateToNs);
              logs.add(log);
              return Watch.events(log);
            }),
            Optional.empty(),
            Optional.empty(),
            _ -> {});
    Experiment.run(asRun(outside), Assembly.ROOT, options);
    return logs.getFirst().switches();
  }

  private String shown(String path) {
    return path.replaceFirst(".*/task:", "").replaceFirst("^outside-", "");
  }

  private Optional<String> task(String path) {
    String prefix = host.name() + "/task:";
    String name = path.startsWith(prefix) ? path.substring(prefix.length()) : "";
    return host.tasks().stream().map(TaskSpec::name).filter(name::equals).findFirst();
  }

  // --- The scenario as it was run ---

  private Scenario asRun(List<TaskSpec> outside) throws CannotBoot {
    List<TaskSpec> tasks = new ArrayList<>(host.tasks());
    tasks.addAll(outside);
    List<GroupSpec> groups = new ArrayList<>();
    for (GroupSpec group : host.groups()) {
      groups.add(withPhase("", group, List.of()));
    }
    PartitionSpec linux =
        new PartitionSpec(
            host.name(),
            host.kind(),
            host.vps(),
            host.threadsPerCore(),
            host.controls(),
            host.lps(),
            host.group(),
            host.affinity(),
            config(),
            groups,
            tasks,
            List.of());
    return new Scenario(
        scenario.name(),
        scenario.description(),
        scenario.seed(),
        scenario.durationNs(),
        scenario.machine(),
        scenario.hypervisor(),
        List.of(linux),
        List.of(Assembly.ROOT));
  }

  private LinuxConfig config() {
    OptionalLong baseSlice =
        version.eevdf() && report.baseSliceNs() > 0
            ? OptionalLong.of(report.baseSliceNs())
            : OptionalLong.empty();
    return new LinuxConfig(version, host.linux().hz(), baseSlice, false).settledBefore();
  }

  /// A group whose quota periods begin when the guest's did. What the guest saw in the group are
  /// its own period timer and perhaps those of the groups above.
  private GroupSpec withPhase(String parent, GroupSpec group, List<Timer> above) throws CannotBoot {
    String path = parent.isEmpty() ? group.name() : parent + "/" + group.name();
    List<Timer> known = new ArrayList<>(above);
    Optional<Quota> quota = Optional.empty();
    if (group.quota().isPresent()) {
      Quota asked = group.quota().get();
      long phaseNs = phaseNs(path, asked.periodNs(), above);
      known.add(new Timer(report.t0Ns() + phaseNs, asked.periodNs()));
      quota =
          Optional.of(
              new Quota(
                  asked.quotaNs(), asked.periodNs(), asked.burstNs(), OptionalLong.of(phaseNs)));
    }
    List<GroupSpec> inner = new ArrayList<>();
    for (GroupSpec child : group.groups()) {
      inner.add(withPhase(path, child, known));
    }
    return new GroupSpec(
        group.name(),
        group.weight(),
        quota,
        group.cpus(),
        group.exclusive(),
        group.partition(),
        group.cpuExclusive(),
        inner);
  }

  /// A period timer.
  ///
  /// @param expiryNs one of its expiries
  private record Timer(long expiryNs, long periodNs) {
    boolean expiresAt(long timeNs) {
      return Math.floorMod(timeNs - expiryNs, periodNs) == 0;
    }
  }

  private long phaseNs(String path, long periodNs, List<Timer> above) throws CannotBoot {
    List<Long> own = new ArrayList<>(report.phasesNs().getOrDefault(path, List.of()));
    for (Timer timer : own.size() > 1 ? above : List.<Timer>of()) {
      own.stream().filter(timer::expiresAt).findFirst().ifPresent(own::remove);
    }
    if (own.size() != 1) {
      throw CannotBoot.machine(
          "group " + path + " showed " + own.size() + " period timers of its own in the guest");
    }
    return Math.floorMod(own.getFirst() - report.t0Ns(), periodNs);
  }

  // --- Its figures ---

  private Measured measured(RunResult result, SwitchFold fold, SortedMap<String, String> files) {
    Map<String, OfTask> tasks = new LinkedHashMap<>();
    for (TaskSpec task : host.tasks()) {
      EntityResult entity = result.entity(host.name() + "/task:" + task.name()).orElseThrow();
      tasks.put(task.name(), ofTask(task, fold, jobs(entity.metrics())));
    }
    Map<String, OfGroup> groups = new LinkedHashMap<>();
    for (String path : report.after().keySet()) {
      groups.put(
          path, ofGroup(counters(files.getOrDefault("sys/fs/cgroup/" + path + "/cpu.stat", ""))));
    }
    return new Measured(tasks, groups);
  }

  static OfTask ofTask(TaskSpec task, SwitchFold fold, Optional<Jobs> jobs) {
    return new OfTask(
        fold.sharePercent(task.name()),
        Optional.of(fold.lengths(task.name())),
        fold.preemptedPerSecond(task.name()),
        fold.sleptPerSecond(task.name()),
        jobs);
  }

  private static Optional<Jobs> jobs(Map<String, Percentiles> metrics) {
    Percentiles response = metrics.getOrDefault("response_ns", Percentiles.EMPTY);
    if (response.count() == 0) {
      return Optional.empty();
    }
    Percentiles start = metrics.getOrDefault("start_latency_ns", Percentiles.EMPTY);
    long misses = metrics.getOrDefault("miss_ns", Percentiles.EMPTY).count();
    return Optional.of(jobs(start, response, misses));
  }

  static Jobs jobs(Percentiles start, Percentiles response, long misses) {
    return new Jobs(response.count(), misses, 0, spread(start), spread(response));
  }

  private static Spread spread(Percentiles of) {
    return new Spread(Range.of(of.p50Ns()), Range.of(of.p99Ns()));
  }

  private static SortedMap<String, Long> counters(String text) {
    SortedMap<String, Long> counters = new TreeMap<>();
    text.lines()
        .map(line -> line.split(" ", 2))
        .forEach(words -> counters.put(words[0], Long.parseLong(words[1].strip())));
    return counters;
  }

  static OfGroup ofGroup(Map<String, Long> counters) {
    return new OfGroup(
        counters.getOrDefault("nr_periods", 0L),
        counters.getOrDefault("nr_throttled", 0L),
        counters.getOrDefault("throttled_usec", 0L) * 1_000,
        counters.getOrDefault("nr_bursts", 0L));
  }
}
