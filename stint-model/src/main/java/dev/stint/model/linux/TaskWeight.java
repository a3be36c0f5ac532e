package dev.stint.model.linux;

/// The weight that a nice value gives a task among its siblings.
public final class TaskWeight {
  private TaskWeight() {}

  /// 1024 for nice 0, about a factor of 1.25 per step (`sched_prio_to_weight`); `nice` is -20 to
  /// 19.
  public static long ofNice(int nice) {
    return Weights.down(Weights.ofNice(nice));
  }
}
