package dev.stint.model.workload;

import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.trace.Metric;
import java.util.List;

/// A recorded task's jobs: open-loop, a late job starts as soon as the one before it ends.
final class ReplayProgram implements Program {
  private final List<ReplayedJob> jobs;
  private int next;
  private boolean working;

  ReplayProgram(WorkloadSpec.Replay spec) {
    jobs = spec.jobs();
  }

  @Override
  public void step(TaskControl task, long nowNs) {
    if (working) {
      working = false;
      task.sample(nowNs, Metric.RESPONSE, nowNs - jobs.get(next).atNs());
      next++;
    }
    if (next == jobs.size()) {
      task.exit();
      return;
    }
    ReplayedJob job = jobs.get(next);
    if (nowNs < job.atNs()) {
      task.sleepUntil(job.atNs());
      return;
    }
    working = true;
    if (job.runNs() != TaskControl.FOREVER) {
      task.sample(nowNs, Metric.OFFERED, job.runNs());
    }
    task.sample(nowNs, Metric.START_LATENCY, nowNs - job.atNs());
    task.compute(job.runNs());
  }
}
