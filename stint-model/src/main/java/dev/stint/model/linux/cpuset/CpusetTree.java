package dev.stint.model.linux.cpuset;

import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cpusets of one Linux under cgroup v2: answers writes as the kernel does and keeps every
/// group's effective CPUs and partition state right (facts: linux.md §6; 6.18).
///
/// A write that only makes a partition senseless is accepted: the partition becomes invalid and
/// behaves as a member until it makes sense again.
public final class CpusetTree {
  private final CpuSet possible;
  private final Cpuset root;
  private final PartitionValidator validator;
  private CpuSet online;
  private long nextSequence = 1;

  /// A hierarchy with the root alone.
  ///
  /// @param possible the machine's CPUs, all online
  /// @param bootIsolated those isolated at boot (`isolcpus=`), usually none
  public CpusetTree(CpuSet possible, CpuSet bootIsolated) {
    this.possible = possible;
    online = possible;
    root = new Cpuset("", null, possible, possible);
    root.valid = true;
    root.requested = PartitionType.ROOT;
    validator = new PartitionValidator(root, bootIsolated);
  }

  /// The root cpuset: a valid partition that always holds tasks.
  public Cpuset root() {
    return root;
  }

  /// The CPUs that are online.
  public CpuSet online() {
    return online;
  }

  /// Makes a group (`mkdir`): a member with its parent's CPUs.
  public Cpuset make(String name, Cpuset parent) {
    Cpuset made = new Cpuset(name, parent, parent.effective, CpuSet.EMPTY);
    parent.children.add(made);
    return made;
  }

  /// Removes a group (`rmdir`).
  public CpusetResult remove(Cpuset cpuset) {
    Cpuset parent = cpuset.parent;
    if (parent == null || !cpuset.children.isEmpty() || cpuset.taskCount > 0) {
      return refused(Errno.EBUSY, "a group with tasks or groups below cannot be removed");
    }
    cpuset.removed = true;
    parent.children.remove(cpuset);
    revalidate();
    return CpusetResult.ACCEPTED;
  }

  /// Writes `cpuset.cpus`; empty for none of its own. CPUs that the parent lacks are allowed and
  /// ignored.
  public CpusetResult writeCpus(Cpuset cpuset, CpuSet cpus) {
    CpusetResult.Refused refused = refusedList(cpuset, cpus);
    if (refused != null) {
      return refused;
    }
    if (cpus.isEmpty() && !cpuset.cpus.isEmpty() && cpuset.populated()) {
      return refused(Errno.ENOSPC, "cpuset.cpus of a group with tasks cannot be emptied");
    }
    cpuset.cpus = cpus;
    revalidate();
    return CpusetResult.ACCEPTED;
  }

  /// Writes `cpuset.cpus.exclusive`; empty for none.
  public CpusetResult writeExclusive(Cpuset cpuset, CpuSet exclusive) {
    CpusetResult.Refused refused = refusedList(cpuset, exclusive);
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
    revalidate();
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
  public CpusetResult writePartition(Cpuset cpuset, PartitionType type) {
    if (cpuset.parent == null) {
      return refused(Errno.EACCES, "the root is a partition and stays one");
    }
    if (type == PartitionType.MEMBER) {
      cpuset.requested = type;
      cpuset.remote = false;
      revalidate();
      return CpusetResult.ACCEPTED;
    }
    boolean anew = !cpuset.valid;
    cpuset.requested = type;
    if (anew) {
      cpuset.sequence = nextSequence++;
    }
    revalidate();
    if (!cpuset.valid && !belowPartition(cpuset)) {
      cpuset.remote = true;
      revalidate();
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
  public CpusetResult attach(Cpuset cpuset) {
    if (cpuset.effective.isEmpty()) {
      return refused(Errno.ENOSPC, "the group has no CPU: all were given to partitions below it");
    }
    cpuset.taskCount++;
    return CpusetResult.ACCEPTED;
  }

  /// A task leaves or ends. Partitions are not looked at until the next write or hotplug.
  public void detach(Cpuset cpuset) {
    cpuset.taskCount--;
  }

  /// Takes a CPU off line, or brings it back.
  public CpusetResult setOnline(int cpu, boolean wanted) {
    if (!possible.contains(cpu)) {
      return refused(Errno.EINVAL, "there is no such CPU");
    }
    CpuSet one = CpuSet.of(cpu);
    CpuSet left = wanted ? online.or(one) : online.minus(one);
    if (left.isEmpty()) {
      return refused(Errno.EBUSY, "the last online CPU stays");
    }
    online = left;
    revalidate();
    return CpusetResult.ACCEPTED;
  }

  /// The CPUs that the group's tasks may use: its effective ones, or while it has none those of the
  /// nearest group above that has.
  public CpuSet taskCpus(Cpuset cpuset) {
    Cpuset at = cpuset;
    while (at.effective.isEmpty() && at.parent != null) {
      at = at.parent;
    }
    return at.effective;
  }

  /// The sets of CPUs that balance among themselves: one per valid root partition with CPUs, the
  /// root's first. CPUs of isolated partitions are in none.
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

  private CpusetResult.@Nullable Refused refusedList(Cpuset cpuset, CpuSet cpus) {
    if (cpuset.parent == null) {
      return refused(Errno.EACCES, "the root's CPUs are the machine's");
    }
    if (!possible.containsAll(cpus)) {
      return refused(Errno.EINVAL, "there is no such CPU");
    }
    return null;
  }

  private static CpusetResult.Refused refused(Errno errno, String reason) {
    return new CpusetResult.Refused(errno, reason);
  }

  private void revalidate() {
    validator.revalidate(online);
  }

  static boolean intersects(CpuSet a, CpuSet b) {
    return !a.and(b).isEmpty();
  }
}
