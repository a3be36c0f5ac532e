package dev.stint.checks.fidelity;

import dev.stint.checks.golden.FreeRun;
import dev.stint.checks.golden.FreeRun.Setting;
import dev.stint.checks.golden.FreeRun.Times;
import dev.stint.checks.golden.GoldenFiles;
import dev.stint.checks.golden.GoldenFiles.Live;
import dev.stint.host.figures.Figures;
import dev.stint.host.figures.Measured;
import dev.stint.host.figures.Measured.Jobs;
import dev.stint.host.figures.Measured.OfTask;
import dev.stint.host.figures.Range;
import dev.stint.host.figures.Row;
import dev.stint.host.figures.RunLengths;
import dev.stint.host.figures.Tolerance;
import dev.stint.model.linux.KernelVersion;
import dev.stint.scenario.recording.GoldenScenario;
import dev.stint.scenario.recording.GoldenScenario.Mode;
import dev.stint.scenario.recording.GoldenScenario.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// Sets free runs of the model beside the live machine, within the tolerances of golden/README.md.
final class LiveSection {
  private static final String FOLDER = "live-6.18.44";
  private static final long GO_NS = 600_000;
  private static final long WARM_UP_NS = 700_000_000L;
  private static final long WINDOW_NS = 10_000_000_000L;
  private static final long PING_PONG_WINDOW_NS = 1_000_000_000L;

  private static final Tolerance HALF_TICK = new Tolerance(2e6, 0, "half a tick");
  private static final Tolerance SATURATED = new Tolerance(1, 0, "1");
  private static final Tolerance POINTS_3 = new Tolerance(3, 0, "3 points");
  private static final double WHOLE_TICKS_NS = 100_000;
  private static final Tolerance RATE = new Tolerance(0, 0.1, "10 %");

  private final GoldenFiles files;

  LiveSection(GoldenFiles files) {
    this.files = files;
  }

  List<Row> rows() throws IOException {
    KernelVersion version = KernelVersion.parse("6.18.44").orElseThrow();
    List<Row> rows = new ArrayList<>();
    for (String name : files.cases(FOLDER)) {
      Live live = files.live(name);
      Figures figures = new Figures(name);
      compare(figures, live, FreeRun.window(live.scenario(), setting(live, version)));
      rows.addAll(figures.rows());
    }
    return rows;
  }

  private static Setting setting(Live live, KernelVersion version) {
    Map<String, Times> times = new LinkedHashMap<>();
    long windowNs = WINDOW_NS;
    for (Task task : live.scenario().tasks()) {
      switch (task.mode()) {
        case HOG -> times.put(task.name(), new Times(GO_NS, 0, 0));
        case PERIODIC -> {
          long release =
              task.fixedPhase()
                  ? task.arguments().get(2) * 1_000 + task.periodNs()
                  : GO_NS + task.periodNs();
          times.put(task.name(), new Times(GO_NS, release, demandNs(task, live.measured())));
        }
        case PING_PONG -> {
          times.put(task.name(), new Times(GO_NS, 0, passNs(live.measured(), task)));
          windowNs = PING_PONG_WINDOW_NS;
        }
      }
    }
    long to = WARM_UP_NS + windowNs;
    return new Setting(
        version,
        2,
        OptionalLong.empty(),
        false,
        times,
        OptionalLong.empty(),
        List.of(),
        WARM_UP_NS,
        to,
        to);
  }

  private static long demandNs(Task task, Measured measured) {
    OfTask figures = measured.task(task.name());
    Jobs jobs = figures.jobs().orElseThrow();
    double part = jobs.jobCount() / (jobs.jobCount() + jobs.skipCount());
    return Math.round(figures.sharePercent() / 100 * task.periodNs() / part);
  }

  /// CPU time of one pass of a ping-pong: a player's CPU time over its switches.
  private static long passNs(Measured measured, Task task) {
    OfTask player = measured.task(task.name() + "A");
    return Math.round(
        player.sharePercent()
            / 100
            * 1e9
            / (player.preemptedPerSecond() + player.sleptPerSecond()));
  }

  // --- Figures ---

  private void compare(Figures figures, Live live, Measured model) {
    GoldenScenario scenario = live.scenario();
    Measured kernel = live.measured();
    if (scenario.tasks().stream().anyMatch(task -> task.mode() == Mode.PING_PONG)) {
      pingPong(figures, kernel, model);
    } else if (scenario.limited()) {
      quota(figures, scenario, kernel, model);
    } else if (!scenario.onlyHogs()) {
      shares(figures, kernel, model, POINTS_3);
      for (Task task : scenario.tasks()) {
        if (task.fixedPhase()) {
          jobs(figures, task, kernel, model);
        }
      }
    } else if (scenario.oneCpu()) {
      hogs(figures, scenario, kernel, model);
    } else {
      shares(figures, kernel, model, POINTS_3);
      figures.rate("switches/s", preempted(kernel), preempted(model), Tolerance.NONE);
      figures.close();
    }
  }

  private static void shares(
      Figures figures, Measured kernel, Measured model, Tolerance tolerance) {
    kernel
        .tasks()
        .forEach((task, figure) ->
            figures.percent(
                "CPU of " + task,
                figure.sharePercent(),
                model.task(task).sharePercent(),
                false,
                tolerance));
    figures.close();
  }

  private static void hogs(
      Figures figures, GoldenScenario scenario, Measured kernel, Measured model) {
    double kernelSum = sum(kernel);
    double modelSum = sum(model);
    kernel
        .tasks()
        .forEach((task, figure) -> {
          double share = 100 * figure.sharePercent() / kernelSum;
          figures.percent(
              "share of " + task,
              share,
              100 * model.task(task).sharePercent() / modelSum,
              false,
              new Tolerance(0.15, share > 2 ? 0.015 : 0, "0.15 points or 1.5 %"));
        });
    figures.close();
    shares(figures, kernel, model, new Tolerance(0.5, 0, "0.5 points"));
    switchRate(figures, scenario, kernel, model);
    kernel.tasks().forEach((task, figure) -> medianRun(figures, scenario, task, figure, model));
    figures.close();
  }

  /// The median run is the kernel's number of whole ticks; where other work cuts runs (a1, a3), any
  /// number of them.
  private static void medianRun(
      Figures figures, GoldenScenario scenario, String task, OfTask kernel, Measured model) {
    double ours = model.task(task).runs().orElseThrow().medianNs();
    double theirs = kernel.runs().orElseThrow().medianNs();
    boolean any = interrupted(scenario);
    double ticks = Math.rint((any ? ours : theirs) / RunLengths.TICK_NS);
    double error = ours - ticks * RunLengths.TICK_NS;
    figures.text(
        "run p50 of " + task,
        Figures.format("%.3f ms", theirs / 1e6),
        Figures.format("%.3f ms", ours / 1e6),
        Figures.format("%+.3f ms", error / 1e6),
        Math.abs(error),
        any ? "0.1 ms of any ticks" : "0.1 ms of its ticks",
        Math.abs(error) <= WHOLE_TICKS_NS);
  }

  /// Wake-ups of other work add switches to a1 and a3, whose own are few.
  private static boolean interrupted(GoldenScenario scenario) {
    return scenario.name().startsWith("a1") || scenario.name().startsWith("a3");
  }

  /// Only a lower bound where other work adds switches.
  private static void switchRate(
      Figures figures, GoldenScenario scenario, Measured kernel, Measured model) {
    double theirs = preempted(kernel);
    double ours = preempted(model);
    if (interrupted(scenario)) {
      double nearest = Math.min(theirs, ours);
      figures.text(
          "switches/s",
          Figures.format("%.1f", theirs),
          Figures.format("%.1f", ours),
          Figures.format("%+.1f", ours - nearest),
          0,
          "at most 10 % more",
          ours <= 1.1 * theirs);
    } else {
      figures.rate("switches/s", theirs, ours, RATE);
    }
    figures.close();
  }

  private static double sum(Measured measured) {
    return measured.tasks().values().stream().mapToDouble(OfTask::sharePercent).sum();
  }

  private static double preempted(Measured measured) {
    return measured.tasks().values().stream().mapToDouble(OfTask::preemptedPerSecond).sum();
  }

  private static void quota(
      Figures figures, GoldenScenario scenario, Measured kernel, Measured model) {
    figures.percent(
        "usage of the group", sum(kernel), sum(model), false, new Tolerance(0.1, 0, "0.1 points"));
    figures.close();
    if (scenario.tasks().size() > 1 && !scenario.oneCpu()) {
      shares(figures, kernel, model, new Tolerance(1.5, 0, "1.5 points"));
    }
    kernel
        .groups()
        .forEach((group, theirs) -> {
          Measured.OfGroup ours = model.group(group);
          boolean burst = scenario.group(group).burstUs() > 0;
          Tolerance throttled =
              scenario.onlyHogs()
                  ? SATURATED
                  : burst ? new Tolerance(0, 0, "exact") : Tolerance.NONE;
          figures.count("nr_throttled", theirs.throttled(), ours.throttled(), throttled);
          figures.close();
          figures.duration(
              "throttled_time",
              Range.of(theirs.throttledNs()),
              ours.throttledNs(),
              scenario.onlyHogs() ? new Tolerance(0, 0.2, "20 %") : Tolerance.NONE);
          figures.close();
        });
  }

  private static void jobs(Figures figures, Task task, Measured kernel, Measured model) {
    Jobs theirs = kernel.task(task.name()).jobs().orElseThrow();
    Jobs ours = model.task(task.name()).jobs().orElseThrow();
    String of = " of " + task.name();
    duration(figures, "start p50" + of, theirs.startNs().p50(), ours.startNs().p50(), HALF_TICK);
    boolean small = theirs.startNs().p99().median() < 300_000;
    Tolerance start99 =
        small ? new Tolerance(300_000, 0, "< 0.3 ms") : new Tolerance(0, 0.3, "30 %");
    Range kernel99 = small ? Range.of(0) : theirs.startNs().p99();
    duration(figures, "start p99" + of, kernel99, ours.startNs().p99(), start99);
    duration(
        figures,
        "response p50" + of,
        theirs.responseNs().p50(),
        ours.responseNs().p50(),
        HALF_TICK);
    duration(
        figures,
        "response p99" + of,
        theirs.responseNs().p99(),
        ours.responseNs().p99(),
        new Tolerance(0, 0.2, "20 %"));
    figures.rate(
        "misses per 1,000" + of,
        theirs.missesPerThousand(),
        ours.missesPerThousand(),
        Tolerance.NONE);
    figures.close();
  }

  private static void duration(
      Figures figures, String figure, Range theirs, Range ours, Tolerance tolerance) {
    figures.duration(figure, theirs, ours.median(), tolerance);
    figures.close();
  }

  private static void pingPong(Figures figures, Measured kernel, Measured model) {
    if (kernel.tasks().size() > 2) {
      shares(figures, kernel, model, new Tolerance(1, 0, "1 point"));
    } else {
      shares(figures, kernel, model, Tolerance.NONE);
      kernel
          .tasks()
          .forEach((task, figure) ->
              figures.rate(
                  "switches/s of " + task,
                  figure.preemptedPerSecond() + figure.sleptPerSecond(),
                  model.task(task).preemptedPerSecond() + model.task(task).sleptPerSecond(),
                  RATE));
      figures.close();
    }
  }
}
