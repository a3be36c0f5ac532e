package dev.stint.bench;

import dev.stint.bench.floor.TwoLevel;

/// Measures the floor.
final class FloorRound {
  private static final int HOST_LPS = 10;
  private static final double NS_PER_S = 1e9;
  private static final long LEAST_NS = 30_000_000;

  private FloorRound() {}

  /// Processor time of an event, all processors in one heap.
  static double heapNs(int processors, double coreSeconds) {
    TwoLevel world = new TwoLevel(processors);
    long untilNs = untilNs(processors, coreSeconds);
    long startNs = Clock.cpuNs();
    world.runInOneHeap(untilNs);
    return perEvent(world, startNs);
  }

  /// The same, each host of ten by itself.
  static double hostNs(int processors, double coreSeconds) {
    TwoLevel world = new TwoLevel(processors);
    long untilNs = untilNs(processors, coreSeconds);
    long startNs = Clock.cpuNs();
    world.runByHost(untilNs, HOST_LPS);
    return perEvent(world, startNs);
  }

  private static double perEvent(TwoLevel world, long startNs) {
    return (double) (Clock.cpuNs() - startNs) / world.events();
  }

  static double eventsPerCoreSecond(int processors, double coreSeconds) {
    TwoLevel world = new TwoLevel(processors);
    long untilNs = untilNs(processors, coreSeconds);
    world.runInOneHeap(untilNs);
    world.check(untilNs);
    return world.events() / (untilNs / NS_PER_S * processors);
  }

  private static long untilNs(int processors, double coreSeconds) {
    return Math.max(LEAST_NS, (long) (coreSeconds / processors * NS_PER_S));
  }
}
