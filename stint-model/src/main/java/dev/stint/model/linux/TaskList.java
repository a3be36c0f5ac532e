package dev.stint.model.linux;

import org.jspecify.annotations.Nullable;

/// A CPU's tasks, most recently run first (`rq->cfs_tasks`): the order in which balancing takes
/// them, from the far end. A doubly linked list through the tasks.
final class TaskList {
  private @Nullable Task first;
  private @Nullable Task last;
  private int size;

  int size() {
    return size;
  }

  /// The task that ran longest ago.
  @Nullable Task oldest() {
    return last;
  }

  void addFirst(Task task) {
    task.newer = null;
    task.older = first;
    if (first == null) {
      last = task;
    } else {
      first.newer = task;
    }
    first = task;
    size++;
  }

  void remove(Task task) {
    Task newer = task.newer;
    Task older = task.older;
    if (newer == null) {
      first = older;
    } else {
      newer.older = older;
    }
    if (older == null) {
      last = newer;
    } else {
      older.newer = newer;
    }
    task.newer = null;
    task.older = null;
    size--;
  }

  void moveFirst(Task task) {
    if (first != task) {
      remove(task);
      addFirst(task);
    }
  }
}
