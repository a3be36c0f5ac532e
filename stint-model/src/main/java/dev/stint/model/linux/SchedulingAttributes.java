package dev.stint.model.linux;

import java.util.OptionalLong;

/// What a task asks of the fair class (`struct sched_attr`, sched_setattr(2)).
///
/// @param policy its policy
/// @param nice -20 to 19
/// @param sliceNs its request size, sched_runtime of a fair task: clamped to 0.1 to 100 ms, as the
///   kernel does (`__setparam_fair`); absent for the base slice
public record SchedulingAttributes(SchedulingPolicy policy, int nice, OptionalLong sliceNs) {
  /// SCHED_NORMAL, nice 0, base slice.
  public static final SchedulingAttributes DEFAULT =
      new SchedulingAttributes(SchedulingPolicy.NORMAL, 0, OptionalLong.empty());

  private static final long SLICE_MIN_NS = 100_000L;
  private static final long SLICE_MAX_NS = 100_000_000L;

  /// Validates nice and clamps the slice.
  public SchedulingAttributes {
    if (nice < -20 || nice > 19) {
      throw new IllegalArgumentException("nice is -20 to 19, got " + nice);
    }
    if (sliceNs.isPresent()) {
      sliceNs = OptionalLong.of(Math.clamp(sliceNs.getAsLong(), SLICE_MIN_NS, SLICE_MAX_NS));
    }
  }

  /// These with another nice value.
  public SchedulingAttributes withNice(int newNice) {
    return new SchedulingAttributes(policy, newNice, sliceNs);
  }

  /// What a child starts with: all of it, or, after SCHED_RESET_ON_FORK, the base slice and no
  /// negative nice value (`sched_fork`).
  public SchedulingAttributes ofChild(boolean resetOnFork) {
    return resetOnFork
        ? new SchedulingAttributes(policy, Math.max(0, nice), OptionalLong.empty())
        : this;
  }

  /// The weight beside siblings, 1024 for nice 0; 3 under SCHED_IDLE.
  public long userWeight() {
    return Weights.down(weight());
  }

  long weight() {
    return policy == SchedulingPolicy.IDLE ? Weights.IDLE : Weights.ofNice(nice);
  }

  long inverse() {
    return policy == SchedulingPolicy.IDLE ? Weights.IDLE_INVERSE : Weights.inverseOfNice(nice);
  }
}
