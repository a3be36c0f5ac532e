package dev.stint.model.linux;

import dev.stint.model.sched.Intercept;

/// An access of a task that the VMM emulates: the task goes on when the VMM is done.
record TaskIntercept(Task task, Intercept cause) implements Intercept {
  /// The running task's VP stops until the VMM has handled `cause`.
  static void begin(Task task, Intercept cause) {
    long nowNs = task.kernel.simulation.nowNs();
    task.runqueue().processor.intercept(nowNs, new TaskIntercept(task, cause));
  }

  @Override
  public long handlingNs() {
    return cause.handlingNs();
  }

  @Override
  public void handled(long nowNs) {
    task.woken();
    task.kernel.costs.intercepted(task.progress);
    cause.handled(nowNs);
  }
}
