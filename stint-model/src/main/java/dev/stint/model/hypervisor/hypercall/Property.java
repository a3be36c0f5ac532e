package dev.stint.model.hypervisor.hypercall;

/// Codes and bits of the properties that the model knows (TLFS, HV_PARTITION_PROPERTY_CODE; Linux
/// `hvhdk_mini.h`).
public final class Property {
  /// The caller's own partition: HV_PARTITION_ID_SELF.
  public static final long SELF = -1L;

  /// System property: the [SchedulerType] in force.
  public static final int SCHEDULER_TYPE = 15;

  /// Partition property: the [Privileges].
  public static final int PRIVILEGE_FLAGS = 0x0001_0000;

  /// Partition property: what every VP has reserved, 0 to 0x10000 of an LP.
  public static final int CPU_RESERVE = 0x0002_0001;

  /// Partition property: what every VP may use at most, 1 to 0x10000 of an LP.
  public static final int CPU_CAP = 0x0002_0002;

  /// Partition property: the weight of every VP, 1 to 10,000.
  public static final int CPU_WEIGHT = 0x0002_0003;

  /// Partition property: the CPU group, by its owner's numbers; 0 for none.
  public static final int CPU_GROUP_ID = 0x0002_0004;

  /// Partition property: whether this L1VH schedules its children itself.
  public static final int INTEGRATED_SCHEDULER_ENABLED = 0x0002_0005;

  /// Partition property: what the partition's VMM may do; one bank of 64 bits.
  public static final int VMM_CAPABILITIES = 0x0009_0007;

  /// Bit 6 of [#VMM_CAPABILITIES]: [#INTEGRATED_SCHEDULER_ENABLED] exists and must be consulted.
  public static final long VMM_ENABLE_INTEGRATED_SCHEDULER = 1L << 6;

  private Property() {}
}
