package dev.stint.checks.golden;

import dev.stint.host.figures.Measured.Jobs;
import dev.stint.host.figures.Measured.Spread;
import dev.stint.host.figures.Range;
import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import java.util.ArrayList;
import java.util.List;

/// The periodic load of the golden runs: it spins until its CPU clock has advanced by the job's
/// demand. Unlike the model's own periodic workload it skips the releases that pass while a job
/// runs, and counts a miss then.
final class GoldenLoad implements Program {
  /// How often it reads its clock. The real load never stops reading it; this is coarse enough to
  /// be cheap and a twentieth of the tolerance of latencies.
  private static final long POLL_NS = 5_000;

  private final long pollNs;
  private final long runNs;
  private final long periodNs;
  private final List<Long> startNs = new ArrayList<>();
  private final List<Long> responseNs = new ArrayList<>();
  private long releaseNs;
  private long missCount;
  private long skipCount;
  private boolean working;
  private long leftNs;
  private long wakeCostNs;

  GoldenLoad(long runNs, long periodNs, long firstReleaseNs) {
    this(runNs, periodNs, firstReleaseNs, POLL_NS);
  }

  /// One that reads its clock every `pollNs`.
  GoldenLoad(long runNs, long periodNs, long firstReleaseNs, long pollNs) {
    this.pollNs = pollNs;
    this.runNs = runNs;
    this.periodNs = periodNs;
    releaseNs = firstReleaseNs;
  }

  /// A job that begins at its release costs this much more CPU time: the switch to it.
  void wakeCost(long ns) {
    wakeCostNs = ns;
  }

  /// It is in the middle of its first job, with `ns` of its demand to go.
  void inJob(long ns) {
    working = true;
    leftNs = ns;
  }

  @Override
  public void step(TaskControl task, long nowNs) {
    if (working) {
      task.cpuClockNs(nowNs);
      if (leftNs > 0) {
        computeOn(task);
        return;
      }
      finish(nowNs);
    }
    if (nowNs < releaseNs) {
      task.sleepUntil(releaseNs);
      return;
    }
    working = true;
    startNs.add(nowNs - releaseNs);
    leftNs = nowNs == releaseNs ? runNs + wakeCostNs : runNs;
    computeOn(task);
  }

  private void computeOn(TaskControl task) {
    long pieceNs = Math.min(leftNs, pollNs);
    leftNs -= pieceNs;
    task.compute(pieceNs);
  }

  private void finish(long nowNs) {
    working = false;
    responseNs.add(nowNs - releaseNs);
    releaseNs += periodNs;
    if (nowNs > releaseNs) {
      missCount++;
    }
    while (nowNs > releaseNs) {
      skipCount++;
      releaseNs += periodNs;
    }
  }

  Jobs jobs() {
    return new Jobs(responseNs.size(), missCount, skipCount, spread(startNs), spread(responseNs));
  }

  private static Spread spread(List<Long> values) {
    List<Long> sorted = new ArrayList<>(values);
    sorted.sort(null);
    return new Spread(percentile(sorted, 50), percentile(sorted, 99));
  }

  private static Range percentile(List<Long> sorted, int percent) {
    if (sorted.isEmpty()) {
      return Range.of(0);
    }
    int index = Math.min(sorted.size() - 1, sorted.size() * percent / 100);
    return Range.of(sorted.get(index));
  }
}
