package dev.stint.report.bench;

import java.util.List;

/// What the benchmarks found. Times are of the measuring thread's processor, garbage collection
/// included, in nanoseconds; each is the least of several rounds.
///
/// @param quick whether it was the short form
/// @param machine on what: processor, operating system, Java
/// @param peakRssBytes the most that the whole process had in memory; 0 where the system does not
///   say
public record BenchResult(
    boolean quick, String machine, List<Floor> floor, List<Case> cases, long peakRssBytes) {
  /// Copies the lists.
  public BenchResult {
    floor = List.copyOf(floor);
    cases = List.copyOf(cases);
  }

  /// The floor under so many processors.
  ///
  /// @param hostNs per event, each host of ten by itself
  /// @param heapNs per event, all processors in one heap
  /// @param eventsPerCoreSecond how many events it has
  public record Floor(int lps, double hostNs, double heapNs, double eventsPerCoreSecond) {}

  /// A workload of the model.
  ///
  /// @param name says what it is
  /// @param assembly who schedules
  /// @param lps of all its hosts
  /// @param vms of all its hosts
  /// @param tasks of all its hosts
  /// @param hosts run one after another
  /// @param simulatedNs of each host
  /// @param events dispatches on LPs and VPs, and wake-ups of tasks
  /// @param timerEvents timers that expired
  /// @param eventNs processor time of an event, while the simulation goes on: least
  /// @param eventMedianNs the same: median
  /// @param floorNs the floor's, on as many LPs in one heap, measured in turns with it: least
  /// @param floorRatio `eventNs` over `floorNs`
  /// @param coreSecondsPerCpuSecond simulated time of all LPs over processor time of the whole run:
  ///   with building the stack and making the result
  /// @param bytesPerEvent allocated in the second half of the run
  /// @param peakBytes the most live heap of one host's run
  public record Case(
      String name,
      String assembly,
      int lps,
      int vms,
      int tasks,
      int hosts,
      long simulatedNs,
      long events,
      long timerEvents,
      double eventNs,
      double eventMedianNs,
      double floorNs,
      double floorRatio,
      double coreSecondsPerCpuSecond,
      double bytesPerEvent,
      long peakBytes) {
    /// Whether there are enough events for figures per event: at least one to 100 timers.
    public boolean eventful() {
      return events >= timerEvents / 100.0;
    }

    /// Processor time of an expired timer.
    public double timerEventNs() {
      return eventNs * events / timerEvents;
    }
  }
}
