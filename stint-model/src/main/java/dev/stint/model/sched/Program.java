package dev.stint.model.sched;

/// What a task does: a workload, or the run loop of a vCPU thread.
///
/// The kernel calls [#step] whenever the task is on a backed CPU and its previous action is
/// complete: at its first run, when a computation ends, and when it runs again after a sleep or
/// block. The program answers with exactly one action of [TaskControl].
public interface Program {
  /// Chooses the next action. Called only while the task holds a backed processor.
  void step(TaskControl task, long nowNs);
}
