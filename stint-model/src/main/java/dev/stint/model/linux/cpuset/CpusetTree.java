package dev.stint.model.linux.cpuset;

import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.List;

/// The cpusets of one Linux under cgroup v2: answers writes as the kernel does and keeps every
/// group's effective CPUs and partition state right (facts: linux.md §6; 6.18).
///
/// A write that only makes a partition senseless is accepted: the partition becomes invalid and
/// behaves as a member until it makes sense again.
public final class CpusetTree extends CpusetHierarchy {
  private final PartitionValidator validator;
  private long nextSequence = 1;

  /// A hierarchy with the root alone.
  ///
  /// @param possible the machine's CPUs, all online
  /// @param bootIsolated those isolated at boot (`isolcpus=`), usually none
  public CpusetTree(CpuSet possible, CpuSet bootIsolated) {
    super(possible);
    root.valid = true;
    root.requested = PartitionType.ROOT;
    validator = new PartitionValidator(root, bootIsolated);
  }

  /// Makes a group (`mkdir`): a member with its parent's CPUs.
  @Override
  public Cpuset make(String name, Cpuset parent) {
    Cpuset made = new Cpuset(name, parent, parent.effective, CpuSet.EMPTY);
    parent.children.add(made);
    return made;
  }

  @Override
  public Cpuset makeReady(String name, Cpuset parent) {
    return make(name, parent);
  }

  /// Writes `cpuset.cpus`; empty for none of its own. CPUs that the parent lacks are allowed and
  /// ignored.
  @Override
  public CpusetResult writeCpus(Cpuset cpuset, CpuSet cpus) {
    CpusetResult.Refused refused = refusedList(cpuset, cpus, possible);
    if (refused != null) {
      return refused;
    }
    if (cpus.isEmpty() && !cpuset.cpus.isEmpty() && cpuset.populated()) {
      return refused(Errno.ENOSPC, "cpuset.cpus of a group with tasks cannot be emptied");
    }
    cpuset.cpus = cpus;
    settle();
    return CpusetResult.ACCEPTED;
  }

  /// Writes `cpuset.cpus.exclusive`; empty for none.
  @Override
  public CpusetResult writeExclusive(Cpuset cpuset, CpuSet exclusive) {
    CpusetResult.Refused refused = refusedList(cpuset, exclusive, possible);
    if (refused != null) {
      return refused;
    }
    Cpuset parent = cpuset.parent;
    if (parent != null) {
      for (Cpuset sibling : parent.children) {
        if (sibling != cpuset && contested(cpuset, exclusive, sibling)) {
          return refused(
              Errno.EINVAL, "an exclusive CPU belongs to one group; " + sibling + " has one too");
        }
      }
    }
    cpuset.exclusive = exclusive;
    settle();
    return CpusetResult.ACCEPTED;
  }

  /// Exclusive lists are disjoint; one may not swallow all a sibling without such a list asks for;
  /// what a valid partition claims is nobody else's.
  private static boolean contested(Cpuset cpuset, CpuSet exclusive, Cpuset sibling) {
    boolean mine = !exclusive.isEmpty();
    boolean other = !sibling.exclusive.isEmpty();
    if (cpuset.valid || sibling.valid || (mine && other)) {
      CpuSet claimed = mine ? exclusive : cpuset.cpus;
      return intersects(claimed, sibling.claimed());
    }
    if (mine) {
      return !sibling.cpus.isEmpty() && exclusive.containsAll(sibling.cpus);
    }
    return other && !cpuset.cpus.isEmpty() && sibling.exclusive.containsAll(cpuset.cpus);
  }

  /// Writes `cpuset.cpus.partition`. Never refused but for the root: see [Cpuset#partition()].
  @Override
  public CpusetResult writePartition(Cpuset cpuset, PartitionType type) {
    if (cpuset.parent == null) {
      return refused(Errno.EACCES, "the root is a partition and stays one");
    }
    if (type == PartitionType.MEMBER) {
      cpuset.requested = type;
      cpuset.remote = false;
      settle();
      return CpusetResult.ACCEPTED;
    }
    boolean anew = !cpuset.valid;
    cpuset.requested = type;
    if (anew) {
      cpuset.sequence = nextSequence++;
    }
    settle();
    if (!cpuset.valid && !belowPartition(cpuset)) {
      cpuset.remote = true;
      settle();
    }
    return CpusetResult.ACCEPTED;
  }

  /// Whether a valid partition other than the root lies above, or the root does directly.
  private boolean belowPartition(Cpuset cpuset) {
    Cpuset above = cpuset.parent;
    if (above == root) {
      return true;
    }
    while (above != null && above != root) {
      if (above.valid) {
        return true;
      }
      above = above.parent;
    }
    return false;
  }

  /// A task comes (`cgroup.procs`).
  @Override
  public CpusetResult attach(Cpuset cpuset) {
    if (cpuset.effective.isEmpty()) {
      return refused(Errno.ENOSPC, "the group has no CPU: all were given to partitions below it");
    }
    cpuset.taskCount++;
    return CpusetResult.ACCEPTED;
  }

  @Override
  public Cpuset home(Cpuset cpuset) {
    return cpuset;
  }

  /// The CPUs that the group's tasks may use: its effective ones, or while it has none those of the
  /// nearest group above that has.
  @Override
  public CpuSet taskCpus(Cpuset cpuset) {
    Cpuset at = cpuset;
    while (at.effective.isEmpty() && at.parent != null) {
      at = at.parent;
    }
    return at.effective;
  }

  /// The sets of CPUs that balance among themselves: one per valid root partition with CPUs, the
  /// root's first. CPUs of isolated partitions are in none.
  @Override
  public List<CpuSet> balancedDomains() {
    List<CpuSet> domains = new ArrayList<>();
    collectDomains(root, domains);
    return domains;
  }

  private void collectDomains(Cpuset at, List<CpuSet> domains) {
    if (at.valid && at.requested == PartitionType.ROOT) {
      CpuSet span = at == root ? at.effective.minus(validator.bootIsolated()) : at.effective;
      if (!span.isEmpty()) {
        domains.add(span);
      }
    }
    for (Cpuset child : at.children) {
      collectDomains(child, domains);
    }
  }

  @Override
  void settle() {
    validator.revalidate(online());
  }

  static boolean intersects(CpuSet a, CpuSet b) {
    return !a.and(b).isEmpty();
  }
}
