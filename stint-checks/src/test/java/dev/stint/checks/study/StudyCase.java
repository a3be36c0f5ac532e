package dev.stint.checks.study;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.EntityKind;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// One scenario of the study with one seed, and a run under each assembly.
///
/// @param name its directory
/// @param scenario as read, but for the seed
/// @param runs by assembly
/// @param waits of the family's tasks, by assembly
record StudyCase(
    String name,
    Scenario scenario,
    Map<Assembly, RunResult> runs,
    Map<Assembly, FamilyWaits> waits) {
  /// What every scenario of the study is run under.
  static final List<Assembly> ASSEMBLIES =
      List.of(Assembly.CORE, Assembly.INTEGRATED, Assembly.ROOT);

  /// Fewer wake-ups than this make no distribution.
  private static final int WAKES_LEAST = 100;

  /// Shares below this many processors are not judged.
  private static final double SHARE_LEAST = 0.01;

  static StudyCase run(String name, Scenario scenario) {
    Map<Assembly, RunResult> runs = new EnumMap<>(Assembly.class);
    Map<Assembly, FamilyWaits> waits = new EnumMap<>(Assembly.class);
    for (Assembly assembly : ASSEMBLIES) {
      FamilyWaits watcher = new FamilyWaits(l1vh(scenario).name());
      RunOptions options = new RunOptions(false, Optional.of(watcher), _ -> {});
      runs.put(assembly, Experiment.run(scenario, assembly, options));
      waits.put(assembly, watcher);
    }
    return new StudyCase(name, scenario, runs, waits);
  }

  RunResult run(Assembly assembly) {
    return runs.get(assembly);
  }

  private PartitionSpec l1vh() {
    return l1vh(scenario);
  }

  private static PartitionSpec l1vh(Scenario scenario) {
    return scenario.partitions().stream()
        .filter(partition -> partition.kind() == PartitionKind.L1VH)
        .findFirst()
        .orElseThrow();
  }

  /// The top-level partitions beside the L1VH.
  List<String> outsiders() {
    return scenario.partitions().stream()
        .filter(partition -> partition.kind() != PartitionKind.L1VH)
        .map(PartitionSpec::name)
        .toList();
  }

  /// The tasks of the L1VH and its children.
  private Stream<EntityResult> familyTasks(Assembly assembly) {
    return tasksOf(assembly, l1vh().name());
  }

  private Stream<EntityResult> tasksOf(Assembly assembly, String partition) {
    String prefix = partition + "/";
    return run(assembly).entities().stream()
        .filter(entity -> entity.kind() == EntityKind.TASK && entity.path().startsWith(prefix));
  }

  /// The largest relative difference between what a cgroup of the L1VH got and its entitled share.
  double shareError(Assembly assembly) {
    String prefix = l1vh().name() + "/cgroup:";
    return run(assembly).entities().stream()
        .filter(entity -> entity.kind() == EntityKind.GROUP && entity.path().startsWith(prefix))
        .filter(entity -> entity.entitledShare().orElse(0) >= SHARE_LEAST)
        .mapToDouble(StudyCase::error)
        .max()
        .orElseThrow();
  }

  private static double error(EntityResult entity) {
    return Math.abs(entity.share() / entity.entitledShare().orElseThrow() - 1);
  }

  /// The wake-up latency of the family's task that has the worst, in nanoseconds; -1 where none
  /// sleeps.
  long familyWakeNs(Assembly assembly, ToLongFunction<EntityResult> percentile) {
    return worstWakeNs(familyTasks(assembly), percentile);
  }

  /// How long the family's task that has the worst was kept waiting each time that it was ready and
  /// did not run, in nanoseconds; -1 where none waited often.
  long familyWaitNs(Assembly assembly, int permille) {
    return waits.get(assembly).worstNs(permille, WAKES_LEAST);
  }

  /// As [#familyWakeNs], of a partition outside.
  long wakeNs(Assembly assembly, String partition, ToLongFunction<EntityResult> percentile) {
    return worstWakeNs(tasksOf(assembly, partition), percentile);
  }

  private static long worstWakeNs(
      Stream<EntityResult> tasks, ToLongFunction<EntityResult> percentile) {
    return tasks
        .filter(task -> task.wakeLatency().count() >= WAKES_LEAST)
        .mapToLong(percentile)
        .max()
        .orElse(-1);
  }

  /// Processors' worth of useful time that the family's tasks ran: without overheads, and without
  /// what sibling hardware threads took.
  double familyCpus(Assembly assembly) {
    long usefulNs = familyTasks(assembly).mapToLong(EntityResult::runNs).sum();
    return (double) usefulNs / scenario.durationNs();
  }

  /// The part of the time in which the family's tasks wanted to run that they waited for `reason`.
  double waited(Assembly assembly, WaitReason reason) {
    long waitNs = 0;
    long wantedNs = 0;
    for (EntityResult task : familyTasks(assembly).toList()) {
      waitNs += task.waitNs().getOrDefault(reason, 0L);
      wantedNs += task.runNs() + task.totalWaitNs();
    }
    return wantedNs == 0 ? 0 : (double) waitNs / wantedNs;
  }

  /// How often a VP of the family changed processors, a second: the LP, or its parent's CPU.
  double movesPerSecond(Assembly assembly) {
    String own = l1vh().name() + "/";
    long moves =
        run(assembly).entities().stream()
            .filter(entity ->
                entity.path().startsWith(own)
                    && (entity.kind() == EntityKind.VP || entity.kind() == EntityKind.THREAD))
            .mapToLong(EntityResult::migrations)
            .sum();
    return moves * 1e9 / scenario.durationNs();
  }

  /// Processors' worth of useful time of a partition outside.
  double cpus(Assembly assembly, String partition) {
    return (double) run(assembly).entity(partition).orElseThrow().runNs() / scenario.durationNs();
  }

  /// What a partition outside held of its entitled share: 1 is all of it.
  double ofEntitled(Assembly assembly, String partition) {
    EntityResult entity = run(assembly).entity(partition).orElseThrow();
    return entity.share() / entity.entitledShare().orElse(entity.share());
  }
}
