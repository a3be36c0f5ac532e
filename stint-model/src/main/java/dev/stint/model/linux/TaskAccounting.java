package dev.stint.model.linux;

/// What a kernel keeps about one task for /proc: how long it waited on runqueues (`struct
/// sched_info`; facts: linux.md §7.4) and where ticks found it (facts: §7.2).
final class TaskAccounting {
  private static final long NOT_QUEUED = -1;

  private long startedNs = NOT_QUEUED;
  private long queuedSinceNs = NOT_QUEUED;
  private long runDelayNs;
  private long arrivalCount;
  private long voluntaryCount;
  private long involuntaryCount;
  private long userTickNs;
  private long systemTickNs;
  private final CputimeSplit split = new CputimeSplit();

  /// It joins a runqueue, or loses its CPU while it could go on (`sched_info_enqueue`).
  void queued(long nowNs) {
    if (startedNs == NOT_QUEUED) {
      startedNs = nowNs;
    }
    if (queuedSinceNs == NOT_QUEUED) {
      queuedSinceNs = nowNs;
    }
  }

  /// It gets a CPU (`sched_info_arrive`).
  void arrived(long nowNs) {
    if (queuedSinceNs != NOT_QUEUED) {
      runDelayNs += nowNs - queuedSinceNs;
      queuedSinceNs = NOT_QUEUED;
    }
    arrivalCount++;
  }

  /// It leaves its CPU (`sched_info_depart`).
  void departed(boolean runnable, long nowNs) {
    if (runnable) {
      involuntaryCount++;
      queued(nowNs);
    } else {
      voluntaryCount++;
    }
  }

  /// A tick found it running.
  void sampled(long ns, boolean inKernel) {
    if (inKernel) {
      systemTickNs += ns;
    } else {
      userTickNs += ns;
    }
  }

  /// When it first joined a runqueue.
  long startedNs() {
    return startedNs;
  }

  /// Time on runqueues without a CPU, by the wall clock, in waits that are over: the second figure
  /// of /proc/PID/schedstat.
  long runDelayNs() {
    return runDelayNs;
  }

  /// How often it got a CPU: the third figure.
  long arrivalCount() {
    return arrivalCount;
  }

  long voluntaryCount() {
    return voluntaryCount;
  }

  long involuntaryCount() {
    return involuntaryCount;
  }

  /// utime and stime that add up to `execNs`.
  CputimeSplit.Times times(long execNs) {
    return split.adjust(userTickNs, systemTickNs, execNs);
  }
}
