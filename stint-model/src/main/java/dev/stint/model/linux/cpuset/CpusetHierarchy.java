package dev.stint.model.linux.cpuset;

import dev.stint.model.machine.CpuSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cpusets of one Linux: answers writes as the kernel does and keeps what every group's files
/// read right (facts: linux.md §6).
///
/// A file that the version does not have is refused as missing (ENOENT).
public abstract sealed class CpusetHierarchy permits CpusetTree, LegacyCpusetTree {
  final CpuSet possible;
  final Cpuset root;
  private CpuSet online;

  CpusetHierarchy(CpuSet possible) {
    this.possible = possible;
    online = possible;
    root = new Cpuset("", null, possible, possible);
  }

  /// A hierarchy with the root alone.
  ///
  /// @param possible the machine's CPUs, all online
  public static CpusetHierarchy of(CpusetVersion version, CpuSet possible) {
    return switch (version) {
      case V1 -> new LegacyCpusetTree(possible);
      case V2 -> new CpusetTree(possible, CpuSet.EMPTY);
    };
  }

  /// The root cpuset: all online CPUs.
  public final Cpuset root() {
    return root;
  }

  /// The CPUs that are online.
  public final CpuSet online() {
    return online;
  }

  /// Makes a group (`mkdir`).
  public abstract Cpuset make(String name, Cpuset parent);

  /// Makes a group that tasks may join, as container runtimes do: under cgroup v1 with
  /// `cgroup.clone_children`.
  public abstract Cpuset makeReady(String name, Cpuset parent);

  /// Removes a group (`rmdir`).
  public final CpusetResult remove(Cpuset cpuset) {
    Cpuset parent = cpuset.parent;
    if (parent == null || !cpuset.children.isEmpty() || cpuset.taskCount > 0) {
      return refused(Errno.EBUSY, "a group with tasks or groups below cannot be removed");
    }
    cpuset.removed = true;
    parent.children.remove(cpuset);
    settle();
    return CpusetResult.ACCEPTED;
  }

  /// Writes `cpuset.cpus`.
  public abstract CpusetResult writeCpus(Cpuset cpuset, CpuSet cpus);

  /// Writes `cpuset.cpus.exclusive` (v2).
  public CpusetResult writeExclusive(Cpuset cpuset, CpuSet exclusive) {
    return missing("cpuset.cpus.exclusive");
  }

  /// Writes `cpuset.cpus.partition` (v2).
  public CpusetResult writePartition(Cpuset cpuset, PartitionType type) {
    return missing("cpuset.cpus.partition");
  }

  /// Writes `cpuset.cpu_exclusive` (v1).
  public CpusetResult writeCpuExclusive(Cpuset cpuset, boolean exclusive) {
    return missing("cpuset.cpu_exclusive");
  }

  /// A task comes.
  public abstract CpusetResult attach(Cpuset cpuset);

  /// A task leaves or ends. Partitions are not looked at until the next write or hotplug.
  public final void detach(Cpuset cpuset) {
    cpuset.taskCount--;
  }

  /// Takes a CPU off line, or brings it back.
  public final CpusetResult setOnline(int cpu, boolean wanted) {
    if (!possible.contains(cpu)) {
      return refused(Errno.EINVAL, "there is no such CPU");
    }
    CpuSet one = CpuSet.of(cpu);
    CpuSet left = wanted ? online.or(one) : online.minus(one);
    if (left.isEmpty()) {
      return refused(Errno.EBUSY, "the last online CPU stays");
    }
    online = left;
    settle();
    return CpusetResult.ACCEPTED;
  }

  /// The cpuset that a task put into this one is in now: another one where hotplug moved it.
  public abstract Cpuset home(Cpuset cpuset);

  /// The CPUs that the group's tasks may use.
  public abstract CpuSet taskCpus(Cpuset cpuset);

  /// The sets of CPUs that balance among themselves, the root's first; the CPUs in none do not.
  public abstract List<CpuSet> balancedDomains();

  /// Groups or online CPUs have changed: every group is looked at.
  abstract void settle();

  /// The reason to refuse a list because of whom it is for or what exists.
  static CpusetResult.@Nullable Refused refusedList(Cpuset cpuset, CpuSet cpus, CpuSet existing) {
    if (cpuset.parent == null) {
      return refused(Errno.EACCES, "the root's CPUs are the machine's");
    }
    if (!existing.containsAll(cpus)) {
      return refused(Errno.EINVAL, "there is no such CPU");
    }
    return null;
  }

  static CpusetResult.Refused refused(Errno errno, String reason) {
    return new CpusetResult.Refused(errno, reason);
  }

  private static CpusetResult missing(String file) {
    return refused(Errno.ENOENT, "this version of cgroups has no " + file);
  }
}
