package dev.stint.scenario.recording;

import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.LinuxKernel;
import dev.stint.model.linux.Quota;
import dev.stint.model.linux.RecordedPlace;
import dev.stint.model.linux.TaskGroup;
import dev.stint.model.machine.CpuSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The system that a recording was made on: its cgroups, and which tasks are in them.
///
/// @param groups parents before children
/// @param tasks by their command names
public record RecordedSystem(List<Group> groups, List<Member> tasks) {
  /// Copies the lists.
  public RecordedSystem {
    groups = List.copyOf(groups);
    tasks = List.copyOf(tasks);
  }

  /// No cgroup, no task of its own.
  public static final RecordedSystem UNKNOWN = new RecordedSystem(List.of(), List.of());

  /// A cgroup.
  ///
  /// @param path `gold` or `gold/inner`
  /// @param weight cpu.weight and its kin
  /// @param quota cpu.max
  /// @param cpus cpuset.cpus
  public record Group(
      String path, GroupWeight weight, Optional<Quota> quota, Optional<CpuSet> cpus) {}

  /// A task.
  ///
  /// @param comm its command name
  /// @param group its cgroup's path, empty for the root
  /// @param sliceNs its custom slice
  /// @param affinity its CPUs
  /// @param pollsClock whether it spins on its CPU-time clock
  public record Member(
      String comm,
      String group,
      OptionalLong sliceNs,
      Optional<CpuSet> affinity,
      boolean pollsClock) {}

  /// Makes the groups in a kernel, with quotas' periods in the phases given by path.
  Map<String, RecordedPlace> build(LinuxKernel kernel, Map<String, Long> phases) {
    Map<String, TaskGroup> made = new LinkedHashMap<>();
    made.put("", kernel.rootGroup());
    for (Group group : groups) {
      TaskGroup parent =
          made.get(group.path().substring(0, Math.max(0, group.path().lastIndexOf('/'))));
      if (parent == null) {
        throw new IllegalArgumentException("cgroup " + group.path() + " has no parent");
      }
      OptionalLong phase =
          phases.containsKey(group.path())
              ? OptionalLong.of(phases.get(group.path()))
              : OptionalLong.of(0);
      Optional<Quota> quota =
          group.quota().map(q -> new Quota(q.quotaNs(), q.periodNs(), q.burstNs(), phase));
      made.put(
          group.path(),
          kernel.createGroup(group.path(), parent, group.weight(), quota, group.cpus()));
    }
    Map<String, RecordedPlace> places = new LinkedHashMap<>();
    for (Member task : tasks) {
      TaskGroup group = made.get(task.group());
      if (group == null) {
        throw new IllegalArgumentException("task " + task.comm() + " has no cgroup");
      }
      places.put(
          task.comm(),
          new RecordedPlace(group, task.sliceNs(), task.affinity(), task.pollsClock()));
    }
    return places;
  }
}
