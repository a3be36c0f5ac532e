package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CounterReader;
import dev.stint.model.stack.GuestReader;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// The runs of one scenario under several assemblies, at the same time. Each run is a world of its
/// own, so neither their number nor the number of threads changes any figure.
final class Runs {
  private final Simulator simulator;
  private final Scenario scenario;
  private final List<Assembly> assemblies;
  private final boolean audit;
  private final RunOutputs outputs;
  private final Optional<GuestReader> guests;
  private final Optional<CounterReader> counters;
  private final RunProgress progress;

  Runs(
      Simulator simulator,
      Scenario scenario,
      List<Assembly> assemblies,
      boolean audit,
      RunOutputs outputs,
      Optional<GuestReader> guests,
      Optional<CounterReader> counters,
      RunProgress progress) {
    this.simulator = simulator;
    this.scenario = scenario;
    this.assemblies = assemblies;
    this.audit = audit;
    this.outputs = outputs;
    this.guests = guests;
    this.counters = counters;
    this.progress = progress;
  }

  /// The results in the order of the assemblies. The first failure in that order is thrown, wrapped
  /// in [RunFailure].
  List<RunResult> results(int threads) {
    if (Math.min(threads, assemblies.size()) == 1) {
      List<RunResult> results = new ArrayList<>();
      for (int run = 0; run < assemblies.size(); run++) {
        results.add(result(run));
      }
      return results;
    }
    ExecutorService pool =
        Executors.newFixedThreadPool(
            Math.min(threads, assemblies.size()),
            task -> Thread.ofPlatform().daemon().name("simulation").unstarted(task));
    try {
      List<Future<RunResult>> futures = new ArrayList<>();
      for (int run = 0; run < assemblies.size(); run++) {
        int index = run;
        futures.add(pool.submit(() -> result(index)));
      }
      List<RunResult> results = new ArrayList<>();
      for (Future<RunResult> future : futures) {
        results.add(await(future));
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  private RunResult result(int run) {
    try {
      RunOptions options =
          new RunOptions(
              audit, outputs.watcher(run, assemblies.get(run)), guests, counters, progress.of(run));
      return simulator.run(scenario, assemblies.get(run), options);
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new RunFailure(assemblies.get(run), progress.simulatedNs(run), e);
    }
  }

  private static RunResult await(Future<RunResult> future) {
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
