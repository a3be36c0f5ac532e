package dev.stint.scenario;

/// How many VPs and tasks a scenario may still have: keeps memory bounded whatever `vps` and
/// `count` say.
final class Budget {
  /// The most VPs of all partitions.
  static final int VP_COUNT_MAX = 20_000;

  /// The most tasks of all partitions.
  static final int TASK_COUNT_MAX = 200_000;

  private final Problems problems;
  private int vpCount;
  private int taskCount;

  Budget(Problems problems) {
    this.problems = problems;
  }

  /// Whether there are too many VPs already, so that no further partition need be read.
  boolean exhausted() {
    return vpCount > VP_COUNT_MAX;
  }

  /// Takes VPs; records a problem, once, if there are too many.
  void takeVps(int count, Position at) {
    boolean before = vpCount > VP_COUNT_MAX;
    vpCount = Math.min(vpCount + count, VP_COUNT_MAX + 1);
    if (!before && vpCount > VP_COUNT_MAX) {
      refuse(at, "VPs", VP_COUNT_MAX);
    }
  }

  /// Takes tasks and says whether there are enough; records a problem, once, if not.
  boolean takeTasks(int count, Position at) {
    boolean before = taskCount > TASK_COUNT_MAX;
    taskCount = Math.min(taskCount + count, TASK_COUNT_MAX + 1);
    if (!before && taskCount > TASK_COUNT_MAX) {
      refuse(at, "tasks", TASK_COUNT_MAX);
    }
    return taskCount <= TASK_COUNT_MAX;
  }

  private void refuse(Position at, String what, int max) {
    problems.add(
        DiagnosticCode.TOO_MUCH,
        at,
        "",
        "the scenario has more than " + max + " " + what + " from here on",
        "Use fewer " + what);
  }
}
