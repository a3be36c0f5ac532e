package dev.stint.host.kernel;

import dev.stint.host.figures.Figures;
import dev.stint.host.figures.Measured;
import dev.stint.host.figures.Measured.Jobs;
import dev.stint.host.figures.Measured.OfGroup;
import dev.stint.host.figures.Measured.OfTask;
import dev.stint.host.figures.MeasuredComparison;
import dev.stint.host.figures.MeasuredComparison.Tolerances;
import dev.stint.host.figures.Row;
import dev.stint.host.kernel.FirstDifference.Found;
import dev.stint.host.kernel.SwitchLog.Switch;
import dev.stint.model.linux.KernelVersion;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.stats.LatencyHistogram;
import dev.stint.model.time.Time;
import dev.stint.model.workload.WorkloadSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// A scenario as a real kernel ran it, beside the model.
///
/// @param rules the kernel rules that the model followed
/// @param rows figure by figure
/// @param notes what a reader should know
public record KernelComparison(KernelVersion rules, List<Row> rows, List<String> notes) {
  private static final long STATE_BEFORE_NS = 13 * Time.MS;
  private static final long STATE_AFTER_NS = Time.MS;

  /// Copies the lists.
  public KernelComparison {
    rows = List.copyOf(rows);
    notes = List.copyOf(notes);
  }

  /// Simulates what the guest ran and compares.
  public static KernelComparison of(KernelRun run, Scenario scenario) throws CannotBoot {
    GuestReport report = run.report();
    KernelVersion version = version(report);
    GuestTrace trace = GuestTrace.of(report, scenario);
    Measured model = new Predicted(scenario, report, version).run(trace.outside());
    Measured kernel = measured(scenario, report, trace.runs());
    Figures figures = new Figures(scenario.name());
    boolean several = scenario.machine().lpCount() > 1;
    Tolerances tolerances =
        version.eevdf() ? several ? Tolerances.CPUS_IN_TURN : Tolerances.ONE_CPU : Tolerances.CFS;
    compare(new MeasuredComparison(figures, kernel, model, tolerances), scenario);
    List<String> notes = new ArrayList<>(trace.warnings());
    if (several) {
      notes.add("the emulator runs one CPU at a time: see docs/validate-kernel.md");
    }
    return new KernelComparison(version, figures.rows(), notes);
  }

  /// Where the model first does other than the kernel, as lines of text; empty when it nowhere
  /// does.
  public static List<String> firstDifference(KernelRun run, Scenario scenario) throws CannotBoot {
    GuestReport report = run.report();
    KernelVersion version = version(report);
    GuestTrace trace = GuestTrace.of(report, scenario);
    Set<String> tasks = new TreeSet<>();
    scenario.partitions().getFirst().tasks().forEach(task -> tasks.add(task.name()));
    Predicted predicted = new Predicted(scenario, report, version);
    FirstDifference difference = new FirstDifference(tasks);
    List<Switch> kernel = trace.switches();
    Optional<Found> found = difference.of(kernel, predicted.switches(trace.outside(), 0, -1));
    if (found.isEmpty()) {
      return List.of();
    }
    long atNs = found.get().timeNs();
    List<Switch> model =
        predicted.switches(trace.outside(), atNs - STATE_BEFORE_NS, atNs + STATE_AFTER_NS);
    return FirstDifference.around(found.get(), kernel, model);
  }

  private static KernelVersion version(GuestReport report) throws CannotBoot {
    return KernelVersion.parse(report.release())
        .orElseThrow(() -> CannotBoot.machine("Linux " + report.release() + " is not modelled"));
  }

  /// Whether every figure with a tolerance is within it.
  public boolean within() {
    return rows.stream().noneMatch(row -> row.verdict() == Row.Verdict.MISS);
  }

  private static void compare(MeasuredComparison comparison, Scenario scenario) {
    PartitionSpec host = scenario.partitions().getFirst();
    comparison.shares();
    comparison.runLengths((_, figure) -> figure.runs().orElseThrow());
    boolean saturated =
        host.tasks().stream().allMatch(task -> task.workload() instanceof WorkloadSpec.Busy);
    host.groups().forEach(group -> limits("", group, host, saturated, comparison));
    for (TaskSpec task : host.tasks()) {
      if (task.workload() instanceof WorkloadSpec.Periodic
          && comparison.kernel().task(task.name()).jobs().isPresent()
          && comparison.model().task(task.name()).jobs().isPresent()) {
        comparison.jobs(task.name());
      }
    }
  }

  private static void limits(
      String parent,
      GroupSpec group,
      PartitionSpec host,
      boolean saturated,
      MeasuredComparison comparison) {
    String path = parent.isEmpty() ? group.name() : parent + "/" + group.name();
    if (group.quota().isPresent()) {
      List<String> members =
          host.tasks().stream()
              .filter(task -> task.group().equals(path) || task.group().startsWith(path + "/"))
              .map(TaskSpec::name)
              .toList();
      comparison.limited(path, members, 0, group.quota().get().burstNs() > 0, saturated);
    }
    group.groups().forEach(child -> limits(path, child, host, saturated, comparison));
  }

  // --- The kernel's figures ---

  private static Measured measured(Scenario scenario, GuestReport report, SwitchFold fold) {
    List<TaskSpec> specs = scenario.partitions().getFirst().tasks();
    Map<String, OfTask> tasks = new LinkedHashMap<>();
    for (int i = 0; i < specs.size(); i++) {
      Optional<Jobs> jobs = jobs(specs.get(i), report.jobs().get(i), scenario.durationNs());
      tasks.put(specs.get(i).name(), Predicted.ofTask(specs.get(i), fold, jobs));
    }
    Map<String, OfGroup> groups = new LinkedHashMap<>();
    report
        .after()
        .forEach((path, counters) -> {
          Map<String, Long> grown = new LinkedHashMap<>();
          counters.keySet().forEach(key -> grown.put(key, report.counted(path, key)));
          groups.put(path, Predicted.ofGroup(grown));
        });
    return new Measured(tasks, groups);
  }

  private static Optional<Jobs> jobs(TaskSpec task, List<GuestReport.Job> jobs, long durationNs) {
    if (!(task.workload() instanceof WorkloadSpec.Periodic(_, long periodNs, _))) {
      return Optional.empty();
    }
    LatencyHistogram start = new LatencyHistogram();
    LatencyHistogram response = new LatencyHistogram();
    long misses = 0;
    for (GuestReport.Job job : jobs) {
      if (job.endNs() > durationNs) {
        break;
      }
      start.record(Math.max(0, job.startNs() - job.releaseNs()));
      response.record(job.endNs() - job.releaseNs());
      misses += job.endNs() > job.releaseNs() + periodNs ? 1 : 0;
    }
    return response.count() == 0
        ? Optional.empty()
        : Optional.of(Predicted.jobs(start.percentiles(), response.percentiles(), misses));
  }
}
