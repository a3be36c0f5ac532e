package dev.stint.host.figures;

import dev.stint.host.figures.Measured.Jobs;
import dev.stint.host.figures.Measured.OfGroup;
import dev.stint.host.figures.Measured.OfTask;
import java.util.Collection;
import java.util.function.BiFunction;

/// Sets what a kernel did with a load beside what the model did with it.
///
/// @param figures collects the rows
/// @param kernel what was measured
/// @param model what was predicted
/// @param tolerances how far apart they may be
public record MeasuredComparison(
    Figures figures, Measured kernel, Measured model, Tolerances tolerances) {
  /// Fewer runs than these have no histogram worth the name.
  private static final int RUNS_MIN = 20;

  private static final Tolerance LATENCY = new Tolerance(100_000, 0.05, "5 % or 0.1 ms");
  private static final Tolerance USAGE = new Tolerance(0, 0.005, "0.5 %");
  private static final Tolerance ONE = new Tolerance(1, 0, "1");
  private static final Tolerance MISSES = new Tolerance(10, 0, "10");

  /// How far apart the figures of a kernel without noise and the model's may be.
  ///
  /// @param share tolerance of shares
  /// @param runLengths most distance of run-length histograms, infinite where it is not judged
  /// @param others whether the other figures have tolerances
  public record Tolerances(Tolerance share, double runLengths, boolean others) {
    /// An EEVDF kernel on one CPU.
    public static final Tolerances ONE_CPU =
        new Tolerances(new Tolerance(0, 0.005, "0.5 %"), 0.05, true);

    /// A CFS kernel.
    public static final Tolerances CFS = new Tolerances(new Tolerance(0, 0.01, "1 %"), 0.15, false);

    /// An EEVDF kernel on several CPUs.
    public static final Tolerances SEVERAL_CPUS =
        new Tolerances(new Tolerance(0, 0.03, "3 %"), 0.05, true);

    /// An EEVDF kernel on several CPUs of an emulator that gives them turns: ticks come late, so
    /// what depends on when a tick came is not judged.
    public static final Tolerances CPUS_IN_TURN =
        new Tolerances(new Tolerance(0, 0.03, "3 %"), Double.POSITIVE_INFINITY, false);

    private Tolerance checked(Tolerance tolerance) {
      return others ? tolerance : Tolerance.NONE;
    }
  }

  /// Shares of all tasks' time.
  public void shares() {
    if (kernel.tasks().size() == 1) {
      return;
    }
    double kernelSum = kernel.sumPercent(kernel.tasks().keySet());
    double modelSum = model.sumPercent(kernel.tasks().keySet());
    kernel
        .tasks()
        .forEach((task, figure) ->
            figures.percent(
                "share of " + task,
                100 * figure.sharePercent() / kernelSum,
                100 * model.task(task).sharePercent() / modelSum,
                true,
                tolerances.share()));
    figures.close();
  }

  /// How long tasks ran at a time.
  ///
  /// @param lengths of the kernel's task
  public void runLengths(BiFunction<String, OfTask, RunLengths> lengths) {
    kernel
        .tasks()
        .forEach((task, figure) -> {
          RunLengths theirs = lengths.apply(task, figure);
          RunLengths ours = model.task(task).runs().orElseThrow();
          if (theirs.count() < RUNS_MIN) {
            return;
          }
          double distance = theirs.distance(ours);
          String figureName = "run lengths of " + task + " (ticks)";
          String error = Figures.format("L1 %.1f %%", 100 * distance);
          if (Double.isInfinite(tolerances.runLengths())) {
            figures.reported(figureName, theirs.text(), ours.text(), error, distance);
            return;
          }
          figures.text(
              figureName,
              theirs.text(),
              ours.text(),
              error,
              distance,
              Figures.format("%.0f %%", 100 * tolerances.runLengths()),
              distance <= tolerances.runLengths());
        });
    figures.close();
  }

  /// What a group's limit did.
  ///
  /// @param members names of the tasks below it
  /// @param earlierPeriods that the kernel counted before the run
  /// @param burst whether it may burst
  /// @param saturated whether all tasks are hogs, so that every period is throttled
  public void limited(
      String name,
      Collection<String> members,
      int earlierPeriods,
      boolean burst,
      boolean saturated) {
    Tolerance one = saturated ? tolerances.checked(ONE) : Tolerance.NONE;
    figures.percent(
        "usage of " + name,
        kernel.sumPercent(members),
        model.sumPercent(members),
        true,
        tolerances.checked(USAGE));
    figures.close();
    OfGroup theirs = kernel.group(name);
    OfGroup ours = model.group(name);
    figures.count(
        "nr_periods since the go", theirs.periods() - earlierPeriods, ours.periods(), one);
    figures.close();
    figures.count("nr_throttled", theirs.throttled(), ours.throttled(), one);
    figures.close();
    figures.duration(
        "throttled_usec", Range.of(theirs.throttledNs()), ours.throttledNs(), Tolerance.NONE);
    figures.close();
    if (burst) {
      figures.count("nr_bursts", theirs.bursts(), ours.bursts(), Tolerance.NONE);
      figures.close();
    }
  }

  /// What a periodic task recorded of its jobs.
  public void jobs(String task) {
    Jobs theirs = kernel.task(task).jobs().orElseThrow();
    Jobs ours = model.task(task).jobs().orElseThrow();
    String of = " of " + task;
    latency("start p50" + of, theirs.startNs().p50(), ours.startNs().p50());
    latency("start p99" + of, theirs.startNs().p99(), ours.startNs().p99());
    latency("response p50" + of, theirs.responseNs().p50(), ours.responseNs().p50());
    latency("response p99" + of, theirs.responseNs().p99(), ours.responseNs().p99());
    figures.rate(
        "misses per 1,000" + of,
        theirs.missesPerThousand(),
        ours.missesPerThousand(),
        tolerances.checked(MISSES));
    figures.close();
  }

  private void latency(String figure, Range theirs, Range ours) {
    figures.duration(figure, theirs, ours.median(), tolerances.checked(LATENCY));
    figures.close();
  }
}
