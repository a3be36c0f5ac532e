package dev.stint.testkit.golden;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/// A load whose effect on a real kernel was measured.
///
/// @param name such as `c1_nested_cpu1`
/// @param description one line
/// @param groups by name, parents before children; a child is named `parent/child`
/// @param tasks in the order of the file
public record GoldenScenario(
    String name, String description, Map<String, Group> groups, List<Task> tasks) {
  /// What a task does.
  public enum Mode {
    /// Computes for ever.
    HOG,
    /// Spins until its thread's CPU time is reached, once a period.
    PERIODIC,
    /// Two threads bounce a byte through pipes.
    PING_PONG
  }

  /// A control group.
  ///
  /// @param shares `cpu.shares`; 1024 is the default
  /// @param quotaUs 0 for no limit
  /// @param periodUs period of the limit
  /// @param burstUs burst of the limit
  /// @param cpus a list such as `0-1`, or empty for no cpuset
  public record Group(int shares, long quotaUs, long periodUs, long burstUs, String cpus) {}

  /// A task.
  ///
  /// @param name its comm
  /// @param mode what it does
  /// @param cpu where it is pinned; empty if it is free
  /// @param nice -20 to 19
  /// @param group name of its group
  /// @param sliceNs custom slice, 0 for the default
  /// @param arguments of a periodic load: run, period and perhaps phase, in µs
  public record Task(
      String name,
      Mode mode,
      OptionalInt cpu,
      int nice,
      String group,
      long sliceNs,
      List<Long> arguments) {
    /// The period of a periodic load in nanoseconds.
    public long periodNs() {
      return arguments.get(1) * 1_000;
    }

    /// Whether its releases stand in a given phase to the clock.
    public boolean fixedPhase() {
      return arguments.size() > 2;
    }

    /// Whether it is a hog.
    public boolean hog() {
      return mode == Mode.HOG;
    }

    /// Whether it is periodic.
    public boolean periodic() {
      return mode == Mode.PERIODIC;
    }
  }

  /// The group of this name.
  public Group group(String group) {
    return Named.in(groups, group);
  }

  /// Whether a group has a limit.
  public boolean limited() {
    return groups.values().stream().anyMatch(group -> group.quotaUs() > 0);
  }

  /// Whether every task is a hog.
  public boolean onlyHogs() {
    return tasks.stream().allMatch(Task::hog);
  }

  /// Whether all tasks are pinned to one CPU.
  public boolean oneCpu() {
    return tasks.stream().allMatch(task -> task.cpu().isPresent())
        && tasks.stream().map(Task::cpu).distinct().count() == 1;
  }
}
