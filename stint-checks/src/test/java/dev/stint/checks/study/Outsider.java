package dev.stint.checks.study;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stats.EntityResult;
import java.util.ArrayList;
import java.util.List;

/// A partition outside the L1VH, in one scenario.
///
/// @param study the scenario
/// @param partition its name
record Outsider(StudySeeds study, String partition) {
  static List<Outsider> of(List<StudySeeds> cases) {
    List<Outsider> outsiders = new ArrayList<>();
    for (StudySeeds study : cases) {
      study.first().outsiders().forEach(name -> outsiders.add(new Outsider(study, name)));
    }
    return outsiders;
  }

  private static long p99Ns(EntityResult entity) {
    return entity.wakeLatency().p99Ns();
  }

  double shareChange(StudyCase seed) {
    double core = seed.cpus(Assembly.CORE, partition);
    return (seed.cpus(Assembly.INTEGRATED, partition) - core) / core;
  }

  /// Within 1 % with every seed.
  boolean sameShare() {
    return study.always(seed -> Math.abs(shareChange(seed)) <= StudyPage.SAME);
  }

  double medianChange() {
    return study.of(this::shareChange).median();
  }

  boolean wakes() {
    return study.always(seed ->
        seed.wakeNs(Assembly.CORE, partition, Outsider::p99Ns) >= 0
            && seed.wakeNs(Assembly.INTEGRATED, partition, Outsider::p99Ns) >= 0);
  }

  /// Whether its p99 wake-up is shorter (-1), the same (0), longer (1) under integrated than under
  /// core, with every seed; by 1 % at least.
  boolean wakesChange(int sign) {
    return study.always(seed -> {
      double core = seed.wakeNs(Assembly.CORE, partition, Outsider::p99Ns);
      double now = seed.wakeNs(Assembly.INTEGRATED, partition, Outsider::p99Ns);
      return sign == (Math.abs(now - core) <= StudyPage.SAME * core ? 0 : Math.signum(now - core));
    });
  }

  String wakes(Assembly assembly) {
    return study.milliseconds(seed -> seed.wakeNs(assembly, partition, Outsider::p99Ns));
  }
}
