package dev.stint.model.linux;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Follows which tasks of a kernel are runnable and which run, for the pressure files of its
/// cgroups (PSI, `kernel/sched/psi.c`). Only an observed kernel has one.
///
/// A task that is blocked counts as sleeping though its dequeue may be delayed; one that a
/// bandwidth limit holds counts as runnable.
final class Pressure {
  private static final int OFF = -1;

  private final LinuxKernel kernel;
  private final long sinceNs;
  private final Map<TaskGroup, PressureGroup> groups = new LinkedHashMap<>();
  private final Map<Task, Seen> seen = new LinkedHashMap<>();

  /// What the groups know of a task: the CPU where it is runnable, and whether it runs there.
  private static final class Seen {
    @Nullable TaskGroup group;
    int cpu = OFF;
    boolean running;
  }

  Pressure(LinuxKernel kernel) {
    this.kernel = kernel;
    sinceNs = kernel.simulation.nowNs();
  }

  /// A task's state may have changed (`psi_task_change`, `psi_task_switch`).
  void changed(Task task, long nowNs) {
    Seen before = seen.computeIfAbsent(task, _ -> new Seen());
    int cpu = task.blocked() ? OFF : task.runqueue().cpu;
    boolean running = cpu != OFF && task.runqueue().current() == task;
    boolean moved = cpu != before.cpu || task.group != before.group;
    if (!moved && running == before.running) {
      return;
    }
    if (moved && before.cpu != OFF) {
      change(before.group, before.cpu, -1, before.running ? -1 : 0, nowNs);
    }
    if (moved && cpu != OFF) {
      change(task.group, cpu, 1, running ? 1 : 0, nowNs);
    }
    if (!moved) {
      change(task.group, cpu, 0, running ? 1 : -1, nowNs);
    }
    before.group = task.group;
    before.cpu = cpu;
    before.running = running;
  }

  private void change(@Nullable TaskGroup from, int cpu, int runnable, int running, long nowNs) {
    for (TaskGroup group = from; group != null; group = group.parent()) {
      of(group).change(cpu, runnable, running, nowNs);
    }
  }

  /// A CPU passes from one task to another: the one that leaves goes first, so that a CPU never
  /// runs two.
  void switched(@Nullable Task previous, @Nullable Task next, long nowNs) {
    if (previous != null) {
      changed(previous, nowNs);
    }
    if (next != null) {
      changed(next, nowNs);
    }
  }

  /// The pressure of a group; the root group's is the system's.
  PressureGroup of(TaskGroup group) {
    return groups.computeIfAbsent(group, _ -> kernel.newPressureGroup(sinceNs));
  }
}
