package dev.stint.checks.study;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Scenario;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;

/// One scenario of the study with several seeds: the scenario's own and those after it.
///
/// @param cases one for each seed, the scenario's own first
record StudySeeds(List<StudyCase> cases) {
  /// How many seeds each scenario is run with.
  static final int SEEDS = 5;

  /// Scenarios to run, for each seed of `scenario`.
  static List<Scenario> seeded(Scenario scenario) {
    return LongStream.range(0, SEEDS)
        .mapToObj(i ->
            new Scenario(
                scenario.name(),
                scenario.description(),
                scenario.seed() + i,
                scenario.durationNs(),
                scenario.machine(),
                scenario.hypervisor(),
                scenario.costs(),
                scenario.kvm(),
                scenario.cpuGroups(),
                scenario.partitions(),
                scenario.under()))
        .toList();
  }

  String name() {
    return first().name();
  }

  /// With the scenario's own seed.
  StudyCase first() {
    return cases.getFirst();
  }

  Interval of(ToDoubleFunction<StudyCase> figure) {
    return Interval.of(cases.stream().map(figure::applyAsDouble).toList());
  }

  /// Whether it is so with every seed.
  boolean always(Predicate<StudyCase> so) {
    return cases.stream().allMatch(so);
  }

  /// A time in nanoseconds as milliseconds; `-` where a seed has none.
  String milliseconds(ToDoubleFunction<StudyCase> figure) {
    Interval interval = of(figure);
    return interval.least() < 0 ? "-" : interval.text(StudyTable::milliseconds, "");
  }

  String text(ToDoubleFunction<StudyCase> figure, DoubleFunction<String> format, String unit) {
    return of(figure).text(format, unit);
  }

  double medianError(Assembly assembly) {
    return of(c -> c.shareError(assembly)).median();
  }
}
