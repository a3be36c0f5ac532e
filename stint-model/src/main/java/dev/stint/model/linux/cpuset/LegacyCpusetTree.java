package dev.stint.model.linux.cpuset;

import dev.stint.model.machine.CpuSet;
import org.jspecify.annotations.Nullable;

/// The cpusets of one Linux under cgroup v1: a group's CPUs are a subset of its parent's and hold
/// its children's, and a write against that is refused (facts: linux.md §6).
public final class LegacyCpusetTree {
  private final CpuSet possible;
  private final LegacyCpuset root;
  private CpuSet online;

  /// A hierarchy with the root alone, which has all CPUs and is exclusive.
  public LegacyCpusetTree(CpuSet possible) {
    this.possible = possible;
    online = possible;
    root = new LegacyCpuset("", null, possible);
    root.exclusive = true;
  }

  /// The root: all online CPUs.
  public LegacyCpuset root() {
    return root;
  }

  /// Makes a group: without CPUs, so that it can hold no task yet.
  public LegacyCpuset make(String name, LegacyCpuset parent) {
    LegacyCpuset made = new LegacyCpuset(name, parent, CpuSet.EMPTY);
    parent.children.add(made);
    return made;
  }

  /// Removes a group.
  public CpusetResult remove(LegacyCpuset cpuset) {
    LegacyCpuset parent = cpuset.parent;
    if (parent == null || !cpuset.children.isEmpty() || cpuset.taskCount > 0) {
      return refused(Errno.EBUSY, "a group with tasks or groups below cannot be removed");
    }
    parent.children.remove(cpuset);
    return CpusetResult.ACCEPTED;
  }

  /// Writes `cpuset.cpus`.
  public CpusetResult writeCpus(LegacyCpuset cpuset, CpuSet cpus) {
    if (cpuset.parent == null) {
      return refused(Errno.EACCES, "the root's CPUs are the machine's");
    }
    if (!online.containsAll(cpus)) {
      return refused(Errno.EINVAL, "there is no such CPU on line");
    }
    return change(cpuset, cpus, cpuset.exclusive);
  }

  /// Writes `cpuset.cpu_exclusive`.
  public CpusetResult writeCpuExclusive(LegacyCpuset cpuset, boolean exclusive) {
    return change(cpuset, cpuset.cpus, exclusive);
  }

  private static CpusetResult change(LegacyCpuset cpuset, CpuSet cpus, boolean exclusive) {
    CpusetResult.Refused problem = problem(cpuset, cpus, exclusive);
    if (problem != null) {
      return problem;
    }
    cpuset.cpus = cpus;
    cpuset.exclusive = exclusive;
    return CpusetResult.ACCEPTED;
  }

  /// The first rule that the values break, in the order in which the kernel asks.
  private static CpusetResult.@Nullable Refused problem(
      LegacyCpuset cpuset, CpuSet cpus, boolean exclusive) {
    for (LegacyCpuset child : cpuset.children) {
      if (!cpus.containsAll(child.cpus) || (child.exclusive && !exclusive)) {
        return refused(Errno.EBUSY, "a cpuset holds those below it; see " + child);
      }
    }
    LegacyCpuset parent = cpuset.parent;
    if (parent == null) {
      return null;
    }
    if (!parent.cpus.containsAll(cpus) || (exclusive && !parent.exclusive)) {
      return refused(Errno.EACCES, "a cpuset is within its parent's");
    }
    if (cpus.isEmpty() && !cpuset.cpus.isEmpty() && cpuset.populated()) {
      return refused(Errno.ENOSPC, "a cpuset with tasks cannot be emptied");
    }
    for (LegacyCpuset sibling : parent.children) {
      if (sibling != cpuset
          && (exclusive || sibling.exclusive)
          && CpusetTree.intersects(cpus, sibling.cpus)) {
        return refused(Errno.EINVAL, "an exclusive cpuset shares no CPU with a sibling");
      }
    }
    return null;
  }

  /// A task comes.
  public CpusetResult attach(LegacyCpuset cpuset) {
    if (cpuset.cpus.isEmpty()) {
      return refused(Errno.ENOSPC, "a cpuset without CPUs holds no task");
    }
    cpuset.taskCount++;
    return CpusetResult.ACCEPTED;
  }

  /// A task leaves or ends.
  public void detach(LegacyCpuset cpuset) {
    cpuset.taskCount--;
  }

  /// Takes a CPU off line, or brings it back. It leaves every cpuset for good: only the root has it
  /// back. Tasks of a cpuset left empty move to the nearest one above that is not.
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
    root.cpus = left;
    for (LegacyCpuset child : root.children) {
      unplug(child, root);
    }
    return CpusetResult.ACCEPTED;
  }

  private void unplug(LegacyCpuset cpuset, LegacyCpuset refuge) {
    cpuset.cpus = cpuset.cpus.and(online);
    if (cpuset.cpus.isEmpty()) {
      refuge.taskCount += cpuset.taskCount;
      cpuset.taskCount = 0;
    }
    for (LegacyCpuset child : cpuset.children) {
      unplug(child, cpuset.cpus.isEmpty() ? refuge : cpuset);
    }
  }

  private static CpusetResult.Refused refused(Errno errno, String reason) {
    return new CpusetResult.Refused(errno, reason);
  }
}
