package dev.stint.model.linux;

/// A policy of the fair class: SCHED_NORMAL, SCHED_BATCH or SCHED_IDLE (sched(7)).
public enum SchedulingPolicy {
  /// SCHED_NORMAL (SCHED_OTHER), the default.
  NORMAL("normal"),
  /// SCHED_BATCH: weighs as a normal task and does not preempt when it wakes.
  BATCH("batch"),
  /// SCHED_IDLE: weighs 3 whatever its nice value, never preempts when it wakes, and any other task
  /// that wakes preempts it.
  IDLE("idle");

  private final String text;

  SchedulingPolicy(String text) {
    this.text = text;
  }

  /// The name in scenarios.
  public String text() {
    return text;
  }
}
