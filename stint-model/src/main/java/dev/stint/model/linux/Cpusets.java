package dev.stint.model.linux;

import dev.stint.model.linux.cpuset.Cpuset;
import dev.stint.model.linux.cpuset.CpusetHierarchy;
import dev.stint.model.linux.cpuset.CpusetResult;
import dev.stint.model.linux.cpuset.Errno;
import dev.stint.model.linux.cpuset.PartitionType;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.sched.TaskControl;
import java.util.ArrayList;
import java.util.List;

/// The cpuset controller of one Linux and sched_setaffinity: writes as a tool does them while tasks
/// run, and the moves that follow (facts: linux.md §6).
///
/// A task may use its group's effective CPUs that are also in the mask it once asked for; if there
/// is none, the group's. The mask is remembered, so that wider CPUs bring it back; before 6.2 a
/// change of the group's CPUs forgets it.
public final class Cpusets {
  /*
   * Tasks whose mask changes are visited in order of creation. The writer is taken to run on CPU 0:
   * its cursor is the one that spreads the moved tasks.
   */
  private final LinuxKernel kernel;
  private final CpusetHierarchy tree;
  private final List<Task> tasks = new ArrayList<>();
  private List<CpuSet> domains;
  private int cursor;

  Cpusets(LinuxKernel kernel) {
    this.kernel = kernel;
    tree = CpusetHierarchy.of(kernel.config.cpusets(), CpuSet.range(0, kernel.cpuCount()));
    domains = tree.balancedDomains();
  }

  Cpuset root() {
    return tree.root();
  }

  Cpuset make(String name, TaskGroup parent) {
    return tree.makeReady(name, parent.cpuset());
  }

  /// The CPUs that are online.
  public CpuSet online() {
    return tree.online();
  }

  /// Whether load is ever balanced between the two CPUs, or a wake-up goes from one to the other by
  /// choice: both are in one root partition.
  public boolean sameDomain(int cpuA, int cpuB) {
    return balanceSpan(cpuA).contains(cpuB);
  }

  /// The CPUs that balance with this one, itself included; empty in an isolated partition.
  public CpuSet balanceSpan(int cpu) {
    for (CpuSet domain : domains) {
      if (domain.contains(cpu)) {
        return domain;
      }
    }
    return CpuSet.EMPTY;
  }

  // --- Writes ---

  /// Writes `cpuset.cpus` now.
  public CpusetResult writeCpus(TaskGroup group, CpuSet cpus) {
    return followed(tree.writeCpus(group.cpuset(), cpus));
  }

  /// Writes `cpuset.cpus.exclusive` now.
  public CpusetResult writeExclusive(TaskGroup group, CpuSet cpus) {
    return followed(tree.writeExclusive(group.cpuset(), cpus));
  }

  /// Writes `cpuset.cpus.partition` now.
  public CpusetResult writePartition(TaskGroup group, PartitionType type) {
    return followed(tree.writePartition(group.cpuset(), type));
  }

  /// Writes `cpuset.cpu_exclusive` now.
  public CpusetResult writeCpuExclusive(TaskGroup group, boolean exclusive) {
    return followed(tree.writeCpuExclusive(group.cpuset(), exclusive));
  }

  /// Takes a CPU off line now, or brings it back: no task runs on an offline CPU.
  public CpusetResult setOnline(int cpu, boolean online) {
    return followed(tree.setOnline(cpu, online));
  }

  /// Moves a task to another group now (`cgroup.procs`): its CPUs change first, then its queue.
  public CpusetResult moveTask(TaskControl control, TaskGroup joined) {
    Task task = kernel.own(control);
    TaskGroup to = kernel.autogroup.of(joined, task.membership.session);
    if (task.exiting() || task.group == to) {
      return CpusetResult.ACCEPTED;
    }
    if (task.membership.cpuset != to.cpuset()) {
      CpusetResult result = tree.attach(to.cpuset());
      if (!result.accepted()) {
        return result;
      }
      tree.detach(task.membership.cpuset);
      task.membership.cpuset = to.cpuset();
      grant(task, true);
    }
    GroupChange.apply(task, to, kernel.simulation.nowNs());
    return CpusetResult.ACCEPTED;
  }

  /// Asks for a task to run on these CPUs only (sched_setaffinity). Those outside its cpuset are
  /// ignored now but remembered; EINVAL when all are.
  public CpusetResult setAffinity(TaskControl control, CpuSet mask) {
    Task task = kernel.own(control);
    CpuSet allowed = tree.taskCpus(task.membership.cpuset).and(mask);
    if (allowed.isEmpty()) {
      return new CpusetResult.Refused(Errno.EINVAL, "none of the CPUs is in the task's cpuset");
    }
    task.membership.userMask = mask;
    change(task, allowed);
    return CpusetResult.ACCEPTED;
  }

  // --- What follows ---

  /// A new task joins its group.
  void adopt(Task task) {
    CpusetResult result = tree.attach(task.membership.cpuset);
    if (!result.accepted()) {
      throw new IllegalArgumentException(
          task.name() + " cannot start in " + task.group + ", " + result);
    }
    tasks.add(task);
    task.membership.granted = tree.taskCpus(task.membership.cpuset);
    task.allowed = maskOf(task);
  }

  /// A task has ended.
  void release(Task task) {
    tree.detach(task.membership.cpuset);
    tasks.remove(task);
  }

  private static CpuSet maskOf(Task task) {
    CpuSet both = task.membership.granted.and(task.membership.userMask);
    return both.isEmpty() ? task.membership.granted : both;
  }

  /// A task gets the CPUs of its cpuset, which it may have joined just now.
  private void grant(Task task, boolean joined) {
    CpuSet granted = tree.taskCpus(task.membership.cpuset);
    if (!kernel.config.version().remembersAffinity()
        && (joined || !granted.equals(task.membership.granted))) {
      task.membership.userMask = CpuSet.range(0, kernel.cpuCount());
    }
    task.membership.granted = granted;
    change(task, maskOf(task));
  }

  private CpusetResult followed(CpusetResult result) {
    if (result.accepted()) {
      for (Task task : tasks) {
        task.membership.cpuset = tree.home(task.membership.cpuset);
        grant(task, false);
      }
      List<CpuSet> now = tree.balancedDomains();
      if (!now.equals(domains)) {
        domains = now;
        kernel.smp.partition(now);
      }
    }
    return result;
  }

  /// A task gets another mask (`__set_cpus_allowed_ptr_locked`).
  private void change(Task task, CpuSet mask) {
    if (mask.equals(task.allowed)) {
      return;
    }
    int destination = distribute(mask);
    task.allowed = mask;
    AffinityMove.apply(task, destination, kernel.simulation.nowNs());
  }

  /// The next of these CPUs after the one chosen last, round and round
  /// (`cpumask_any_and_distribute`).
  private int distribute(CpuSet mask) {
    int next = mask.next(cursor + 1);
    cursor = next < 0 ? mask.next(0) : next;
    return cursor;
  }
}
