package dev.stint.scenario.trace;

import dev.stint.model.trace.PreviousState;

/// What the lines of a trace mean. Tasks and CPUs are indices from 0; [#IDLE] is no task.
interface TraceEffects {
  /// No task.
  int IDLE = -1;

  /// A CPU of which nothing was known runs this task, or idles.
  void found(long timeNs, int cpu, int task);

  /// A CPU goes from one task to another.
  void switched(long timeNs, int cpu, int previous, int next, PreviousState state);

  /// A task that slept waits for a CPU.
  void woken(long timeNs, int task, int cpu, int waker);

  /// A task that waits changes the CPU.
  void moved(long timeNs, int task, int from, int to);

  /// Only now it turns out that nothing is known of this CPU, nor of what it ran, since that event.
  void unknownCpu(long sinceEvent, int cpu) throws MalformedTrace;

  /// Only now it turns out that nothing is known of this task since that event.
  void unknownTask(long sinceEvent, int task) throws MalformedTrace;

  /// Event `number`, counted from 1, has been told in full.
  void told(long number, long timeNs);
}
