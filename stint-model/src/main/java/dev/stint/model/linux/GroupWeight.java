package dev.stint.model.linux;

/// The weight of a cgroup beside its siblings, by the file it was written to.
public sealed interface GroupWeight {
  /// `cpu.weight: 100`.
  GroupWeight DEFAULT = new OfWeight(100);

  /// `cpu.weight`.
  ///
  /// @param weight 1 to 10,000
  record OfWeight(int weight) implements GroupWeight {
    /// Validates the range.
    public OfWeight {
      if (weight < 1 || weight > 10_000) {
        throw new IllegalArgumentException("cpu.weight is 1 to 10000, got " + weight);
      }
    }
  }

  /// `cpu.weight.nice`: the group weighs as a task of that nice value.
  ///
  /// @param nice -20 to 19
  record OfNice(int nice) implements GroupWeight {
    /// Validates the range.
    public OfNice {
      if (nice < -20 || nice > 19) {
        throw new IllegalArgumentException("cpu.weight.nice is -20 to 19, got " + nice);
      }
    }
  }

  /// `cpu.idle: 1`: weight 3, and beside its siblings the group is what a SCHED_IDLE task is beside
  /// others.
  record Idle() implements GroupWeight {}

  /// Its shares: 1024 for `cpu.weight: 100` (`cpu_weight_write_u64`, `cpu_weight_nice_write_s64`,
  /// `sched_group_set_idle`).
  default long shares() {
    return switch (this) {
      case OfWeight(int weight) -> CgroupWeights.sharesOfWeight(weight);
      case OfNice(int nice) -> Weights.down(Weights.ofNice(nice));
      case Idle() -> Weights.down(Weights.IDLE);
    };
  }
}
