package dev.stint.scenario;

import dev.stint.model.stack.TaskSpec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Finds runs of tasks that a `count` would produce: alike but for their names, STEM-0, STEM-1 and
/// so on.
final class TaskRuns {
  private final List<TaskSpec> tasks;
  private final Set<String> names = new LinkedHashSet<>();

  TaskRuns(List<TaskSpec> tasks) {
    this.tasks = tasks;
    tasks.forEach(task -> names.add(task.name()));
  }

  /// How many tasks from `from` on are such a run; 0 if the task there does not begin one.
  int length(int from) {
    TaskSpec first = tasks.get(from);
    String stem = stem(first.name());
    if (stem.isEmpty() || !first.name().equals(stem + "-0")) {
      return 0;
    }
    int count = 1;
    while (from + count < tasks.size() && continues(tasks.get(from + count), first, stem, count)) {
      count++;
    }
    // Names are unique, so no other run has this stem; but a task may have it as its whole name.
    return count < 2 || names.contains(stem) ? 0 : count;
  }

  /// The name without the number after its last dash.
  static String stem(String name) {
    int dash = name.lastIndexOf('-');
    return dash < 0 ? "" : name.substring(0, dash);
  }

  private static boolean continues(TaskSpec task, TaskSpec first, String stem, int number) {
    return task.name().equals(stem + "-" + number)
        && task.group().equals(first.group())
        && task.attributes().equals(first.attributes())
        && task.session().equals(first.session())
        && task.affinity().equals(first.affinity())
        && task.startNs() == first.startNs()
        && task.workload().equals(first.workload());
  }
}
