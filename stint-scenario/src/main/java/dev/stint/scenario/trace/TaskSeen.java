package dev.stint.scenario.trace;

/// A task of a trace, as far as the lines up to now tell.
final class TaskSeen {
  /// What it does.
  enum Does {
    /// Nobody knows.
    UNKNOWN,
    /// It sleeps, or has not begun.
    SLEEPS,
    /// It waits for [#cpu].
    WAITS,
    /// It runs on [#cpu].
    RUNS,
    /// It has ended.
    ENDED
  }

  final int index;
  final int pid;

  /// Whether it was there before the trace began.
  final boolean old;

  String comm;
  int priority;
  Does does;
  int cpu;

  /// Whether it was forked and not woken yet.
  boolean unborn;

  /// Whether it is among those of which something may be known.
  boolean listed;

  /// The event that last told what it does.
  long since;

  TaskSeen(int index, int pid, String comm, int priority, boolean old) {
    this.index = index;
    this.pid = pid;
    this.comm = comm;
    this.priority = priority;
    this.old = old;
    does = old ? Does.UNKNOWN : Does.SLEEPS;
  }

  @Override
  public String toString() {
    return comm + "-" + pid;
  }
}
