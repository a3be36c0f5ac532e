package dev.stint.model.linux;

import dev.stint.model.time.Invariant;

/// CPU pressure of one cgroup, or of the system: how long some of its tasks, or all of them, waited
/// for a CPU (`struct psi_group`; facts: linux.md §7.3).
final class PressureGroup {
  /*
   * The kernel's averages are taken by a worker, due two seconds and a jiffy after the first change
   * and then again and again until a period passes without a runnable task. Nothing changes between
   * two changes, so the worker's turns need no timer: the next change, or the reader, first takes
   * those that were due.
   */
  private static final int SOME = 0;
  private static final int FULL = 1;
  private static final int NONIDLE = 2;
  private static final int STATES = 3;
  private static final long NEVER = Long.MAX_VALUE;

  private final int hz;
  private final long tickNs;
  private final long tickPhaseNs;
  private final long periodNs;

  private final int[] runnable;
  private final int[] running;
  private final long[] sinceNs;
  private final long[][] timeNs;
  private final long[][] seenNs;
  private final PressureAverages[] lines = {new PressureAverages(), new PressureAverages()};

  private long lastUpdateNs;
  private long nextUpdateNs;
  private long workDueNs = NEVER;

  PressureGroup(LinuxConfig config, int cpuCount, long tickPhaseNs, long nowNs) {
    hz = config.hz();
    tickNs = config.tickNs();
    this.tickPhaseNs = tickPhaseNs;
    periodNs = (2L * hz + 1) * 1_000_000 / hz * 1000;
    runnable = new int[cpuCount];
    running = new int[cpuCount];
    sinceNs = new long[cpuCount];
    timeNs = new long[cpuCount][STATES];
    seenNs = new long[cpuCount][STATES];
    lastUpdateNs = nowNs;
    nextUpdateNs = nowNs + periodNs;
  }

  /// A task of this group or below begins or ends to be runnable, or to run, on a CPU
  /// (`psi_group_change`).
  void change(int cpu, int runnableDelta, int runningDelta, long nowNs) {
    catchUp(nowNs);
    for (int state = 0; state < STATES; state++) {
      if (holds(state, cpu)) {
        timeNs[cpu][state] += nowNs - sinceNs[cpu];
      }
    }
    sinceNs[cpu] = nowNs;
    runnable[cpu] += runnableDelta;
    running[cpu] += runningDelta;
    Invariant.check(
        running[cpu] >= 0 && running[cpu] <= Math.min(1, runnable[cpu]),
        "a CPU runs at most one runnable task",
        cpu);
    if (workDueNs == NEVER) {
      armWork(2L * hz + 1, nowNs);
    }
  }

  private boolean holds(int state, int cpu) {
    return switch (state) {
      case SOME -> runnable[cpu] > running[cpu];
      case FULL -> runnable[cpu] > 0 && running[cpu] == 0;
      default -> runnable[cpu] > 0;
    };
  }

  private void armWork(long jiffies, long nowNs) {
    workDueNs = (Math.floorDiv(nowNs - tickPhaseNs, tickNs) + jiffies) * tickNs + tickPhaseNs;
  }

  private void catchUp(long nowNs) {
    while (workDueNs <= nowNs) {
      long atNs = workDueNs;
      workDueNs = NEVER;
      boolean busy = collect(atNs);
      if (atNs >= nextUpdateNs) {
        updateAverages(atNs);
      }
      if (busy) {
        armWork(jiffies(nextUpdateNs - atNs) + 1, atNs);
      }
    }
  }

  private long jiffies(long ns) {
    return ns * hz / 1_000_000_000L;
  }

  /// Adds what passed since the last call to the totals, CPUs weighted by how long they were not
  /// idle (`collect_percpu_times`); false when all were idle.
  private boolean collect(long nowNs) {
    long nonidleTotal = 0;
    long some = 0;
    long full = 0;
    boolean busy = false;
    for (int cpu = 0; cpu < runnable.length; cpu++) {
      long nonidleNs = recent(NONIDLE, cpu, nowNs);
      busy |= nonidleNs > 0;
      long weight = jiffies(nonidleNs);
      nonidleTotal += weight;
      some += recent(SOME, cpu, nowNs) * weight;
      full += recent(FULL, cpu, nowNs) * weight;
    }
    lines[SOME].add(some / Math.max(nonidleTotal, 1));
    lines[FULL].add(full / Math.max(nonidleTotal, 1));
    return busy;
  }

  private long recent(int state, int cpu, long nowNs) {
    long ns = timeNs[cpu][state];
    if (holds(state, cpu)) {
      ns += nowNs - sinceNs[cpu];
    }
    long delta = ns - seenNs[cpu][state];
    seenNs[cpu][state] = ns;
    return delta;
  }

  private void updateAverages(long nowNs) {
    long missed = (nowNs - nextUpdateNs) / periodNs;
    long sampledNs = nowNs - (lastUpdateNs + missed * periodNs);
    nextUpdateNs += (1 + missed) * periodNs;
    lastUpdateNs = nowNs;
    for (PressureAverages line : lines) {
      line.update(missed, sampledNs);
    }
  }

  /// The file `cpu.pressure` (`psi_show`). Reading it takes part in the averaging, as in the
  /// kernel.
  ///
  /// @param system the whole system's file, which has no `full`
  String show(boolean system, long nowNs) {
    catchUp(nowNs);
    collect(nowNs);
    if (nowNs >= nextUpdateNs) {
      updateAverages(nowNs);
    }
    PressureAverages full = system ? new PressureAverages() : lines[FULL];
    return "some " + lines[SOME] + "\nfull " + full + "\n";
  }

  /// Total time in nanoseconds in which some task waited, as of the last reading.
  long someNs() {
    return lines[SOME].totalNs();
  }

  /// Total time in nanoseconds in which tasks waited and none ran, as of the last reading.
  long fullNs() {
    return lines[FULL].totalNs();
  }
}
