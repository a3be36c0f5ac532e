package dev.stint.checks.fidelity;

import dev.stint.checks.fidelity.Figures.Tolerance;
import dev.stint.checks.golden.FreeRun;
import dev.stint.checks.golden.FreeRun.Setting;
import dev.stint.checks.golden.FreeRun.Times;
import dev.stint.checks.golden.GoldenFiles;
import dev.stint.checks.golden.GoldenFiles.Guest;
import dev.stint.checks.golden.GuestTrace;
import dev.stint.checks.golden.Measured;
import dev.stint.checks.golden.Measured.Jobs;
import dev.stint.checks.golden.Measured.OfGroup;
import dev.stint.checks.golden.Measured.OfTask;
import dev.stint.checks.golden.OutsideTask;
import dev.stint.checks.golden.RunLengths;
import dev.stint.checks.golden.RunRecorder;
import dev.stint.model.linux.KernelVersion;
import dev.stint.scenario.recording.GoldenScenario;
import dev.stint.scenario.recording.GoldenScenario.Group;
import dev.stint.scenario.recording.GoldenScenario.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Sets free runs of the model beside a folder of guests.
final class GuestSection {
  private static final long GO_NS = 600_000;
  private static final long END_NS = 11_040_000_000L;

  /// Before the go the tasks start and wait; the little they run costs the period in which it falls
  /// and one idle period more, both of which the guest's counter holds.
  private static final int START_UP_PERIODS = 2;

  /// Fewer runs than these have no histogram worth the name.
  private static final int RUNS_MIN = 20;

  private static final long WINDOW_FROM_NS = 1_200_000_000L;

  /// A folder and what it allows.
  ///
  /// @param name of the folder
  /// @param release of its kernel
  /// @param cpus of its machine
  /// @param baseSliceNs when set by hand
  /// @param phasesFrom the folder whose traces give the phases of cases without a trace of their
  ///   own
  /// @param share tolerance of shares
  /// @param runLengths most distance of run-length histograms
  /// @param others whether the other figures have tolerances
  record Folder(
      String name,
      String release,
      int cpus,
      OptionalLong baseSliceNs,
      String phasesFrom,
      Tolerance share,
      double runLengths,
      boolean others) {}

  private static final Tolerance LATENCY = new Tolerance(100_000, 0.05, "5 % or 0.1 ms");
  private static final Tolerance USAGE = new Tolerance(0, 0.005, "0.5 %");
  private static final Tolerance ONE = new Tolerance(1, 0, "1");
  private static final Tolerance MISSES = new Tolerance(10, 0, "10");

  private final GoldenFiles files;
  private final Folder folder;

  GuestSection(GoldenFiles files, Folder folder) {
    this.files = files;
    this.folder = folder;
  }

  List<Row> rows() throws IOException {
    Optional<KernelVersion> version = KernelVersion.parse(folder.release());
    List<Row> rows = new ArrayList<>();
    for (String name : files.cases(folder.name())) {
      Figures figures = new Figures(name);
      if (version.isEmpty()) {
        figures.absent("no model of " + folder.release());
      } else {
        compare(figures, files.scenario(name), version.get());
      }
      rows.addAll(figures.rows());
    }
    return rows;
  }

  private void compare(Figures figures, GoldenScenario scenario, KernelVersion version)
      throws IOException {
    Guest guest = files.guest(folder.name(), scenario.name());
    Optional<GuestTrace> trace = trace(folder.name(), scenario);
    Optional<GuestTrace> phases = trace.isPresent() ? trace : trace(folder.phasesFrom(), scenario);
    Measured model = FreeRun.whole(scenario, setting(scenario, guest, trace, phases, version));
    shares(figures, scenario, guest.measured(), model);
    Optional<RunRecorder> runs = trace.map(each -> each.runs(guest.windowNs()));
    runLengths(figures, guest.measured(), runs, model);
    scenario.groups().forEach((name, group) -> group(figures, scenario, name, group, guest, model));
    for (Task task : scenario.tasks()) {
      if (task.periodic()) {
        jobs(figures, task, guest.measured(), model);
      }
    }
  }

  private Optional<GuestTrace> trace(String where, GoldenScenario scenario) throws IOException {
    Optional<Path> file = files.trace(where, scenario.name());
    return file.isPresent() ? Optional.of(GuestTrace.read(file.get(), scenario)) : Optional.empty();
  }

  // --- What the scenario leaves open ---

  private Setting setting(
      GoldenScenario scenario,
      Guest guest,
      Optional<GuestTrace> trace,
      Optional<GuestTrace> phases,
      KernelVersion version) {
    long origin = phases.map(GuestTrace::originNs).orElse(0L);
    Map<String, Times> times = new LinkedHashMap<>();
    long end = trace.map(each -> each.endNs() - origin).orElse(END_NS);
    for (Task task : scenario.tasks()) {
      long go = phases.map(each -> each.goNs(task.name()) - origin).orElse(GO_NS);
      if (!task.periodic()) {
        times.put(task.name(), new Times(go, 0, 0));
        continue;
      }
      OfTask figures = guest.measured().task(task.name());
      long release =
          phases
              .map(each -> each.releaseNs(task.name()) - origin)
              .orElseGet(() -> fixedRelease(task));
      times.put(task.name(), new Times(go, release, demandNs(task, figures, guest, trace)));
      Jobs jobs = figures.jobs().orElseThrow();
      end = Math.max(end, release + (long) (jobs.jobCount() + jobs.skipCount()) * task.periodNs());
    }
    OptionalLong quotaPhase =
        trace.isPresent() && !trace.get().unthrottlesNs().isEmpty()
            ? OptionalLong.of(trace.get().unthrottlesNs().getFirst() - origin)
            : OptionalLong.empty();
    long from = trace.map(each -> each.windowNs() - origin).orElse(WINDOW_FROM_NS);
    return new Setting(
        version,
        folder.cpus(),
        folder.baseSliceNs(),
        folder.cpus() == 1,
        times,
        quotaPhase,
        trace.map(each -> since(each, origin)).orElse(List.of()),
        from,
        from + guest.windowNs(),
        end);
  }

  private static List<OutsideTask> since(GuestTrace trace, long originNs) {
    return trace.outside().stream().map(task -> task.since(originNs)).toList();
  }

  private static long fixedRelease(Task task) {
    return task.arguments().get(2) * 1_000 + task.periodNs();
  }

  /// CPU time of a job as the kernel charged it: what runs between two sleeps; when jobs follow one
  /// another without a sleep, the window's CPU time over its jobs.
  private static long demandNs(Task task, OfTask figures, Guest guest, Optional<GuestTrace> trace) {
    Jobs jobs = figures.jobs().orElseThrow();
    double windowNs = guest.windowNs();
    double runNs = figures.sharePercent() / 100 * windowNs;
    double releases = windowNs / task.periodNs();
    double done = releases * jobs.jobCount() / (jobs.jobCount() + jobs.skipCount());
    double slept = figures.sleptPerSecond() * windowNs / 1e9;
    if (done > 1.05 * slept) {
      return Math.round(runNs / done);
    }
    if (trace.isEmpty()) {
      return Math.round(runNs / slept);
    }
    GuestTrace.Jobs whole = trace.get().jobs(task.name());
    return Math.round((double) whole.runNs() / whole.count());
  }

  // --- Figures ---

  private void shares(Figures figures, GoldenScenario scenario, Measured kernel, Measured model) {
    if (scenario.tasks().size() == 1) {
      return;
    }
    double kernelSum = sum(kernel);
    double modelSum = sum(model);
    kernel
        .tasks()
        .forEach((task, figure) ->
            figures.percent(
                "share of " + task,
                100 * figure.sharePercent() / kernelSum,
                100 * model.task(task).sharePercent() / modelSum,
                true,
                folder.share()));
    figures.close();
  }

  private static double sum(Measured measured) {
    return measured.tasks().values().stream().mapToDouble(OfTask::sharePercent).sum();
  }

  private void runLengths(
      Figures figures, Measured kernel, Optional<RunRecorder> runs, Measured model) {
    kernel
        .tasks()
        .forEach((task, figure) -> {
          RunLengths theirs =
              runs.isPresent() ? runs.get().lengths(task) : figure.runs().orElseThrow();
          RunLengths ours = model.task(task).runs().orElseThrow();
          if (theirs.count() < RUNS_MIN) {
            return;
          }
          double distance = theirs.distance(ours);
          figures.text(
              "run lengths of " + task + " (ticks)",
              theirs.text(),
              ours.text(),
              Figures.format("L1 %.1f %%", 100 * distance),
              distance,
              Figures.format("%.0f %%", 100 * folder.runLengths()),
              distance <= folder.runLengths());
        });
    figures.close();
  }

  private void group(
      Figures figures,
      GoldenScenario scenario,
      String name,
      Group group,
      Guest guest,
      Measured model) {
    if (group.quotaUs() == 0) {
      return;
    }
    boolean saturated = scenario.onlyHogs();
    figures.percent("usage of " + name, sum(guest.measured()), sum(model), true, checked(USAGE));
    figures.close();
    OfGroup theirs = guest.measured().group(name);
    OfGroup ours = model.group(name);
    figures.count(
        "nr_periods since the go",
        theirs.periods() - START_UP_PERIODS,
        ours.periods(),
        saturated ? checked(ONE) : Tolerance.NONE);
    figures.close();
    figures.count(
        "nr_throttled",
        theirs.throttled(),
        ours.throttled(),
        saturated ? checked(ONE) : Tolerance.NONE);
    figures.close();
    figures.duration(
        "throttled_usec",
        Measured.Range.of(theirs.throttledNs()),
        ours.throttledNs(),
        Tolerance.NONE);
    figures.close();
    if (group.burstUs() > 0) {
      figures.count("nr_bursts", theirs.bursts(), ours.bursts(), Tolerance.NONE);
      figures.close();
    }
  }

  private void jobs(Figures figures, Task task, Measured kernel, Measured model) {
    Jobs theirs = kernel.task(task.name()).jobs().orElseThrow();
    Jobs ours = model.task(task.name()).jobs().orElseThrow();
    String of = " of " + task.name();
    latency(figures, "start p50" + of, theirs.startNs().p50(), ours.startNs().p50());
    latency(figures, "start p99" + of, theirs.startNs().p99(), ours.startNs().p99());
    latency(figures, "response p50" + of, theirs.responseNs().p50(), ours.responseNs().p50());
    latency(figures, "response p99" + of, theirs.responseNs().p99(), ours.responseNs().p99());
    figures.rate(
        "misses per 1,000" + of,
        theirs.missesPerThousand(),
        ours.missesPerThousand(),
        checked(MISSES));
    figures.close();
  }

  private void latency(Figures figures, String figure, Measured.Range theirs, Measured.Range ours) {
    figures.duration(figure, theirs, ours.median(), checked(LATENCY));
    figures.close();
  }

  private Tolerance checked(Tolerance tolerance) {
    return folder.others() ? tolerance : Tolerance.NONE;
  }
}
