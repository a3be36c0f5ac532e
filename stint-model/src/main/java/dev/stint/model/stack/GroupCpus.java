package dev.stint.model.stack;

import dev.stint.model.linux.cpuset.Cpuset;
import dev.stint.model.linux.cpuset.CpusetHierarchy;
import dev.stint.model.linux.cpuset.CpusetResult;
import dev.stint.model.linux.cpuset.CpusetVersion;
import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.machine.CpuSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The CPUs that the cgroups of a scenario get on a Linux of their own, as its kernel answers the
/// writes: first every `cpuset.cpus` with `cpuset.cpus.exclusive` or `cpuset.cpu_exclusive`, from
/// the top down, then every `cpuset.cpus.partition`.
public final class GroupCpus {
  private final CpusetHierarchy tree;
  private final Map<String, Cpuset> byPath = new LinkedHashMap<>();
  private final Map<String, Refusal> refusals = new LinkedHashMap<>();

  /// A write that the kernel refuses.
  ///
  /// @param file which one: `cpuset.cpus`
  /// @param answer the reason
  public record Refusal(String file, CpusetResult.Refused answer) {}

  /// The answers for these cgroups on `cpuCount` CPUs.
  public GroupCpus(CpusetVersion version, List<GroupSpec> groups, int cpuCount) {
    tree = CpusetHierarchy.of(version, CpuSet.range(0, cpuCount));
    byPath.put("", tree.root());
    make(groups, "", tree.root());
    divide(groups, "");
  }

  private void make(List<GroupSpec> groups, String above, Cpuset parent) {
    for (GroupSpec spec : groups) {
      String path = above + spec.name();
      Cpuset made = tree.makeReady(spec.name(), parent);
      byPath.put(path, made);
      spec.cpus().ifPresent(cpus -> note(path, "cpuset.cpus", tree.writeCpus(made, cpus)));
      if (!spec.exclusive().isEmpty()) {
        note(path, "cpuset.cpus.exclusive", tree.writeExclusive(made, spec.exclusive()));
      }
      if (spec.cpuExclusive()) {
        note(path, "cpuset.cpu_exclusive", tree.writeCpuExclusive(made, true));
      }
      make(spec.groups(), path + "/", made);
    }
  }

  private void divide(List<GroupSpec> groups, String above) {
    for (GroupSpec spec : groups) {
      String path = above + spec.name();
      if (spec.partition() != PartitionType.MEMBER) {
        note(path, "cpuset.cpus.partition", tree.writePartition(cpuset(path), spec.partition()));
      }
      divide(spec.groups(), path + "/");
    }
  }

  private void note(String path, String file, CpusetResult result) {
    if (result instanceof CpusetResult.Refused refused) {
      refusals.putIfAbsent(path, new Refusal(file, refused));
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

  /// The first thing that the kernel refused to write to a group's files.
  public Optional<Refusal> refusal(String path) {
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
