package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/// How far the runs of one scenario are, one for each assembly.
final class RunProgress implements Supplier<String> {
  private final List<Assembly> assemblies;
  private final long durationNs;
  private final AtomicLongArray simulatedNs;

  RunProgress(List<Assembly> assemblies, long durationNs) {
    this.assemblies = assemblies;
    this.durationNs = durationNs;
    simulatedNs = new AtomicLongArray(assemblies.size());
  }

  /// Where the run of this assembly tells its simulated time.
  LongConsumer of(int run) {
    return timeNs -> simulatedNs.set(run, timeNs);
  }

  /// How far a run has come.
  long simulatedNs(int run) {
    return simulatedNs.get(run);
  }

  @Override
  public String get() {
    List<String> parts = new ArrayList<>();
    for (int run = 0; run < assemblies.size(); run++) {
      long percent = 100 * (simulatedNs.get(run) / 1_000) / Math.max(1, durationNs / 1_000);
      parts.add(assemblies.get(run).text() + " " + percent + " %");
    }
    return String.join(", ", parts);
  }
}
