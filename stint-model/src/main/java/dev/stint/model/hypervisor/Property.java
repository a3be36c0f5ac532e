package dev.stint.model.hypervisor;

/// Codes and bits of the properties that the model knows (Linux `hvhdk_mini.h`).
public final class Property {
  /// The caller's own partition: HV_PARTITION_ID_SELF.
  public static final long SELF = -1L;

  /// System property: the [SchedulerType] in force.
  public static final int SCHEDULER_TYPE = 15;

  /// Partition property: whether this L1VH schedules its children itself.
  public static final int INTEGRATED_SCHEDULER_ENABLED = 0x0002_0005;

  /// Partition property: what the partition's VMM may do; one bank of 64 bits.
  public static final int VMM_CAPABILITIES = 0x0009_0007;

  /// Bit 6 of [#VMM_CAPABILITIES]: [#INTEGRATED_SCHEDULER_ENABLED] exists and must be consulted.
  public static final long VMM_ENABLE_INTEGRATED_SCHEDULER = 1L << 6;

  private Property() {}
}
