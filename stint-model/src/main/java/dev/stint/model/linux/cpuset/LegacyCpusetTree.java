package dev.stint.model.linux.cpuset;

import dev.stint.model.machine.CpuSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cpusets of one Linux under cgroup v1: a group's CPUs are a subset of its parent's and hold
/// its children's, and a write against that is refused (facts: linux.md §6).
public final class LegacyCpusetTree extends CpusetHierarchy {
  /// A hierarchy with the root alone, which has all CPUs and is exclusive.
  public LegacyCpusetTree(CpuSet possible) {
    super(possible);
    root.cpus = possible;
    root.cpuExclusive = true;
  }

  /// Makes a group: without CPUs, so that it can hold no task yet.
  @Override
  public Cpuset make(String name, Cpuset parent) {
    Cpuset made = new Cpuset(name, parent, CpuSet.EMPTY, CpuSet.EMPTY);
    parent.children.add(made);
    return made;
  }

  /// Makes a group with its parent's CPUs, unless a sibling is exclusive (`cgroup.clone_children`).
  @Override
  public Cpuset makeReady(String name, Cpuset parent) {
    boolean exclusiveSibling = parent.children.stream().anyMatch(Cpuset::cpuExclusive);
    Cpuset made = make(name, parent);
    if (!exclusiveSibling) {
      assign(made, parent.cpus);
    }
    return made;
  }

  private static void assign(Cpuset cpuset, CpuSet cpus) {
    cpuset.cpus = cpus;
    cpuset.effective = cpus;
  }

  /// Writes `cpuset.cpus`.
  @Override
  public CpusetResult writeCpus(Cpuset cpuset, CpuSet cpus) {
    CpusetResult.Refused refused = refusedList(cpuset, cpus, online());
    return refused != null ? refused : change(cpuset, cpus, cpuset.cpuExclusive);
  }

  /// Writes `cpuset.cpu_exclusive`.
  @Override
  public CpusetResult writeCpuExclusive(Cpuset cpuset, boolean exclusive) {
    return change(cpuset, cpuset.cpus, exclusive);
  }

  private static CpusetResult change(Cpuset cpuset, CpuSet cpus, boolean exclusive) {
    CpusetResult.Refused problem = problem(cpuset, cpus, exclusive);
    if (problem != null) {
      return problem;
    }
    assign(cpuset, cpus);
    cpuset.cpuExclusive = exclusive;
    return CpusetResult.ACCEPTED;
  }

  /// The first rule that the values break, in the order in which the kernel asks.
  private static CpusetResult.@Nullable Refused problem(
      Cpuset cpuset, CpuSet cpus, boolean exclusive) {
    for (Cpuset child : cpuset.children) {
      if (!cpus.containsAll(child.cpus) || (child.cpuExclusive && !exclusive)) {
        return refused(Errno.EBUSY, "a cpuset holds those below it; see " + child);
      }
    }
    Cpuset parent = cpuset.parent;
    if (parent == null) {
      return null;
    }
    if (!parent.cpus.containsAll(cpus) || (exclusive && !parent.cpuExclusive)) {
      return refused(Errno.EACCES, "a cpuset is within its parent's");
    }
    if (cpus.isEmpty() && !cpuset.cpus.isEmpty() && cpuset.populated()) {
      return refused(Errno.ENOSPC, "a cpuset with tasks cannot be emptied");
    }
    for (Cpuset sibling : parent.children) {
      if (sibling != cpuset
          && (exclusive || sibling.cpuExclusive)
          && CpusetTree.intersects(cpus, sibling.cpus)) {
        return refused(Errno.EINVAL, "an exclusive cpuset shares no CPU with a sibling");
      }
    }
    return null;
  }

  /// A task comes.
  @Override
  public CpusetResult attach(Cpuset cpuset) {
    if (cpuset.cpus.isEmpty()) {
      return refused(Errno.ENOSPC, "a cpuset without CPUs holds no task");
    }
    cpuset.taskCount++;
    return CpusetResult.ACCEPTED;
  }

  @Override
  public Cpuset home(Cpuset cpuset) {
    Cpuset at = cpuset;
    while (at.cpus.isEmpty() && at.parent != null) {
      at = at.parent;
    }
    return at;
  }

  @Override
  public CpuSet taskCpus(Cpuset cpuset) {
    return home(cpuset).cpus;
  }

  /// All CPUs are balanced together: `cpuset.sched_load_balance` of the root is 1.
  @Override
  public List<CpuSet> balancedDomains() {
    return List.of(root.cpus);
  }

  /// A CPU off line leaves every cpuset for good: only the root has it back. Tasks of a cpuset left
  /// empty move to the nearest one above that is not.
  @Override
  void settle() {
    assign(root, online());
    for (Cpuset child : root.children) {
      unplug(child);
    }
  }

  private void unplug(Cpuset cpuset) {
    assign(cpuset, cpuset.cpus.and(online()));
    if (cpuset.cpus.isEmpty()) {
      home(cpuset).taskCount += cpuset.taskCount;
      cpuset.taskCount = 0;
    }
    for (Cpuset child : cpuset.children) {
      unplug(child);
    }
  }
}
