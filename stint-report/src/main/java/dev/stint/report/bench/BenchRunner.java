package dev.stint.report.bench;

import java.util.function.Consumer;

/// Runs the benchmarks; found with [java.util.ServiceLoader].
public interface BenchRunner {
  /// Measures on this thread.
  ///
  /// @param progress is told what is being measured, a line at a time
  BenchResult run(BenchRequest request, Consumer<String> progress);
}
