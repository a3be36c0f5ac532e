package dev.stint.model.stack;

import dev.stint.model.stats.RunResult;

/// Runs a scenario under an assembly.
public final class Experiment {
  private Experiment() {}

  /// Simulates the whole scenario and returns its figures: the same scenario and assembly always give the same result, digest
  /// included.
  ///
  /// @throws CannotAssemble when the scenario makes no sense under the assembly
  public static RunResult run(Scenario scenario, Assembly assembly, RunOptions options) {
    throw new CannotAssemble("not yet: " + scenario.name() + " under " + assembly + options);
  }
}
