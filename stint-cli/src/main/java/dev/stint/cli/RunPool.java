package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CannotAssemble;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.RunResult;
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

/// Many runs, several at once. All are worlds of their own and are asked for by name, so the number
/// of threads changes nothing.
final class RunPool implements Supplier<String>, AutoCloseable {
  private static final Future<Outcome> NOT_RUN =
      CompletableFuture.failedFuture(new IllegalStateException("a run that was not planned"));

  private final Simulator simulator;
  private final String what;
  private final List<Run> runs;
  private final AtomicInteger doneCount = new AtomicInteger();
  private final Map<Run, Future<Outcome>> outcomes = new LinkedHashMap<>();
  private Optional<ExecutorService> pool = Optional.empty();

  /// One of them.
  record Run(Assembly assembly, Scenario scenario) {}

  /// What came of one.
  sealed interface Outcome {
    /// It ended.
    record Figures(RunResult result) implements Outcome {}

    /// It cannot be assembled.
    record Impossible(String reason) implements Outcome {}
  }

  /// @param what they are for, in a word
  RunPool(Simulator simulator, String what, List<Run> runs) {
    this.simulator = simulator;
    this.what = what;
    this.runs = List.copyOf(runs);
  }

  /// How far it is.
  @Override
  public String get() {
    return what + " " + doneCount.get() + " of " + runs.size() + " runs";
  }

  /// Begins.
  void start(int threads) {
    ExecutorService started =
        Executors.newFixedThreadPool(
            threads, task -> Thread.ofPlatform().daemon().name("simulation").unstarted(task));
    pool = Optional.of(started);
    for (Run run : runs) {
      outcomes.put(run, started.submit(() -> outcome(run)));
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

  /// Waits for one; nobody waits for it again.
  ///
  /// @throws RunFailure if it failed
  Outcome take(Run run) {
    return await(Optional.ofNullable(outcomes.remove(run)).orElse(NOT_RUN));
  }

  /// Waits for one.
  ///
  /// @throws RunFailure if it failed
  Outcome outcomeOf(Run run) {
    return await(outcomes.getOrDefault(run, NOT_RUN));
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

  @Override
  public void close() {
    pool.ifPresent(ExecutorService::shutdownNow);
  }
}
