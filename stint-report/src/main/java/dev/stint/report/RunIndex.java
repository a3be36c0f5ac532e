package dev.stint.report;

import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.Theft;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.EntityKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One run, looked up by path, with occupants gathered into the names of partitions and cgroups.
final class RunIndex {
  private final RunResult run;
  private final Layout layout;
  private final Map<String, EntityResult> byPath = new LinkedHashMap<>();
  private final Map<String, List<Theft>> theftByVictim = new LinkedHashMap<>();

  /// Who held a processor while a victim waited.
  ///
  /// @param name a partition, a cgroup or a rule, as a person would say it
  /// @param itself whether the occupant is part of the victim
  record Occupant(String name, boolean itself, long ns) {}

  RunIndex(RunResult run, Layout layout) {
    this.run = run;
    this.layout = layout;
    for (EntityResult entity : run.entities()) {
      byPath.put(entity.path(), entity);
    }
    for (Theft theft : run.theft()) {
      theftByVictim.computeIfAbsent(theft.victim(), _ -> new ArrayList<>()).add(theft);
    }
  }

  RunResult run() {
    return run;
  }

  String assembly() {
    return run.assembly();
  }

  Optional<EntityResult> entity(String path) {
    return Optional.ofNullable(byPath.get(path));
  }

  Optional<EntityResult> entity(Subject subject) {
    return entity(subject.path());
  }

  /// Who ran while `victim` waited for `reason`: most first, then by name.
  List<Occupant> occupants(String victim, WaitReason reason) {
    Map<String, Occupant> byName = new TreeMap<>();
    for (Theft theft : theftByVictim.getOrDefault(victim, List.of())) {
      if (theft.reason() == reason) {
        boolean itself = isPartOf(theft.occupant(), victim);
        String name = itself ? "itself" : occupantName(theft.occupant());
        byName.merge(
            name,
            new Occupant(name, itself, theft.ns()),
            (a, b) -> new Occupant(a.name(), a.itself(), a.ns() + b.ns()));
      }
    }
    List<Occupant> occupants = new ArrayList<>(byName.values());
    occupants.sort(Comparator.comparingLong(Occupant::ns).reversed());
    return occupants;
  }

  /// The reason that a victim waited for longest, if it waited at all.
  Optional<Map.Entry<WaitReason, Long>> mainWait(EntityResult victim) {
    return victim.waitNs().entrySet().stream()
        .filter(wait -> wait.getValue() > 0)
        .max(
            Map.Entry.<WaitReason, Long>comparingByValue()
                .thenComparing(Map.Entry.<WaitReason, Long>comparingByKey().reversed()));
  }

  private boolean isPartOf(String occupant, String victim) {
    if (occupant.equals(victim)) {
      return true;
    }
    EntityResult entity = byPath.get(victim);
    if (entity == null) {
      return false;
    }
    return switch (entity.kind()) {
      case GROUP -> holds(victim, occupant);
      case PARTITION ->
          layout
              .vmOfThread(occupant)
              .or(() -> layout.partitionOf(occupant))
              .equals(Optional.of(victim));
      case LP, VP, THREAD, TASK, RULE -> false;
    };
  }

  private boolean holds(String group, String occupant) {
    Optional<String> at =
        Optional.ofNullable(byPath.get(occupant))
            .filter(entity -> entity.kind() != EntityKind.GROUP)
            .flatMap(EntityResult::group);
    return at.isPresent() && (at.get().equals(group) || at.get().startsWith(group + "/"));
  }

  /// A partition for its VPs, tasks and threads; a cgroup for the tasks of the family's parents.
  private String occupantName(String occupant) {
    if (occupant.equals("idle")) {
      return "nobody";
    }
    Optional<String> rule = layout.ruleName(occupant);
    if (rule.isPresent()) {
      return rule.get();
    }
    Optional<String> vm = layout.vmOfThread(occupant);
    if (vm.isPresent()) {
      return layout.name(vm.get());
    }
    Optional<String> partition = layout.partitionOf(occupant);
    if (partition.isEmpty()) {
      return occupant;
    }
    Optional<EntityResult> entity = entity(occupant);
    boolean task = entity.isPresent() && entity.get().kind() == EntityKind.TASK;
    if (task) {
      Optional<String> group = entity.flatMap(EntityResult::group);
      return layout.name(group.isPresent() ? group.get() : occupant);
    }
    return layout.name(partition.get());
  }
}
