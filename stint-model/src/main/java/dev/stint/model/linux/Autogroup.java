package dev.stint.model.linux;

import dev.stint.model.trace.Entities;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The hidden groups of sessions (`kernel.sched_autogroup_enabled`; autogroup.c): a task whose
/// cgroup is the root's competes within a group of its session, which has 1,024 shares. Tasks of
/// other cgroups are not concerned.
final class Autogroup {
  private final LinuxKernel kernel;
  private final Map<String, TaskGroup> bySession = new LinkedHashMap<>();

  Autogroup(LinuxKernel kernel) {
    this.kernel = kernel;
  }

  /// The group in which a task of this cgroup and session competes (`autogroup_task_group`).
  TaskGroup of(TaskGroup group, String session) {
    if (!kernel.config.autogroup() || session.isEmpty() || group != kernel.rootGroup()) {
      return group;
    }
    return bySession.computeIfAbsent(
        session,
        _ ->
            new TaskGroup(
                kernel,
                Entities.NONE,
                group + "autogroup-" + (bySession.size() + 1),
                group,
                GroupWeight.DEFAULT,
                Optional.empty(),
                group.cpuset()));
  }

  /// The session that a task is to be remembered to be of: none where that has no effect.
  String session(TaskParameters parameters) {
    return kernel.config.autogroup() ? parameters.session() : "";
  }

  /// All hidden groups so far.
  Collection<TaskGroup> groups() {
    return Collections.unmodifiableCollection(bySession.values());
  }
}
