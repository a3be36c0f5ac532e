package dev.stint.model.workload;

import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.trace.Metric;

/// A job every period, released at k x period + phase; a late job starts as soon as the one before
/// it ends.
final class PeriodicProgram implements Program {
  private final long runNs;
  private final long periodNs;
  private long releaseNs;
  private boolean working;

  PeriodicProgram(WorkloadSpec.Periodic spec, long startNs) {
    runNs = spec.runNs();
    periodNs = spec.periodNs();
    long phase = Math.floorMod(spec.phaseNs(), periodNs);
    releaseNs = Math.ceilDiv(Math.max(0, startNs - phase), periodNs) * periodNs + phase;
  }

  @Override
  public void step(TaskControl task, long nowNs) {
    if (working) {
      finish(task, nowNs);
    }
    if (nowNs < releaseNs) {
      task.sleepUntil(releaseNs);
      return;
    }
    working = true;
    task.sample(nowNs, Metric.OFFERED, runNs);
    task.sample(nowNs, Metric.START_LATENCY, nowNs - releaseNs);
    task.compute(runNs);
  }

  private void finish(TaskControl task, long nowNs) {
    working = false;
    task.sample(nowNs, Metric.RESPONSE, nowNs - releaseNs);
    releaseNs += periodNs;
    if (nowNs > releaseNs) {
      task.sample(nowNs, Metric.MISS, nowNs - releaseNs);
    }
  }
}
