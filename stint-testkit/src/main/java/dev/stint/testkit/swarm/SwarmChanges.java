package dev.stint.testkit.swarm;

import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.Quota;
import dev.stint.model.linux.SchedulingPolicy;
import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.sim.RandomStream;
import dev.stint.model.stack.Change;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.TimedChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Draws what is changed in a random scenario's Linuxes while it runs; nothing in most scenarios.
/// Its stream is its own, so that a seed's scenario is otherwise what it was without changes.
final class SwarmChanges {
  private static final long MS = 1_000_000L;

  private final RandomStream random;
  private final boolean occur;

  SwarmChanges(RandomStream random) {
    this.random = random;
    occur = random.nextBelow(100) < 40;
  }

  private int below(int bound) {
    return (int) random.nextBelow(bound);
  }

  PartitionSpec in(PartitionSpec spec) {
    if (!occur) {
      return spec;
    }
    List<String> groups = new ArrayList<>();
    addPaths(spec.groups(), "", groups);
    List<TimedChange> changes = new ArrayList<>();
    for (int i = below(20); i > 0; i--) {
      long atNs = random.nextBelow(200 * MS);
      boolean ofTask = !spec.tasks().isEmpty() && (groups.isEmpty() || below(2) == 0);
      if (ofTask) {
        String task = spec.tasks().get(below(spec.tasks().size())).name();
        changes.add(new TimedChange(atNs, ofTask(task, groups, spec.vps())));
      } else if (!groups.isEmpty()) {
        String group = groups.get(below(groups.size()));
        changes.add(new TimedChange(atNs, ofGroup(group, spec.vps())));
      }
    }
    return new PartitionSpec(
        spec.name(),
        spec.kind(),
        spec.vps(),
        spec.threadsPerCore(),
        spec.coresHidden(),
        spec.controls(),
        spec.lps(),
        spec.cpuGroup(),
        spec.group(),
        spec.affinity(),
        spec.linux(),
        spec.groups(),
        spec.tasks(),
        spec.children(),
        changes);
  }

  private static void addPaths(List<GroupSpec> groups, String above, List<String> paths) {
    for (GroupSpec group : groups) {
      paths.add(above + group.name());
      addPaths(group.groups(), above + group.name() + "/", paths);
    }
  }

  private Change ofTask(String task, List<String> groups, int cpus) {
    return switch (below(3)) {
      case 0 -> {
        int to = below(groups.size() + 1);
        yield new Change.Move(task, to == groups.size() ? "" : groups.get(to));
      }
      case 1 -> new Change.Affinity(task, cpus(cpus));
      default ->
          new Change.Attributes(
              task,
              Optional.of(SchedulingPolicy.values()[below(3)]),
              OptionalInt.of(below(40) - 20),
              below(2) == 0 ? OptionalLong.empty() : OptionalLong.of((1 + below(100)) * MS / 10));
    };
  }

  private Change ofGroup(String group, int cpus) {
    return switch (below(7)) {
      case 0 -> new Change.Weight(group, new GroupWeight.OfWeight(1 + below(1_000)));
      case 1 -> new Change.Weight(group, new GroupWeight.Idle());
      case 2 -> new Change.ClearIdle(group);
      case 3 -> new Change.Limit(group, quota());
      case 4 -> new Change.Cpus(group, cpus(cpus));
      case 5 -> new Change.Exclusive(group, cpus(cpus));
      default -> new Change.Partition(group, PartitionType.values()[below(3)]);
    };
  }

  private Optional<Quota> quota() {
    return below(3) == 0
        ? Optional.empty()
        : Optional.of(new Quota((1 + below(40)) * MS, (5 + below(50)) * MS, below(2) * MS));
  }

  private CpuSet cpus(int count) {
    int from = below(count);
    return CpuSet.range(from, from + 1 + below(count - from));
  }
}
