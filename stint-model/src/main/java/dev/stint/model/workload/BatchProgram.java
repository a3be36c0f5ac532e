package dev.stint.model.workload;

import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.trace.Metric;

/// A fixed amount of work, then the end.
final class BatchProgram implements Program {
  private final WorkloadSpec.Batch spec;
  private final long startNs;
  private boolean working;

  BatchProgram(WorkloadSpec.Batch spec, long startNs) {
    this.spec = spec;
    this.startNs = startNs;
  }

  @Override
  public void step(TaskControl task, long nowNs) {
    if (working) {
      task.sample(nowNs, Metric.COMPLETION, nowNs - startNs);
      task.exit();
      return;
    }
    working = true;
    task.sample(nowNs, Metric.OFFERED, spec.workNs());
    task.compute(spec.workNs());
  }
}
