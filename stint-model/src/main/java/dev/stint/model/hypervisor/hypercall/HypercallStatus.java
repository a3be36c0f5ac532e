package dev.stint.model.hypervisor.hypercall;

/// How a hypercall ended: the HV_STATUS values (TLFS, "Hypercall status codes") that this model
/// returns.
public enum HypercallStatus {
  /// Done.
  SUCCESS(0x00),
  /// No such hypercall.
  INVALID_HYPERCALL_CODE(0x02),
  /// A value is out of its range.
  INVALID_PARAMETER(0x05),
  /// The caller lacks the privilege or does not own the object.
  ACCESS_DENIED(0x06),
  /// The partition is in a state that forbids it.
  INVALID_PARTITION_STATE(0x07),
  /// The call makes no sense for this object.
  OPERATION_DENIED(0x08),
  /// The property does not exist for this partition.
  UNKNOWN_PROPERTY(0x09),
  /// The property exists, but not with this value.
  PROPERTY_VALUE_OUT_OF_RANGE(0x0A),
  /// A pool has not enough free pages: deposit some and call again.
  INSUFFICIENT_MEMORY(0x0B),
  /// No such partition, or none that the caller may name.
  INVALID_PARTITION_ID(0x0D),
  /// The partition has no such VP, or cannot have it.
  INVALID_VP_INDEX(0x0E),
  /// No such port, or not one of this kind, or one that is gone.
  INVALID_PORT_ID(0x11),
  /// The sender has no such connection, or has it already.
  INVALID_CONNECTION_ID(0x12),
  /// All message buffers of the port are in use.
  INSUFFICIENT_BUFFERS(0x13),
  /// The VP is in a state that forbids it.
  INVALID_VP_STATE(0x15),
  /// The machine has no more of what is asked for.
  NO_RESOURCES(0x1D),
  /// The machine has no such LP.
  INVALID_LP_INDEX(0x41),
  /// The register cannot have this value.
  INVALID_REGISTER_VALUE(0x50),
  /// The caller has no such CPU group.
  INVALID_CPU_GROUP_ID(0x6F),
  /// The CPU group is not empty (0xc0350070 in Windows' terms).
  INVALID_CPU_GROUP_STATE(0x70);

  private final int code;

  HypercallStatus(int code) {
    this.code = code;
  }

  /// The number in the hypervisor's interface.
  public int code() {
    return code;
  }

  /// The name that Linux prints, such as `HV_STATUS_ACCESS_DENIED`.
  public String linuxName() {
    return "HV_STATUS_" + name();
  }
}
