package dev.stint.scenario.trace;

import dev.stint.model.trace.PreviousState;
import java.util.Arrays;

/// From which event on nothing is known of which CPU or task: what the first reading of a trace
/// finds out and the second needs to know in time.
final class TraceGaps implements TraceEffects {
  static final int GAPS_MAX = 4_000_000;
  private static final int ID_BITS = 18;
  private static final long ID_MASK = (1L << ID_BITS) - 1;

  /// Tasks come after CPUs, so that a CPU is forgotten before what it runs.
  private static final int FIRST_TASK = 4096;

  private final String name;

  /// Event << 18 | CPU or task.
  private long[] gaps = new long[1024];

  private int count;

  TraceGaps(String name) {
    this.name = name;
  }

  @Override
  public void unknownCpu(long sinceEvent, int cpu) throws MalformedTrace {
    add(sinceEvent, cpu);
  }

  @Override
  public void unknownTask(long sinceEvent, int task) throws MalformedTrace {
    add(sinceEvent, FIRST_TASK + task);
  }

  private void add(long sinceEvent, int id) throws MalformedTrace {
    if (count == GAPS_MAX) {
      throw new MalformedTrace(
          name, "more than " + GAPS_MAX + " gaps", "Record again with a larger buffer");
    }
    if (count == gaps.length) {
      gaps = Arrays.copyOf(gaps, 2 * count);
    }
    gaps[count++] = sinceEvent << ID_BITS | id;
  }

  void sort() {
    Arrays.sort(gaps, 0, count);
  }

  int count() {
    return count;
  }

  long sinceEvent(int index) {
    return gaps[index] >>> ID_BITS;
  }

  boolean ofCpu(int index) {
    return (gaps[index] & ID_MASK) < FIRST_TASK;
  }

  /// The CPU, or the task.
  int id(int index) {
    int id = (int) (gaps[index] & ID_MASK);
    return ofCpu(index) ? id : id - FIRST_TASK;
  }

  @Override
  public void found(long timeNs, int cpu, int task) {}

  @Override
  public void switched(long timeNs, int cpu, int previous, int next, PreviousState state) {}

  @Override
  public void woken(long timeNs, int task, int cpu, int waker) {}

  @Override
  public void moved(long timeNs, int task, int from, int to) {}

  @Override
  public void told(long number, long timeNs) {}
}
