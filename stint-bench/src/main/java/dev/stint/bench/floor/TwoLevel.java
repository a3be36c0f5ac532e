package dev.stint.bench.floor;

import dev.stint.model.time.Invariant;
import java.util.Arrays;

/// Processors that two VPs share by turns, and VPs that two tasks share by EEVDF: the least that a
/// two-level slice simulation has to do, and so the floor under the model's cost of an event.
///
/// The hypervisor's time slice is 10 ms and the guests' slice 3 ms; tasks never sleep and weigh
/// alike. Run and steal time of each VP are kept. An event is the end of a slice of either kind: it
/// charges who ran and picks who runs next. Times are nanoseconds.
public final class TwoLevel {
  /// VPs of each processor.
  public static final int VPS = 2;

  /// Tasks of each VP.
  public static final int TASKS = 2;

  /// The hypervisor's time slice.
  public static final long TIME_SLICE_NS = 10_000_000;

  /// The slice of the guests' tasks.
  public static final long SLICE_NS = 3_000_000;

  private static final int HOST_BITS = 4;
  private static final int INVERSE_SHIFT = 10;
  private static final long WEIGHT = 1 << INVERSE_SHIFT;

  private final int processors;
  private final int[] currentVp;
  private final long[] timeSliceEndNs;
  private final long[] chargedNs;
  private final int[] currentTask;
  private final long[] runNs;
  private final long[] stealNs;
  private final long[] leftNs;
  private final long[] vruntime;
  private final long[] deadline;
  private final long[] weight;
  private final long[] inverse;
  private long events;

  /// All at time 0, with the first VP and the first task of each in front.
  public TwoLevel(int processors) {
    this.processors = processors;
    currentVp = new int[processors];
    timeSliceEndNs = new long[processors];
    chargedNs = new long[processors];
    int vps = processors * VPS;
    currentTask = new int[vps];
    runNs = new long[vps];
    stealNs = new long[vps];
    leftNs = new long[vps];
    vruntime = new long[vps * TASKS];
    deadline = new long[vps * TASKS];
    weight = new long[vps * TASKS];
    inverse = new long[vps * TASKS];
    for (int processor = 0; processor < processors; processor++) {
      // Processors are out of step, as real ones are.
      timeSliceEndNs[processor] = 1 + processor * 7_919_993L % TIME_SLICE_NS;
      currentVp[processor] = processor * VPS;
    }
    for (int task = 0; task < vruntime.length; task++) {
      weight[task] = WEIGHT;
      inverse[task] = (WEIGHT << INVERSE_SHIFT) / weight[task];
      deadline[task] = SLICE_NS;
      currentTask[task / TASKS] = task / TASKS * TASKS;
    }
  }

  /// Events so far.
  public long events() {
    return events;
  }

  /// Runs each host by itself from beginning to end; the next of its events is found by a scan.
  ///
  /// @param perHost processors of a host
  public void runByHost(long untilNs, int perHost) {
    Invariant.check(perHost <= 1 << HOST_BITS, "a host has at most 16 processors", perHost);
    long[] next = new long[perHost];
    Arrays.fill(next, Long.MAX_VALUE);
    for (int first = 0; first < processors; first += perHost) {
      int count = Math.min(perHost, processors - first);
      for (int i = 0; i < count; i++) {
        next[i] = nextNs(first + i) << HOST_BITS | i;
      }
      long least = least(next);
      while (least >>> HOST_BITS <= untilNs) {
        int at = (int) least & (1 << HOST_BITS) - 1;
        next[at] = event(first + at, least >>> HOST_BITS) << HOST_BITS | at;
        least = least(next);
      }
    }
    settle(untilNs);
  }

  /// The least of the packed times, without a branch.
  private static long least(long[] next) {
    long least = next[0];
    for (int i = 1; i < next.length; i++) {
      long less = next[i] - least;
      least += less & less >> 63;
    }
    return least;
  }

  /// Runs all processors together, their next events in one heap.
  public void runInOneHeap(long untilNs) {
    PackedHeap heap = new PackedHeap(processors);
    for (int i = 0; i < processors; i++) {
      heap.replace(nextNs(heap.source()));
    }
    while (heap.timeNs() <= untilNs) {
      heap.replace(event(heap.source(), heap.timeNs()));
    }
    settle(untilNs);
  }

  /// Handles the event of `processor` at `nowNs`; returns when its next one is.
  private long event(int processor, long nowNs) {
    events++;
    charge(processor, nowNs);
    int vp = currentVp[processor];
    if (nowNs == timeSliceEndNs[processor]) {
      leftNs[vp] = nowNs;
      vp ^= 1;
      stealNs[vp] += nowNs - leftNs[vp];
      currentVp[processor] = vp;
      timeSliceEndNs[processor] = nowNs + TIME_SLICE_NS;
    } else {
      currentTask[vp] = pick(vp);
    }
    return nextNs(processor);
  }

  private void charge(int processor, long nowNs) {
    int vp = currentVp[processor];
    int task = currentTask[vp];
    long ranNs = nowNs - chargedNs[processor];
    chargedNs[processor] = nowNs;
    runNs[vp] += ranNs;
    vruntime[task] += (ranNs * inverse[task]) >> INVERSE_SHIFT;
    if (vruntime[task] >= deadline[task]) {
      deadline[task] = vruntime[task] + ((SLICE_NS * inverse[task]) >> INVERSE_SHIFT);
    }
  }

  /// The eligible task (not ahead of the mean) with the earliest deadline.
  private int pick(int vp) {
    int first = vp * TASKS;
    long sum = 0;
    long load = 0;
    for (int task = first; task < first + TASKS; task++) {
      sum += (vruntime[task] - vruntime[first]) * weight[task];
      load += weight[task];
    }
    int best = first;
    long bestDeadline = Long.MAX_VALUE;
    for (int task = first; task < first + TASKS; task++) {
      // All ones for a task ahead of the mean: its deadline is then later than any.
      long ahead = (sum - (vruntime[task] - vruntime[first]) * load) >> 63;
      long itsDeadline = deadline[task] | (ahead & Long.MAX_VALUE);
      best = itsDeadline < bestDeadline ? task : best;
      bestDeadline = Math.min(bestDeadline, itsDeadline);
    }
    return best;
  }

  private long nextNs(int processor) {
    int task = currentTask[currentVp[processor]];
    long sliceNs = ((deadline[task] - vruntime[task]) * weight[task]) >> INVERSE_SHIFT;
    return Math.min(timeSliceEndNs[processor], chargedNs[processor] + sliceNs);
  }

  /// Accounts for the time up to `untilNs`, at the end of the run.
  private void settle(long untilNs) {
    for (int processor = 0; processor < processors; processor++) {
      charge(processor, untilNs);
      int waiting = currentVp[processor] ^ 1;
      stealNs[waiting] += untilNs - leftNs[waiting];
      leftNs[waiting] = untilNs;
    }
  }

  /// Checks that no nanosecond is lost and that all got their share, within a slice.
  public void check(long untilNs) {
    for (int vp = 0; vp < runNs.length; vp++) {
      Invariant.check(runNs[vp] + stealNs[vp] == untilNs, "run and steal time are all time", vp);
      Invariant.check(
          Math.abs(runNs[vp] - stealNs[vp]) <= TIME_SLICE_NS, "VPs share their LP alike", vp);
      int task = vp * TASKS;
      Invariant.check(
          vruntime[task] + vruntime[task + 1] == runNs[vp], "tasks ran while their VP did", vp);
      Invariant.check(
          Math.abs(vruntime[task] - vruntime[task + 1]) <= SLICE_NS, "tasks share alike", vp);
    }
  }

  /// A number that two runs share if they did the same.
  public long fingerprint() {
    long print = events;
    for (int vp = 0; vp < runNs.length; vp++) {
      print = print * 31 + runNs[vp];
      print = print * 31 + vruntime[vp * TASKS];
    }
    return print;
  }
}
