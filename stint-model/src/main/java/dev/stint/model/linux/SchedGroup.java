package dev.stint.model.linux;

import dev.stint.model.machine.CpuSet;
import org.jspecify.annotations.Nullable;

/// The CPUs that a domain treats as one: the span of a domain one level below, or one CPU (`struct
/// sched_group`). Shared by the domains of the same span.
final class SchedGroup {
  final CpuSet span;

  /// The members in ascending order.
  final int[] cpus;

  /// How many cores they are on.
  final int coreCount;

  /// The level below, whose span this is; null for a single CPU of the lowest level.
  final @Nullable SchedLevel below;

  /// A level below could not be balanced, since tasks are pinned there (`sgc->imbalance`).
  boolean imbalanced;

  SchedGroup(CpuSet span, int coreCount, @Nullable SchedLevel below) {
    this.span = span;
    this.cpus = span.toArray();
    this.coreCount = coreCount;
    this.below = below;
  }

  /// Its CPUs are threads of one core.
  boolean sharesCapacity() {
    return below != null && below.sharesCapacity();
  }

  boolean prefersSibling() {
    return below != null && below.prefersSibling();
  }

  /// The CPU that balances for the group when none of it is idle (`group_balance_cpu`).
  int balanceCpu() {
    return cpus[0];
  }

  @Override
  public String toString() {
    return span + (imbalanced ? "!" : "");
  }
}
