package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CannotAssemble;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.RunResult;
import dev.stint.report.Combination;
import dev.stint.report.Results;
import dev.stint.report.Sensitivity;
import dev.stint.report.SensitivityPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// Runs a scenario under every combination of its assumed parameters. Runs that no assumption of a
/// combination can change are made once; all are worlds of their own and are gathered in the order
/// of the plan, so the number of threads changes nothing.
final class SensitivitySweep implements Supplier<String> {
  private static final Future<Outcome> NOT_RUN =
      CompletableFuture.failedFuture(new IllegalStateException("a run that was not planned"));

  private final Simulator simulator;
  private final Results results;
  private final List<Assembly> assemblies;
  private final SensitivityPlan plan;
  private final List<Run> runs;
  private final AtomicInteger doneCount = new AtomicInteger();
  private final Map<Run, Future<Outcome>> outcomes = new LinkedHashMap<>();

  /// What is run: combinations that make no difference share one.
  private record Run(Assembly assembly, Scenario scenario) {}

  private sealed interface Outcome {
    record Figures(RunResult result) implements Outcome {}

    record Impossible(String reason) implements Outcome {}
  }

  /// @param results of the scenario as it stands, under `assemblies`
  SensitivitySweep(
      Simulator simulator, Results results, List<Assembly> assemblies, SensitivityPlan plan) {
    this.simulator = simulator;
    this.results = results;
    this.assemblies = assemblies;
    this.plan = plan;
    runs =
        plan.combinations().stream()
            .flatMap(one -> assemblies.stream().map(assembly -> run(one, assembly)))
            .distinct()
            .toList();
  }

  /// How far it is.
  @Override
  public String get() {
    return "sensitivity " + doneCount.get() + " of " + runs.size() + " runs";
  }

  private Run run(Combination combination, Assembly assembly) {
    return new Run(assembly, combination.apply(results.scenario(), assembly));
  }

  /// Runs everything. The first failure in the plan's order is thrown, wrapped in [RunFailure].
  Sensitivity sensitivity(int threads) {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            threads, task -> Thread.ofPlatform().daemon().name("simulation").unstarted(task));
    try {
      for (Run run : runs) {
        outcomes.put(run, pool.submit(() -> outcome(run)));
      }
      Sensitivity.Collector collector = new Sensitivity.Collector(plan, results);
      for (Combination combination : plan.combinations()) {
        collect(combination, collector);
      }
      return collector.sensitivity();
    } finally {
      pool.shutdownNow();
    }
  }

  private Outcome outcome(Run run) {
    try {
      RunOptions options = new RunOptions(false, Optional.empty(), _ -> {});
      return new Outcome.Figures(simulator.run(run.scenario(), run.assembly(), options));
    } catch (CannotAssemble cannot) {
      return new Outcome.Impossible("under " + run.assembly().text() + ", " + cannot.getMessage());
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new RunFailure(run.assembly(), 0, e);
    } finally {
      doneCount.incrementAndGet();
    }
  }

  private void collect(Combination combination, Sensitivity.Collector collector) {
    List<RunResult> figures = new ArrayList<>();
    for (Assembly assembly : assemblies) {
      switch (await(outcomes.getOrDefault(run(combination, assembly), NOT_RUN))) {
        case Outcome.Figures(RunResult result) -> figures.add(result);
        case Outcome.Impossible(String reason) -> {
          collector.impossible(combination, reason);
          return;
        }
      }
    }
    collector.tried(results.version(), results.scenario(), combination, figures);
  }

  private static Outcome await(Future<Outcome> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RunFailure failure) {
        throw failure;
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
