package dev.stint.scenario;

import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.Quota;
import dev.stint.model.linux.SchedulingPolicy;
import dev.stint.model.linux.cpuset.CpusetVersion;
import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.stack.Change;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.stack.TimedChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/// Draws changes that the reader accepts.
record RandomChanges(
    SplittableRandom random,
    int cpuCount,
    List<String> groups,
    List<TaskSpec> tasks,
    CpusetVersion cpusets) {
  List<TimedChange> draw() {
    List<TimedChange> changes = new ArrayList<>();
    for (int i = random.nextInt(6); i > 0; i--) {
      long atNs = random.nextLong(1_000) * 1_000_000;
      Optional<Change> change = random.nextBoolean() ? ofTask() : ofGroup();
      change.ifPresent(drawn -> changes.add(new TimedChange(atNs, drawn)));
    }
    return changes;
  }

  private Optional<Change> ofTask() {
    if (tasks.isEmpty()) {
      return Optional.empty();
    }
    String task = tasks.get(random.nextInt(tasks.size())).name();
    return Optional.of(
        switch (random.nextInt(3)) {
          case 0 -> new Change.Move(task, groups.get(random.nextInt(groups.size())));
          case 1 -> new Change.Affinity(task, cpus());
          default ->
              new Change.Attributes(
                  task,
                  random.nextBoolean() ? Optional.of(SchedulingPolicy.BATCH) : Optional.empty(),
                  OptionalInt.of(random.nextInt(-20, 20)),
                  random.nextBoolean() ? OptionalLong.of(3_000_000) : OptionalLong.empty());
        });
  }

  private Optional<Change> ofGroup() {
    String group = groups.get(random.nextInt(groups.size()));
    if (group.isEmpty()) {
      return Optional.empty();
    }
    boolean legacy = cpusets == CpusetVersion.V1;
    return Optional.of(
        switch (random.nextInt(8)) {
          case 0 -> new Change.Weight(group, new GroupWeight.OfWeight(1 + random.nextInt(10_000)));
          case 1 -> new Change.Weight(group, new GroupWeight.OfNice(random.nextInt(-20, 20)));
          case 2 -> new Change.Weight(group, new GroupWeight.Idle());
          case 3 -> new Change.ClearIdle(group);
          case 4 -> new Change.Limit(group, quota());
          case 5 -> new Change.Cpus(group, cpus());
          case 6 ->
              legacy
                  ? new Change.CpuExclusive(group, random.nextBoolean())
                  : new Change.Exclusive(group, cpus());
          default ->
              legacy
                  ? new Change.ClearIdle(group)
                  : new Change.Partition(
                      group, PartitionType.values()[random.nextInt(PartitionType.values().length)]);
        });
  }

  private Optional<Quota> quota() {
    return random.nextBoolean()
        ? Optional.empty()
        : Optional.of(new Quota(20_000_000, 50_000_000, random.nextBoolean() ? 0 : 5_000_000));
  }

  private CpuSet cpus() {
    CpuSet cpus = CpuSet.of(random.nextInt(cpuCount));
    return random.nextBoolean() ? cpus.or(CpuSet.of(random.nextInt(cpuCount))) : cpus;
  }
}
