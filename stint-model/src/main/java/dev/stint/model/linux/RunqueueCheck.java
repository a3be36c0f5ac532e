package dev.stint.model.linux;

import dev.stint.model.time.Invariant;

/// The invariants of one CPU, for tests and audited runs.
final class RunqueueCheck {
  private RunqueueCheck() {}

  /// Checks, between instants, that the CPU runs a task that may run here, and runs one if it can.
  static void check(Runqueue runqueue) {
    Task task = runqueue.current();
    int cpu = runqueue.cpu;
    boolean backed = runqueue.processor.backed();
    int queued = runqueue.root.queuedTaskCount;
    Invariant.check(
        queued == runqueue.queuedTaskCount, "a CPU's tasks are those below its root", queued);
    if (task == null) {
      Invariant.check(
          !backed || runqueue.queuedTaskCount == 0,
          "a CPU does not idle beside waiting tasks",
          cpu);
      return;
    }
    Invariant.check(
        task.allowed.contains(cpu) || task.pushTo >= 0,
        "no task runs outside its cpuset",
        task.id(),
        cpu);
    Invariant.check(!task.parked, "a parked task does not run", task.id());
    Invariant.check(task.progressing() == backed, "a task runs while its CPU is backed", task.id());
  }
}
