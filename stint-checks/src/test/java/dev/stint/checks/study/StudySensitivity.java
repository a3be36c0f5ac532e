package dev.stint.checks.study;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CannotAssemble;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.RunResult;
import dev.stint.report.Combination;
import dev.stint.report.Results;
import dev.stint.report.Sensitivity;
import dev.stint.report.SensitivityPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// A scenario's verdict under every combination of what is assumed, on shorter runs.
final class StudySensitivity {
  /// Simulated time of each run.
  static final long DURATION_NS = 3_000_000_000L;

  /// What is run: combinations that make no difference share one.
  private record Run(Assembly assembly, Scenario scenario) {}

  private final Scenario scenario;
  private final Map<Run, Optional<RunResult>> results = new ConcurrentHashMap<>();

  private StudySensitivity(Scenario scenario) {
    this.scenario = scenario;
  }

  static Sensitivity of(StudyCase study) {
    return new StudySensitivity(study.scenario().withDuration(DURATION_NS)).sensitivity();
  }

  private Sensitivity sensitivity() {
    SensitivityPlan plan = SensitivityPlan.sampled(scenario, StudyCase.ASSEMBLIES);
    List<Run> runs = new ArrayList<>();
    for (Combination combination : plan.combinations()) {
      runs.addAll(runs(combination));
    }
    runs.stream().distinct().parallel().forEach(run -> results.put(run, result(run)));
    Sensitivity.Collector collector = new Sensitivity.Collector(plan, base());
    for (Combination combination : plan.combinations()) {
      List<RunResult> together =
          runs(combination).stream().flatMap(run -> results.get(run).stream()).toList();
      if (together.size() == StudyCase.ASSEMBLIES.size()) {
        collector.tried("study", scenario, combination, together);
      } else {
        collector.impossible(combination, "cannot be assembled");
      }
    }
    return collector.sensitivity();
  }

  private Results base() {
    List<RunResult> runs = new ArrayList<>();
    for (Assembly assembly : StudyCase.ASSEMBLIES) {
      runs.add(Experiment.run(scenario, assembly, RunOptions.DEFAULT));
    }
    return new Results("study", scenario, runs);
  }

  private List<Run> runs(Combination combination) {
    return StudyCase.ASSEMBLIES.stream()
        .map(assembly -> new Run(assembly, combination.apply(scenario, assembly)))
        .toList();
  }

  private static Optional<RunResult> result(Run run) {
    try {
      return Optional.of(Experiment.run(run.scenario(), run.assembly(), RunOptions.DEFAULT));
    } catch (CannotAssemble cannot) {
      return Optional.empty();
    }
  }
}
