package dev.stint.model.stack;

import dev.stint.model.linux.cpuset.Cpuset;
import dev.stint.model.linux.cpuset.CpusetResult;
import dev.stint.model.linux.cpuset.CpusetTree;
import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.machine.CpuSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The CPUs that the cgroups of a scenario get on a Linux of their own, as its kernel answers the
/// writes: first every `cpuset.cpus` and `cpuset.cpus.exclusive`, from the top down, then every
/// `cpuset.cpus.partition`.
public final class GroupCpus {
  private final CpusetTree tree;
  private final Map<String, Cpuset> byPath = new LinkedHashMap<>();
  private final Map<String, CpusetResult.Refused> refusals = new LinkedHashMap<>();

  /// The answers for these cgroups on `cpuCount` CPUs.
  public GroupCpus(List<GroupSpec> groups, int cpuCount) {
    tree = new CpusetTree(CpuSet.range(0, cpuCount), CpuSet.EMPTY);
    byPath.put("", tree.root());
    make(groups, "", tree.root());
    divide(groups, "");
  }

  private void make(List<GroupSpec> groups, String above, Cpuset parent) {
    for (GroupSpec spec : groups) {
      String path = above + spec.name();
      Cpuset made = tree.make(spec.name(), parent);
      byPath.put(path, made);
      spec.cpus().ifPresent(cpus -> note(path, tree.writeCpus(made, cpus)));
      if (!spec.exclusive().isEmpty()) {
        note(path, tree.writeExclusive(made, spec.exclusive()));
      }
      make(spec.groups(), path + "/", made);
    }
  }

  private void divide(List<GroupSpec> groups, String above) {
    for (GroupSpec spec : groups) {
      String path = above + spec.name();
      if (spec.partition() != PartitionType.MEMBER) {
        note(path, tree.writePartition(cpuset(path), spec.partition()));
      }
      divide(spec.groups(), path + "/");
    }
  }

  private void note(String path, CpusetResult result) {
    if (result instanceof CpusetResult.Refused refused) {
      refusals.put(path, refused);
    }
  }

  /// The group's cpuset files; the empty path is the root's.
  public Cpuset cpuset(String path) {
    Cpuset cpuset = byPath.get(path);
    if (cpuset == null) {
      throw new IllegalArgumentException("no cgroup " + path);
    }
    return cpuset;
  }

  /// What the kernel refused to write to a group's files.
  public Optional<CpusetResult.Refused> refusal(String path) {
    return Optional.ofNullable(refusals.get(path));
  }

  /// The CPUs that tasks of the group may use.
  public CpuSet tasks(String path) {
    return tree.taskCpus(cpuset(path));
  }

  /// The CPUs that tasks of the group and of those below it may use.
  CpuSet span(String path) {
    return span(cpuset(path));
  }

  private CpuSet span(Cpuset cpuset) {
    CpuSet span = tree.taskCpus(cpuset);
    for (Cpuset child : cpuset.children()) {
      span = span.or(span(child));
    }
    return span;
  }
}
