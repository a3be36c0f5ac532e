package dev.stint.report;

import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.RunResult;
import java.util.List;

/// What every report is made from: a scenario and its runs.
///
/// @param version of Stint, for the record
/// @param scenario as it was run, overrides included
/// @param runs one per assembly, in the order asked for; at least one
public record Results(String version, Scenario scenario, List<RunResult> runs) {
  /// Copies the list.
  public Results {
    runs = List.copyOf(runs);
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("results need at least one run");
    }
  }

  /// The digest of all runs: a single run's own, else a hash of theirs in order.
  public String digest() {
    if (runs.size() == 1) {
      return runs.getFirst().digest();
    }
    StringBuilder all = new StringBuilder();
    for (RunResult run : runs) {
      all.append(run.assembly()).append('=').append(run.digest()).append('\n');
    }
    return Fnv.hex(all);
  }
}
