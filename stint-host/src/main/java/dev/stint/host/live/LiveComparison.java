package dev.stint.host.live;

import dev.stint.host.live.LiveFigure.Tolerance;
import dev.stint.host.live.LiveFigure.Unit;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.TaskSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Sets repetitions beside the prediction, figure by figure. The tolerances are what repetitions on
/// live machines were seen to differ by; docs/validate.md has where they come from.
final class LiveComparison {
  private static final Tolerance ONE_CPU = new Tolerance(0.15, 0, false);
  private static final double RELATIVE = 0.015;
  private static final double RELATIVE_ABOVE_PERCENT = 2;
  private static final double SMALL_MS = 0.3;

  private final LivePlan plan;
  private final HostMachine host;
  private final Observed predicted;
  private final List<Observed> kernel;
  private final boolean quiet;
  private final List<LiveFigure> figures = new ArrayList<>();

  /// @param quiet whether others ran so little that tails of latencies are the load's own
  LiveComparison(
      LivePlan plan, HostMachine host, Observed predicted, List<Observed> kernel, boolean quiet) {
    this.quiet = quiet;
    this.plan = plan;
    this.host = host;
    this.predicted = predicted;
    this.kernel = kernel;
  }

  List<LiveFigure> figures() {
    if (plan.pingPong()) {
      cpuOfTasks(Tolerance.NONE);
    } else if (plan.limited()) {
      limits();
    } else if (plan.onlyHogs() && plan.oneCpu()) {
      shares();
      cpuOfTasks(Tolerance.points(0.5));
      switches();
    } else {
      cpuOfTasks(Tolerance.points(3));
    }
    plan.tasks().forEach(this::jobs);
    return figures;
  }

  private void shares() {
    if (plan.tasks().size() == 1) {
      return;
    }
    for (TaskSpec task : plan.tasks()) {
      ToDoubleFunction<Observed> share =
          seen -> 100 * of(seen, task).cpuPercent() / seen.cpuPercent();
      boolean relative = share.applyAsDouble(predicted) > RELATIVE_ABOVE_PERCENT;
      add(
          "share of " + task.name(),
          Unit.PERCENT,
          share,
          relative ? new Tolerance(ONE_CPU.absolute(), RELATIVE, false) : ONE_CPU);
    }
  }

  private void cpuOfTasks(Tolerance tolerance) {
    for (TaskSpec task : plan.tasks()) {
      add("CPU of " + task.name(), Unit.PERCENT, seen -> of(seen, task).cpuPercent(), tolerance);
    }
  }

  /// Hogs of unequal nice switch so seldom that whatever else wakes up on the CPU shows: of these
  /// the kernel may have any more.
  private void switches() {
    boolean known =
        kernel.stream()
            .flatMap(seen -> seen.tasks().values().stream())
            .allMatch(task -> task.switchesPerSecond().isPresent());
    if (!known) {
      return;
    }
    ToDoubleFunction<Observed> rate =
        seen ->
            seen.tasks().values().stream()
                .mapToDouble(task -> task.switchesPerSecond().orElse(0))
                .sum();
    add("switches of all", Unit.PER_SECOND, rate, new Tolerance(0, 0.1, plan.unequalNice()));
  }

  private void limits() {
    plan.groups()
        .forEach((path, group) -> {
          if (group.quota().isPresent()) {
            limit(path, group);
          }
        });
    boolean spread = !plan.oneCpu() && plan.tasks().size() > 1;
    cpuOfTasks(spread ? Tolerance.points(1.5) : Tolerance.NONE);
  }

  private void limit(String path, GroupSpec group) {
    List<TaskSpec> members = plan.tasks().stream().filter(task -> plan.inside(task, path)).toList();
    add(
        "CPU of " + path,
        Unit.PERCENT,
        seen -> members.stream().mapToDouble(task -> of(seen, task).cpuPercent()).sum(),
        Tolerance.points(0.1));
    // A load that uses about its quota is throttled as its phase to the periods will have it.
    boolean judged =
        plan.onlyHogs() || group.quota().filter(quota -> quota.burstNs() > 0).isPresent();
    double onePeriod =
        kernel.stream()
            .mapToDouble(seen -> 100.0 / Math.max(1, ofGroup(seen, path).periods()))
            .max()
            .orElse(1);
    add(
        "throttled periods of " + path,
        Unit.PERCENT,
        seen -> {
          Observed.OfGroup counts = ofGroup(seen, path);
          return counts.periods() == 0 ? 0 : 100.0 * counts.throttledPeriods() / counts.periods();
        },
        judged ? Tolerance.points(onePeriod) : Tolerance.NONE);
  }

  private void jobs(TaskSpec task) {
    boolean known =
        of(predicted, task).jobs().isPresent()
            && kernel.stream().allMatch(seen -> of(seen, task).jobs().isPresent());
    if (!known) {
      return;
    }
    String of = " of " + task.name();
    boolean judged = plan.oneCpu();
    Tolerance halfTick = judged ? Tolerance.points(host.linux().tickNs() / 2e6) : Tolerance.NONE;
    latency("start p50" + of, task, Observed.OfJobs::startP50Ns, halfTick);
    latency("start p99" + of, task, Observed.OfJobs::startP99Ns, tail(judged, 0.3));
    latency("response p50" + of, task, Observed.OfJobs::responseP50Ns, halfTick);
    latency("response p99" + of, task, Observed.OfJobs::responseP99Ns, tail(judged, 0.2));
    add(
        "late jobs" + of,
        Unit.PERCENT,
        seen -> {
          Observed.OfJobs jobs = jobsOf(seen, task);
          return 100.0 * jobs.misses() / Math.max(1, jobs.count());
        },
        Tolerance.NONE);
  }

  private Tolerance tail(boolean judged, double part) {
    return judged && quiet ? new Tolerance(SMALL_MS, part, false) : Tolerance.NONE;
  }

  private void latency(
      String name, TaskSpec task, ToDoubleFunction<Observed.OfJobs> ns, Tolerance tolerance) {
    add(name, Unit.MILLISECONDS, seen -> ns.applyAsDouble(jobsOf(seen, task)) / 1e6, tolerance);
  }

  private void add(String name, Unit unit, ToDoubleFunction<Observed> figure, Tolerance tolerance) {
    figures.add(
        LiveFigure.of(
            name,
            unit,
            kernel.stream().mapToDouble(figure).toArray(),
            figure.applyAsDouble(predicted),
            tolerance));
  }

  private static Observed.OfTask of(Observed seen, TaskSpec task) {
    Observed.OfTask found = seen.tasks().get(task.name());
    if (found == null) {
      throw new IllegalStateException("no figures of " + task.name());
    }
    return found;
  }

  private static Observed.OfJobs jobsOf(Observed seen, TaskSpec task) {
    return of(seen, task).jobs().orElseThrow();
  }

  private static Observed.OfGroup ofGroup(Observed seen, String path) {
    return seen.groups().getOrDefault(path, new Observed.OfGroup(0, 0));
  }
}
