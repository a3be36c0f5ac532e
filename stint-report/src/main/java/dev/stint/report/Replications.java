package dev.stint.report;

import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.Percentiles;
import dev.stint.model.stats.RunResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The figures of a scenario over several seeds: how much of them is chance.
///
/// @param seeds of the replications, in order; the first is the scenario's own
/// @param figures by entity, then by assembly
public record Replications(List<Long> seeds, List<Figure> figures) {
  /// Fewer values have no 99th percentile.
  private static final long P99_COUNT_LEAST = 100;

  private static final int TASKS_MOST = 16;

  /// One figure.
  ///
  /// @param entity its path
  /// @param name `got_cpus`, `wake_p99_ns`, or `p99_ns` of one of the workload's own metrics, as in
  ///   `response.p99_ns`
  public record Figure(String entity, String assembly, String name, Interval interval) {}

  /// Copies the lists.
  public Replications {
    seeds = List.copyOf(seeds);
    figures = List.copyOf(figures);
  }

  /// Gathers runs, one seed after the other.
  public static final class Collector {
    private final List<Subject> subjects;
    private final List<Long> seeds = new ArrayList<>();
    private final Map<Key, List<Double>> values = new LinkedHashMap<>();

    private record Key(String entity, String assembly, String name) {}

    /// @param scenario that is replicated
    public Collector(Scenario scenario) {
      Layout layout = new Layout(scenario);
      subjects = new ArrayList<>(layout.familyGroups());
      subjects.addAll(layout.familyPartitionsInNoOwnGroup());
      subjects.addAll(layout.outside());
      subjects.addAll(layout.innerGroups());
      if (layout.tasks().size() <= TASKS_MOST) {
        subjects.addAll(layout.tasks());
      }
    }

    /// The runs with a seed, one for each assembly.
    public void replication(long seed, List<RunResult> runs) {
      seeds.add(seed);
      for (Subject subject : subjects) {
        for (RunResult run : runs) {
          run.entity(subject.path()).ifPresent(entity -> figures(entity, run.assembly()));
        }
      }
    }

    private void figures(EntityResult entity, String assembly) {
      note(entity, assembly, "got_cpus", entity.share());
      p99(entity, assembly, "wake_p99_ns", entity.wakeLatency());
      entity.metrics().forEach((name, metric) -> p99(entity, assembly, name + ".p99_ns", metric));
    }

    private void p99(EntityResult entity, String assembly, String name, Percentiles values) {
      if (values.count() >= P99_COUNT_LEAST) {
        note(entity, assembly, name, values.p99Ns());
      }
    }

    private void note(EntityResult entity, String assembly, String name, double value) {
      values
          .computeIfAbsent(new Key(entity.path(), assembly, name), _ -> new ArrayList<>())
          .add(value);
    }

    /// What they come to together.
    public Replications replications() {
      List<Figure> figures = new ArrayList<>();
      values.forEach((key, list) ->
          figures.add(new Figure(key.entity(), key.assembly(), key.name(), Interval.of(list))));
      return new Replications(seeds, figures);
    }
  }
}
