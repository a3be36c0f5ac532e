package dev.stint.report;

import dev.stint.model.stats.EntityResult;
import dev.stint.model.trace.EntityKind;
import java.util.ArrayList;
import java.util.List;

/// An entity whose share was asked for, beside what it got.
///
/// @param asked processors that it was entitled to
/// @param got processors that it had
record Judged(Subject subject, EntityResult entity, double asked, double got) {
  /// Errors up to this size count as none.
  static final double TOLERANCE = 0.01;

  /// Below this many processors a relative error means nothing.
  private static final double LEAST = 1e-3;

  /// Those that a verdict is about: the family's cgroups and the VMs in none of their own, else the
  /// cgroups of the guests, else the partitions, else the tasks.
  static List<Judged> of(Layout layout, RunIndex run) {
    List<Subject> family = new ArrayList<>(layout.familyGroups());
    family.addAll(layout.familyPartitionsInNoOwnGroup());
    for (List<Subject> candidates :
        List.of(family, layout.innerGroups(), layout.outside(), layout.tasks())) {
      List<Judged> judged = of(candidates, run);
      if (!judged.isEmpty()) {
        return judged;
      }
    }
    return List.of();
  }

  private static List<Judged> of(List<Subject> subjects, RunIndex run) {
    List<Judged> judged = new ArrayList<>();
    for (Subject subject : subjects) {
      run.entity(subject)
          .filter(entity -> entity.entitledShare().isPresent())
          .filter(entity -> Math.max(entity.entitledShare().getAsDouble(), entity.share()) >= LEAST)
          .ifPresent(entity ->
              judged.add(
                  new Judged(
                      subject, entity, entity.entitledShare().getAsDouble(), entity.share())));
    }
    return judged;
  }

  /// What these are called together.
  static String noun(List<Judged> judged) {
    List<EntityKind> kinds = judged.stream().map(j -> j.subject().kind()).distinct().toList();
    if (kinds.size() > 1) {
      return "cgroup and VM";
    }
    return switch (kinds.getFirst()) {
      case GROUP -> "cgroup";
      case TASK -> "task";
      case LP, VP, THREAD, PARTITION, RULE -> "VM";
    };
  }

  /// The largest size of a relative error.
  static double largestError(List<Judged> judged) {
    return judged.stream().mapToDouble(j -> Math.abs(j.error())).max().orElse(0);
  }

  /// Relative error: -0.5 is half of what was asked.
  double error() {
    return (got - asked) / Math.max(asked, LEAST);
  }

  boolean isOff() {
    return Math.abs(error()) > TOLERANCE;
  }

  double lost() {
    return asked - got;
  }
}
