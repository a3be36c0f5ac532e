package dev.stint.host.live;

import dev.stint.host.HostFiles;
import dev.stint.host.sys.SchedAttributes;
import dev.stint.host.sys.SystemCallFailed;
import dev.stint.model.linux.KernelVersion;
import dev.stint.model.stack.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Runs a scenario on this machine, repeatedly, and says how far the model is from it.
public final class LiveValidation {
  /// The most that others may run on the CPUs in use, percent of these CPUs' time, where the load
  /// leaves them no time.
  public static final double FOREIGN_MAX_PERCENT = 1;

  /// The most that a hypervisor may take, percent of the CPUs' time.
  public static final double STEAL_MAX_PERCENT = 0.5;

  /// The most that others may run for the tails of latencies to be judged, percent.
  public static final double QUIET_MAX_PERCENT = 0.1;

  private static final long WARM_UP_NS = 700_000_000L;
  private static final int RETRIES = 3;

  /// Between runs everything else gets its turn.
  private static final int REST_PART = 5;

  private final HostFiles files;
  private final Options options;
  private final Consumer<String> progress;

  /// @param repetitions that are to be valid, 1 or more
  /// @param boost whether the load outweighs everything else on the machine
  /// @param workerClass whose main is [LiveWorker#serve]
  /// @param interruptions where what was made is undone if the process is told to stop
  /// @param complaints is told what could not be removed
  public record Options(
      int repetitions,
      boolean boost,
      String workerClass,
      Interruptions interruptions,
      Consumer<String> complaints) {}

  /// A repetition that was made.
  ///
  /// @param foreignPercent time that others had on the CPUs in use
  /// @param stealPercent time that a hypervisor took
  /// @param valid whether it counts
  public record Attempt(double foreignPercent, double stealPercent, boolean valid) {}

  /// What came of it.
  ///
  /// @param host what the model was told of this machine
  /// @param attempts all repetitions
  /// @param foreignJudged whether foreign work makes a repetition invalid
  /// @param figures empty if there were too few valid repetitions
  public record Outcome(
      HostMachine host, List<Attempt> attempts, boolean foreignJudged, List<LiveFigure> figures) {
    /// Copies the lists.
    public Outcome {
      attempts = List.copyOf(attempts);
      figures = List.copyOf(figures);
    }

    /// Whether there is a verdict.
    public boolean judged() {
      return !figures.isEmpty();
    }

    /// How many figures are out of tolerance.
    public long missed() {
      return figures.stream().filter(figure -> figure.verdict() == LiveFigure.Verdict.MISS).count();
    }
  }

  /// @param progress is told, in words, what goes on
  public LiveValidation(HostFiles files, Options options, Consumer<String> progress) {
    this.files = files;
    this.options = options;
    this.progress = progress;
  }

  /// Runs a scenario for as long as it says, as often as asked.
  public Outcome run(Scenario scenario) throws CannotRunLive {
    HostMachine host = HostMachine.of(files, baseSliceNs(files));
    LivePlan plan = LivePlan.of(scenario, host);
    long windowNs = scenario.durationNs();
    List<Attempt> attempts = new ArrayList<>();
    List<Observed> valid = new ArrayList<>();
    boolean saturated = plan.saturated();
    int most = options.repetitions() + RETRIES;
    for (int i = 0; valid.size() < options.repetitions() && i < most; i++) {
      progress.accept(
          scenario.name() + ": run " + (valid.size() + 1) + " of " + options.repetitions());
      rest(i == 0 ? 0 : windowNs / REST_PART);
      LiveRepetition made = new LiveRun(plan, files, options).run(WARM_UP_NS, windowNs);
      boolean counts =
          made.stealPercent() <= STEAL_MAX_PERCENT
              && (!saturated || made.foreignPercent() <= FOREIGN_MAX_PERCENT);
      attempts.add(new Attempt(made.foreignPercent(), made.stealPercent(), counts));
      if (counts) {
        valid.add(made.observed());
      }
    }
    if (valid.size() < (options.repetitions() + 1) / 2) {
      return new Outcome(host, attempts, saturated, List.of());
    }
    Observed predicted = LivePrediction.of(plan, host, WARM_UP_NS, windowNs);
    boolean quiet =
        attempts.stream()
            .filter(Attempt::valid)
            .allMatch(attempt -> attempt.foreignPercent() <= QUIET_MAX_PERCENT);
    return new Outcome(
        host,
        attempts,
        saturated,
        new LiveComparison(plan, host, predicted, valid, quiet).figures());
  }

  private static void rest(long ns) {
    try {
      TimeUnit.NANOSECONDS.sleep(ns);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /// From Linux 6.12 on, the slice that a thread has which asked for none; not before EEVDF.
  public static OptionalLong baseSliceNs(HostFiles files) {
    boolean told =
        files.read("proc/sys/kernel/osrelease") instanceof HostFiles.Text.Read(String release)
            && KernelVersion.parse(release.strip().replaceAll("^(\\d+\\.\\d+).*", "$1"))
                .filter(version -> !version.equals(KernelVersion.V6_1))
                .isPresent();
    try {
      long sliceNs = SchedAttributes.of(0).sliceNs();
      return told && sliceNs > 0 ? OptionalLong.of(sliceNs) : OptionalLong.empty();
    } catch (SystemCallFailed _) {
      return OptionalLong.empty();
    }
  }
}
