package dev.stint.cli;

import dev.stint.cli.RunPool.Outcome;
import dev.stint.cli.RunPool.Run;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stats.RunResult;
import dev.stint.report.Replications;
import dev.stint.report.Results;
import dev.stint.scenario.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/// Runs a scenario with further seeds, those that follow its own.
final class ReplicationSweep implements Supplier<String> {
  static final String OPTION = "--replications";
  private static final int MOST = 1000;

  private final Results results;
  private final List<Assembly> assemblies;
  private final List<Long> seeds;
  private final RunPool pool;

  /// @param results of the scenario with its own seed, under `assemblies`
  /// @param count of the seeds, the scenario's own included
  ReplicationSweep(Simulator simulator, Results results, List<Assembly> assemblies, int count) {
    this.results = results;
    this.assemblies = assemblies;
    long first = results.scenario().seed();
    seeds = LongStream.range(1, count).map(i -> first + i).boxed().toList();
    pool =
        new RunPool(
            simulator,
            "replications",
            seeds.stream()
                .flatMap(seed -> assemblies.stream().map(assembly -> run(seed, assembly)))
                .toList());
  }

  /// How many are asked for.
  static Optional<Integer> count(Optional<String> text) {
    return text.map(words -> {
      int count = words.matches("\\d{1,4}") ? Integer.parseInt(words) : 0;
      if (count < 2 || count > MOST) {
        throw Refusal.input(
            OPTION
                + " "
                + Wording.quoted(words)
                + " is no number from 2 to "
                + MOST
                + ". Write for example "
                + OPTION
                + " 5.");
      }
      return count;
    });
  }

  /// How far it is.
  @Override
  public String get() {
    return pool.get();
  }

  private Run run(long seed, Assembly assembly) {
    return new Run(assembly, results.scenario().withSeed(seed));
  }

  /// Runs everything. The first failure in the order of seeds is thrown, wrapped in [RunFailure].
  Replications replications(int threads) {
    try (pool) {
      pool.start(threads);
      Replications.Collector collector = new Replications.Collector(results.scenario());
      collector.replication(results.scenario().seed(), results.runs());
      for (long seed : seeds) {
        List<RunResult> runs = new ArrayList<>();
        for (Assembly assembly : assemblies) {
          switch (pool.take(run(seed, assembly))) {
            case Outcome.Figures(RunResult result) -> runs.add(result);
            case Outcome.Impossible(String reason) -> throw new IllegalStateException(reason);
          }
        }
        collector.replication(seed, runs);
      }
      return collector.replications();
    }
  }
}
