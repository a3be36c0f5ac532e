package dev.stint.bench;

import dev.stint.report.bench.BenchResult;
import java.util.Arrays;

/// What is known of a benchmark after some rounds.
final class CaseFigures {
  private final BenchCase benchCase;
  private final long simulatedNs;
  private final long peakBytes;
  private double[] eventNs = new double[0];
  private double floorNs = Double.MAX_VALUE;
  private long wholeNs = Long.MAX_VALUE;
  private long steadyBytes = Long.MAX_VALUE;
  private long events;
  private long timerEvents;

  /// Runs it once, for its memory only.
  CaseFigures(BenchCase benchCase, double coreSeconds) {
    this.benchCase = benchCase;
    simulatedNs = benchCase.simulatedNs(coreSeconds);
    peakBytes = CaseRound.peakBytes(benchCase, simulatedNs);
  }

  String name() {
    return benchCase.name();
  }

  /// Runs the floor, then the benchmark.
  void round(double floorCoreSeconds) {
    floorNs = Math.min(floorNs, FloorRound.heapNs(benchCase.lps(), floorCoreSeconds));
    CaseRound round = CaseRound.of(benchCase, simulatedNs);
    eventNs = Arrays.copyOf(eventNs, eventNs.length + 1);
    eventNs[eventNs.length - 1] = round.eventNs();
    wholeNs = Math.min(wholeNs, round.wholeNs());
    steadyBytes = Math.min(steadyBytes, round.steadyBytes());
    events = round.events();
    timerEvents = round.timerEvents();
  }

  BenchResult.Case result() {
    double[] sorted = eventNs.clone();
    Arrays.sort(sorted);
    return new BenchResult.Case(
        benchCase.name(),
        benchCase.assembly().text(),
        benchCase.lps(),
        benchCase.vms(),
        benchCase.tasks(),
        benchCase.hosts(),
        simulatedNs,
        events,
        timerEvents,
        sorted[0],
        sorted[sorted.length / 2],
        floorNs,
        sorted[0] / floorNs,
        (double) simulatedNs * benchCase.lps() / wholeNs,
        steadyBytes / (events / 2.0),
        peakBytes);
  }
}
