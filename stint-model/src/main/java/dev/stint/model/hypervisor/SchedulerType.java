package dev.stint.model.hypervisor;

import java.util.Optional;

/// Which scheduler the hypervisor runs: the values of HV_SCHEDULER_TYPE (Linux `hvhdk_mini.h`;
/// Windows Hyper-V-Hypervisor event 2).
///
/// There is no value for "integrated": an L1VH that schedules its children sees [#ROOT].
public enum SchedulerType {
  /// Classic, one hardware thread of each core: every other thread stays unused.
  LP(1, "classic scheduler without SMT"),
  /// Classic: each hardware thread is an LP of its own.
  LP_SMT(2, "classic scheduler with SMT"),
  /// Core: virtual cores on physical cores; sibling threads never run two partitions.
  CORE_SMT(3, "core scheduler"),
  /// Root: the parent's Linux schedules its children's VPs; the root partition's own VPs are fixed
  /// to LPs.
  ROOT(4, "root scheduler");

  private final int value;
  private final String text;

  SchedulerType(int value, String text) {
    this.value = value;
    this.text = text;
  }

  /// The number in the hypervisor's interface.
  public int value() {
    return value;
  }

  /// What Linux logs after "Hypervisor using".
  public String text() {
    return text;
  }

  /// The type with this number; empty for any other number.
  public static Optional<SchedulerType> of(long value) {
    for (SchedulerType type : values()) {
      if (type.value == value) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
