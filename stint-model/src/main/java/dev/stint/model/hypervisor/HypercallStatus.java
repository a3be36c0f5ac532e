package dev.stint.model.hypervisor;

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
  /// The property does not exist for this partition.
  UNKNOWN_PROPERTY(0x09),
  /// No such partition, or none that the caller may name.
  INVALID_PARTITION_ID(0x0D);

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
