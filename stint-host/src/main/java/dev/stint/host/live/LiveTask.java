package dev.stint.host.live;

import dev.stint.host.CpuList;
import dev.stint.host.sys.Affinity;
import dev.stint.host.sys.SchedAttributes;
import dev.stint.host.sys.SystemCallFailed;
import dev.stint.host.sys.ThreadClock;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.workload.WorkloadSpec;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/// A task of a scenario as a thread of a real kernel, doing what the model's program does: times of
/// work are CPU time of the thread, releases are moments of `CLOCK_MONOTONIC`.
final class LiveTask {
  private static final int JOBS = 200_000;
  private static final int CHUNK = 500;

  private final String name;
  private final SchedAttributes attributes;
  private final Optional<CpuSet> affinity;
  private final long delayNs;
  private final Work work;
  private final long[] releases;
  private final long[] starts;
  private final long[] ends;
  private volatile int jobCount;
  private volatile int tid;
  private volatile long sink;

  private sealed interface Work {
    record Hog() implements Work {}

    record Jobs(long runNs, long periodNs, long phaseNs) implements Work {}

    record Cycles(long onNs, long offNs, long phaseNs) implements Work {}

    record Passes(LiveExchange exchange, int player, long workNs) implements Work {}
  }

  private LiveTask(
      String name, SchedAttributes attributes, Optional<CpuSet> affinity, long delayNs, Work work) {
    this.name = name;
    this.attributes = attributes;
    this.affinity = affinity;
    this.delayNs = delayNs;
    this.work = work;
    int jobs = work instanceof Work.Jobs ? JOBS : 0;
    releases = new long[jobs];
    starts = new long[jobs];
    ends = new long[jobs];
  }

  /// The words for a task: `task NAME POLICY NICE SLICE-NS AFFINITY|- START-NS WORK...`.
  static String words(TaskSpec task) {
    String work =
        switch (task.workload()) {
          case WorkloadSpec.Busy _ -> "busy";
          case WorkloadSpec.Periodic(long run, long period, long phase) ->
              "periodic " + run + " " + period + " " + phase;
          case WorkloadSpec.OnOff(long on, long off, long phase) ->
              "on-off " + on + " " + off + " " + phase;
          case WorkloadSpec.PingPong(String exchange, long workNs) ->
              "ping-pong " + exchange + " " + workNs;
          case WorkloadSpec.Batch _,
              WorkloadSpec.Requests _,
              WorkloadSpec.Barrier _,
              WorkloadSpec.Io _,
              WorkloadSpec.Replay _ ->
              throw new IllegalArgumentException("not run live: " + task.name());
        };
    return String.join(
        " ",
        "task",
        task.name(),
        task.policy().text(),
        Integer.toString(task.nice()),
        Long.toString(task.sliceNs().orElse(0)),
        task.affinity().map(CpuSet::toString).orElse("-"),
        Long.toString(task.startNs()),
        work);
  }

  /// Reads the words.
  ///
  /// @param exchanges of ping-pongs, by name
  static LiveTask parse(String[] words, Map<String, LiveExchange> exchanges)
      throws SystemCallFailed {
    Work work =
        switch (words[7]) {
          case "busy" -> new Work.Hog();
          case "periodic" -> new Work.Jobs(number(words[8]), number(words[9]), number(words[10]));
          case "on-off" -> new Work.Cycles(number(words[8]), number(words[9]), number(words[10]));
          case "ping-pong" -> {
            LiveExchange exchange = exchanges.get(words[8]);
            if (exchange == null) {
              exchange = new LiveExchange();
              exchanges.put(words[8], exchange);
            }
            yield new Work.Passes(exchange, exchange.join(), number(words[9]));
          }
          default -> throw new IllegalArgumentException("no such work: " + words[7]);
        };
    return new LiveTask(
        words[1],
        LiveWorker.attributes(words[2], words[3], words[4]),
        words[5].equals("-") ? Optional.empty() : CpuList.parse(words[5]),
        number(words[6]),
        work);
  }

  private static long number(String word) {
    return Long.parseLong(word);
  }

  /// Has the loops below compiled before they are measured.
  static void prepare(ThreadClock clock, long ns) throws SystemCallFailed {
    LiveTask task =
        new LiveTask(
            "prepare",
            new SchedAttributes(SchedAttributes.NORMAL, 0, 0, 0),
            Optional.empty(),
            0,
            new Work.Hog());
    long fromNs = clock.monotonicNs();
    task.compute(clock, ns);
    LiveExchange exchange = new LiveExchange();
    while (clock.monotonicNs() < fromNs + 3 * ns) {
      exchange.take(0);
      task.compute(clock, 1_000);
      exchange.pass(1);
    }
  }

  String name() {
    return name;
  }

  int tid() {
    return tid;
  }

  /// On its own thread, before anything else.
  void begin() {
    tid = ThreadClock.tid();
  }

  /// On its own thread: does its work, for ever.
  ///
  /// @param startNs the scenario's time 0
  void run(long startNs) throws SystemCallFailed {
    if (affinity.isPresent()) {
      Affinity.set(0, affinity.get());
    }
    attributes.set(0);
    ThreadClock.exactTimers();
    ThreadClock clock = new ThreadClock();
    clock.sleepUntil(startNs + delayNs);
    switch (work) {
      case Work.Hog() -> {
        while (true) {
          sink = spin(sink);
        }
      }
      case Work.Jobs jobs -> periodic(clock, jobs, startNs);
      case Work.Cycles cycles -> onOff(clock, cycles, startNs);
      case Work.Passes(LiveExchange exchange, int player, long workNs) -> {
        while (true) {
          exchange.take(player);
          compute(clock, workNs);
          exchange.pass(player);
        }
      }
    }
  }

  private void periodic(ThreadClock clock, Work.Jobs jobs, long startNs) {
    long phaseNs = Math.floorMod(jobs.phaseNs(), jobs.periodNs());
    long release =
        startNs
            + Math.ceilDiv(Math.max(0, delayNs - phaseNs), jobs.periodNs()) * jobs.periodNs()
            + phaseNs;
    for (int i = 0; i < JOBS; i++) {
      clock.sleepUntil(release);
      releases[i] = release;
      starts[i] = clock.monotonicNs();
      compute(clock, jobs.runNs());
      ends[i] = clock.monotonicNs();
      jobCount = i + 1;
      release += jobs.periodNs();
    }
  }

  private void onOff(ThreadClock clock, Work.Cycles cycles, long startNs) {
    long cycleNs = cycles.onNs() + cycles.offNs();
    for (long from = startNs + cycles.phaseNs(); ; from += cycleNs) {
      clock.sleepUntil(from);
      while (clock.monotonicNs() < from + cycles.onNs()) {
        sink = spin(sink);
      }
    }
  }

  /// Uses so much CPU time.
  private void compute(ThreadClock clock, long ns) {
    long untilNs = clock.cpuNs() + ns;
    while (clock.cpuNs() < untilNs) {
      sink = spin(sink);
    }
  }

  /// A piece of work of about a microsecond.
  private static long spin(long seed) {
    long value = seed;
    for (int i = 0; i < CHUNK; i++) {
      value = value * 6364136223846793005L + 1442695040888963407L;
    }
    return value;
  }

  /// What it recorded of the jobs released in a window: ` COUNT START-P50 START-P99 RESPONSE-P50
  /// RESPONSE-P99 MISSES`. Absent for tasks without jobs.
  Optional<String> jobs(long fromNs, long toNs) {
    if (!(work instanceof Work.Jobs(_, long periodNs, _))) {
      return Optional.empty();
    }
    int count = jobCount;
    long[] start = new long[count];
    long[] response = new long[count];
    int found = 0;
    int misses = 0;
    for (int i = 0; i < count; i++) {
      if (releases[i] >= fromNs && ends[i] < toNs) {
        start[found] = starts[i] - releases[i];
        response[found] = ends[i] - releases[i];
        misses += response[found] > periodNs ? 1 : 0;
        found++;
      }
    }
    if (found == 0) {
      return Optional.empty();
    }
    Arrays.sort(start, 0, found);
    Arrays.sort(response, 0, found);
    return Optional.of(
        " "
            + found
            + " "
            + start[found / 2]
            + " "
            + start[found * 99 / 100]
            + " "
            + response[found / 2]
            + " "
            + response[found * 99 / 100]
            + " "
            + misses);
  }
}
