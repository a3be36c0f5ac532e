package dev.stint.report;

import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stack.TaskSpec;
import dev.stint.model.trace.EntityKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Who is who in a scenario: the families whose cgroups are in question, everyone outside them, and
/// how to name each entity.
///
/// A family is an L1VH and its children. Without an L1VH it is the root partition and the guests.
/// Without either there is none, and every partition is outside.
final class Layout {
  private final Scenario scenario;
  private final Map<String, PartitionSpec> partitions = new LinkedHashMap<>();
  private final List<String> parents = new ArrayList<>();
  private final List<Subject> familyGroups = new ArrayList<>();
  private final List<Subject> familyPartitions = new ArrayList<>();
  private final List<Subject> outside = new ArrayList<>();
  private final List<Subject> innerGroups = new ArrayList<>();
  private final List<Subject> tasks = new ArrayList<>();
  private final Map<String, List<String>> heldBy = new LinkedHashMap<>();
  private final Map<String, GroupSpec> groupSpecs = new LinkedHashMap<>();
  private final List<String> longestFirst;

  Layout(Scenario scenario) {
    this.scenario = scenario;
    Optional<PartitionSpec> root = first(PartitionKind.ROOT);
    boolean l1vh = first(PartitionKind.L1VH).isPresent();
    for (PartitionSpec partition : scenario.partitions()) {
      boolean parent =
          partition.kind() == PartitionKind.L1VH
              || (!l1vh && partition.kind() == PartitionKind.ROOT);
      if (parent) {
        parents.add(partition.name());
      }
    }
    for (PartitionSpec partition : scenario.partitions()) {
      String path = partition.name();
      boolean guestOfRoot = !l1vh && root.isPresent() && partition.kind() == PartitionKind.GUEST;
      add(partition, path);
      if (guestOfRoot) {
        hold(root.get().name(), partition, path);
        familyPartitions.add(new Subject(path, path, EntityKind.PARTITION, 0));
      } else if (!parents.contains(path)) {
        outside.add(new Subject(path, path, EntityKind.PARTITION, 0));
      }
    }
    longestFirst = new ArrayList<>(partitions.keySet());
    longestFirst.sort(Comparator.comparingInt(String::length).reversed());
  }

  /// Whether settings change during the run.
  boolean settingsChange() {
    return scenario.changesSettings();
  }

  private Optional<PartitionSpec> first(PartitionKind kind) {
    return scenario.partitions().stream().filter(p -> p.kind() == kind).findFirst();
  }

  private void add(PartitionSpec partition, String path) {
    partitions.put(path, partition);
    List<Subject> groups = parents.contains(path) ? familyGroups : innerGroups;
    addGroups(partition.groups(), path, "", 0, groups);
    for (TaskSpec task : partition.tasks()) {
      String taskPath = path + "/task:" + task.name();
      tasks.add(new Subject(taskPath, taskName(path, task.name()), EntityKind.TASK, 0));
      if (!task.group().isEmpty()) {
        heldBy.computeIfAbsent(groupPath(path, task.group()), _ -> new ArrayList<>()).add(taskPath);
      }
    }
    for (PartitionSpec child : partition.children()) {
      String childPath = path + "/" + child.name();
      add(child, childPath);
      hold(path, child, childPath);
      familyPartitions.add(
          new Subject(childPath, partitionName(childPath), EntityKind.PARTITION, 0));
    }
  }

  private void addGroups(
      List<GroupSpec> groups, String path, String above, int depth, List<Subject> into) {
    for (GroupSpec group : groups) {
      String groupPath = above.isEmpty() ? group.name() : above + "/" + group.name();
      String full = groupPath(path, groupPath);
      groupSpecs.put(full, group);
      into.add(new Subject(full, groupName(path, groupPath), EntityKind.GROUP, depth));
      addGroups(group.groups(), path, groupPath, depth + 1, into);
      if (!group.groups().isEmpty()) {
        heldBy.computeIfAbsent(full, _ -> new ArrayList<>()).add(groupPath);
      }
    }
  }

  private void hold(String parent, PartitionSpec child, String childPath) {
    if (!child.group().isEmpty()) {
      heldBy
          .computeIfAbsent(groupPath(parent, child.group()), _ -> new ArrayList<>())
          .add(childPath);
    }
  }

  private static String groupPath(String partition, String group) {
    return partition + "/cgroup:" + group;
  }

  /// Whether there is a partition whose Linux the scenario asks to govern others.
  boolean hasFamily() {
    return !parents.isEmpty();
  }

  /// The partitions whose cgroups are in question: L1VHs, or else the root.
  List<String> parents() {
    return parents;
  }

  /// What the family is called.
  String familyName() {
    return String.join(", ", parents) + (familyPartitions.isEmpty() ? "" : " and its children");
  }

  /// "L1VH" or "root partition".
  String parentNoun() {
    return first(PartitionKind.L1VH).isPresent() ? "L1VH" : "root partition";
  }

  /// The cgroups of the parents, each before those below it.
  List<Subject> familyGroups() {
    return familyGroups;
  }

  /// The VMs of the parents.
  List<Subject> familyPartitions() {
    return familyPartitions;
  }

  /// The VMs of the parents, without those that have a cgroup to themselves.
  List<Subject> familyPartitionsInNoOwnGroup() {
    return familyPartitions.stream()
        .filter(subject -> heldBy.values().stream().noneMatch(List.of(subject.path())::equals))
        .toList();
  }

  /// The partitions outside the family.
  List<Subject> outside() {
    return outside;
  }

  /// The cgroups of all other Linuxes.
  List<Subject> innerGroups() {
    return innerGroups;
  }

  /// All tasks.
  List<Subject> tasks() {
    return tasks;
  }

  /// The VMs whose vCPU threads a cgroup of a parent holds, itself or through those below it.
  List<String> vmsIn(String groupPath) {
    List<String> vms = new ArrayList<>();
    heldBy.forEach((holder, members) -> {
      if (holder.equals(groupPath) || holder.startsWith(groupPath + "/")) {
        members.stream().filter(partitions::containsKey).forEach(vms::add);
      }
    });
    return vms;
  }

  /// What the scenario says of a cgroup.
  Optional<GroupSpec> group(String groupPath) {
    return Optional.ofNullable(groupSpecs.get(groupPath));
  }

  /// What the scenario says of a partition.
  Optional<PartitionSpec> partition(String path) {
    return Optional.ofNullable(partitions.get(path));
  }

  /// The partition that an entity belongs to, itself if it is one.
  Optional<String> partitionOf(String path) {
    for (String partition : longestFirst) {
      if (path.equals(partition) || path.startsWith(partition + "/")) {
        return Optional.of(partition);
      }
    }
    return Optional.empty();
  }

  /// The child that a vCPU thread of a parent stands for: its name begins with the child's.
  Optional<String> vmOfThread(String threadPath) {
    int at = threadPath.indexOf("/thread:");
    if (at < 0) {
      return Optional.empty();
    }
    String rest = threadPath.substring(at + "/thread:".length());
    for (String partition : longestFirst) {
      String last = partition.substring(partition.lastIndexOf('/') + 1);
      if (!partition.equals(threadPath.substring(0, at))
          && (rest.startsWith(partition) || rest.startsWith(last))) {
        return Optional.of(partition);
      }
    }
    return Optional.empty();
  }

  /// A rule that forbids running as a person would name it; empty for anything else.
  Optional<String> ruleName(String path) {
    for (String rule : List.of("quota", "cap", "cpuset")) {
      if (path.startsWith(rule + ":")) {
        return Optional.of("the " + rule + " of " + name(path.substring(rule.length() + 1)));
      }
    }
    return Optional.empty();
  }

  /// An entity as a person would name it.
  String name(String path) {
    int colon = path.indexOf(':');
    int slash = path.lastIndexOf('/', Math.max(colon, 0));
    if (colon < 0 || slash < 0) {
      return partitionName(path);
    }
    String partition = path.substring(0, slash);
    String rest = path.substring(colon + 1);
    return switch (path.substring(slash + 1, colon)) {
      case "cgroup" -> groupName(partition, rest);
      case "task" -> taskName(partition, rest);
      default -> path;
    };
  }

  private String groupName(String partition, String group) {
    boolean onlyParent = parents.size() == 1 && parents.getFirst().equals(partition);
    return onlyParent || isAlone()
        ? "cgroup " + group
        : "cgroup " + partitionName(partition) + "/" + group;
  }

  private String taskName(String partition, String task) {
    return isAlone() ? task : partitionName(partition) + "/" + task;
  }

  private boolean isAlone() {
    return scenario.partitions().size() == 1
        && scenario.partitions().getFirst().children().isEmpty();
  }

  private String partitionName(String path) {
    return parents.size() == 1 && path.startsWith(parents.getFirst() + "/")
        ? path.substring(parents.getFirst().length() + 1)
        : path;
  }
}
