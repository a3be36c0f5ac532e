package dev.stint.cli;

import dev.stint.cli.RunPool.Outcome;
import dev.stint.cli.RunPool.Run;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stats.RunResult;
import dev.stint.report.Combination;
import dev.stint.report.Results;
import dev.stint.report.Sensitivity;
import dev.stint.report.SensitivityPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Runs a scenario under every combination of its assumed parameters. Runs that no assumption of a
/// combination can change are made once; what they say is gathered in the order of the plan.
final class SensitivitySweep implements Supplier<String> {
  private final Results results;
  private final List<Assembly> assemblies;
  private final SensitivityPlan plan;
  private final RunPool pool;

  /// @param results of the scenario as it stands, under `assemblies`
  SensitivitySweep(
      Simulator simulator, Results results, List<Assembly> assemblies, SensitivityPlan plan) {
    this.results = results;
    this.assemblies = assemblies;
    this.plan = plan;
    pool =
        new RunPool(
            simulator,
            "sensitivity",
            plan.combinations().stream()
                .flatMap(one -> assemblies.stream().map(assembly -> run(one, assembly)))
                .distinct()
                .toList());
  }

  /// How far it is.
  @Override
  public String get() {
    return pool.get();
  }

  private Run run(Combination combination, Assembly assembly) {
    return new Run(assembly, combination.apply(results.scenario(), assembly));
  }

  /// Runs everything. The first failure in the plan's order is thrown, wrapped in [RunFailure].
  Sensitivity sensitivity(int threads) {
    try (pool) {
      pool.start(threads);
      Sensitivity.Collector collector = new Sensitivity.Collector(plan, results);
      for (Combination combination : plan.combinations()) {
        collect(combination, collector);
      }
      return collector.sensitivity();
    }
  }

  private void collect(Combination combination, Sensitivity.Collector collector) {
    List<RunResult> figures = new ArrayList<>();
    for (Assembly assembly : assemblies) {
      switch (pool.outcomeOf(run(combination, assembly))) {
        case Outcome.Figures(RunResult result) -> figures.add(result);
        case Outcome.Impossible(String reason) -> {
          collector.impossible(combination, reason);
          return;
        }
      }
    }
    collector.tried(results.version(), results.scenario(), combination, figures);
  }
}
