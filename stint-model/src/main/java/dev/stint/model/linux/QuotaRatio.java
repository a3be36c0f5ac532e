package dev.stint.model.linux;

import java.math.BigInteger;
import java.util.Optional;

/// What cgroup v1 asks of a limit before it takes it: no group may have a greater quota per period
/// than the nearest limited group above it (`__cfs_schedulable`; facts: linux.md §3.1). Version 2
/// takes any value; there every level throttles for itself.
final class QuotaRatio {
  private static final int SHIFT = 20;

  private QuotaRatio() {}

  /// Quota per period in units of 2^-20, rounded down (`to_ratio`).
  static BigInteger of(Quota quota) {
    return BigInteger.valueOf(quota.quotaNs())
        .shiftLeft(SHIFT)
        .divide(BigInteger.valueOf(quota.periodNs()));
  }

  /// Whether v1 takes this limit for a group; if not, the write fails with EINVAL.
  static boolean accepts(TaskGroup group, Optional<Quota> quota) {
    Optional<BigInteger> above = Optional.empty();
    for (TaskGroup up = group.parent(); up != null && above.isEmpty(); up = up.parent()) {
      above = up.bandwidth().quota().map(QuotaRatio::of);
    }
    Optional<BigInteger> own = quota.map(QuotaRatio::of);
    if (own.isPresent() && above.isPresent() && own.get().compareTo(above.get()) > 0) {
      return false;
    }
    return childrenFit(group, own.isPresent() ? own : above);
  }

  private static boolean childrenFit(TaskGroup group, Optional<BigInteger> above) {
    for (TaskGroup child : group.children) {
      Optional<BigInteger> own = child.bandwidth().quota().map(QuotaRatio::of);
      if (own.isPresent() && above.isPresent() && own.get().compareTo(above.get()) > 0) {
        return false;
      }
      if (!childrenFit(child, own.isPresent() ? own : above)) {
        return false;
      }
    }
    return true;
  }
}
