package dev.stint.bench;

import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import java.util.Optional;
import java.util.function.LongConsumer;

/// One execution of a benchmark, and what it took.
///
/// @param events dispatches on LPs and VPs, and wake-ups of tasks
/// @param timerEvents timers that expired
/// @param loopNs processor time from the first hundredth of the simulated time to its end
/// @param wholeNs processor time of all, from building the stacks to the results
/// @param steadyBytes allocated in the second half of the simulated time
record CaseRound(long events, long timerEvents, long loopNs, long wholeNs, long steadyBytes) {
  private static final int STEPS = 100;

  /// The part of the simulated time that `loopNs` is of.
  private static final double LOOP_PART = 1 - 1.0 / STEPS;

  /// Runs it.
  static CaseRound of(BenchCase benchCase, long simulatedNs) {
    long events = 0;
    long timerEvents = 0;
    long loopNs = 0;
    long bytes = 0;
    long startNs = Clock.cpuNs();
    for (int host = 0; host < benchCase.hosts(); host++) {
      Watched watched = new Watched(simulatedNs);
      RunResult result = run(benchCase, host, simulatedNs, watched::step);
      events += events(result);
      timerEvents += result.events();
      loopNs += watched.endNs - watched.startNs;
      bytes += watched.endBytes - watched.halfBytes;
    }
    return new CaseRound(events, timerEvents, loopNs, Clock.cpuNs() - startNs, bytes);
  }

  /// The most live bytes of the first host's run; it takes a collection at several steps, so
  /// nothing else can be measured with it.
  static long peakBytes(BenchCase benchCase, long simulatedNs) {
    long before = Clock.liveBytes();
    long[] most = {before};
    long everyNs = simulatedNs / 4;
    long[] nextNs = {simulatedNs / STEPS};
    RunResult result =
        run(
            benchCase,
            0,
            simulatedNs,
            timeNs -> {
              if (timeNs >= nextNs[0]) {
                most[0] = Math.max(most[0], Clock.liveBytes());
                nextNs[0] = Math.min(simulatedNs, timeNs + everyNs);
              }
            });
    long after = result.entities().isEmpty() ? before : Clock.liveBytes();
    return Math.max(most[0], after) - before;
  }

  private static RunResult run(BenchCase benchCase, int host, long simulatedNs, LongConsumer step) {
    return Experiment.run(
        benchCase.host(host, simulatedNs),
        benchCase.assembly(),
        new RunOptions(false, Optional.empty(), step));
  }

  /// Every dispatch is one on an LP, or one of a task or thread on a VP.
  private static long events(RunResult result) {
    long events = 0;
    for (EntityResult entity : result.entities()) {
      events +=
          switch (entity.kind()) {
            case LP, THREAD -> entity.dispatches();
            case TASK -> entity.dispatches() + entity.wakeLatency().count();
            case VP, GROUP, PARTITION, RULE -> 0;
          };
    }
    return events;
  }

  /// Processor time of an event in the loop.
  double eventNs() {
    return loopNs / (events * LOOP_PART);
  }

  /// Reads the clocks as the run goes on.
  private static final class Watched {
    private final long simulatedNs;
    private int steps;
    private long startNs;
    private long endNs;
    private long halfBytes;
    private long endBytes;

    Watched(long simulatedNs) {
      this.simulatedNs = simulatedNs;
    }

    void step(long timeNs) {
      steps++;
      if (steps == 1) {
        startNs = Clock.cpuNs();
      } else if (steps == STEPS / 2) {
        halfBytes = Clock.allocatedBytes();
      } else if (timeNs == simulatedNs) {
        endBytes = Clock.allocatedBytes();
        endNs = Clock.cpuNs();
      }
    }
  }
}
