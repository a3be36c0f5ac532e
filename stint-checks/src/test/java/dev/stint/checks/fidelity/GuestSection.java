package dev.stint.checks.fidelity;

import dev.stint.checks.golden.FreeRun;
import dev.stint.checks.golden.FreeRun.Setting;
import dev.stint.checks.golden.FreeRun.Times;
import dev.stint.checks.golden.GoldenFiles;
import dev.stint.checks.golden.GoldenFiles.Guest;
import dev.stint.checks.golden.GuestTrace;
import dev.stint.checks.golden.OutsideTask;
import dev.stint.host.figures.Figures;
import dev.stint.host.figures.Measured;
import dev.stint.host.figures.Measured.Jobs;
import dev.stint.host.figures.Measured.OfTask;
import dev.stint.host.figures.MeasuredComparison;
import dev.stint.host.figures.Row;
import dev.stint.host.figures.RunRecorder;
import dev.stint.model.linux.KernelVersion;
import dev.stint.scenario.recording.GoldenScenario;
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
  static final int START_UP_PERIODS = 2;

  private static final long WINDOW_FROM_NS = 1_200_000_000L;

  /// A folder and what it allows.
  ///
  /// @param name of the folder
  /// @param release of its kernel
  /// @param cpus of its machine
  /// @param baseSliceNs when set by hand
  /// @param phasesFrom the folder whose traces give the phases of cases without a trace of their
  ///   own
  /// @param tolerances what it allows
  record Folder(
      String name,
      String release,
      int cpus,
      OptionalLong baseSliceNs,
      String phasesFrom,
      MeasuredComparison.Tolerances tolerances) {}

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
    MeasuredComparison comparison =
        new MeasuredComparison(figures, guest.measured(), model, folder.tolerances());
    comparison.shares();
    Optional<RunRecorder> runs = trace.map(each -> each.runs(guest.windowNs()));
    comparison.runLengths((task, figure) ->
        runs.map(known -> known.lengths(task)).orElseGet(() -> figure.runs().orElseThrow()));
    scenario
        .groups()
        .forEach((name, group) -> {
          if (group.quotaUs() > 0) {
            comparison.limited(
                name,
                guest.measured().tasks().keySet(),
                START_UP_PERIODS,
                group.burstUs() > 0,
                scenario.onlyHogs());
          }
        });
    scenario.tasks().stream().filter(Task::periodic).map(Task::name).forEach(comparison::jobs);
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
}
