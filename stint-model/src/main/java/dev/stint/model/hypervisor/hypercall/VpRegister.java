package dev.stint.model.hypervisor.hypercall;

import java.util.Optional;

/// The registers of a VP that the schedulers and the driver need (TLFS, HV_REGISTER_NAME).
public enum VpRegister {
  /// 1 while the VP is suspended until somebody clears it; set at birth.
  EXPLICIT_SUSPEND(0x0),
  /// 1 while the VP waits for its parent to handle an intercept.
  INTERCEPT_SUSPEND(0x1),
  /// 1 once the VP will never be dispatched again: it sends no more signals.
  DISPATCH_SUSPEND(0x3),
  /// Time that the VP ran, in 100 ns. Read only.
  VP_RUNTIME(0x0009_0000),
  /// How many scheduler messages the hypervisor sent for the VP. Read only.
  VP_ROOT_SIGNAL_COUNT(0x0009_0014);

  private final int number;

  VpRegister(int number) {
    this.number = number;
  }

  /// The number in the interface.
  public int number() {
    return number;
  }

  /// The register with this number, if the model has it.
  public static Optional<VpRegister> of(int number) {
    for (VpRegister register : values()) {
      if (register.number == number) {
        return Optional.of(register);
      }
    }
    return Optional.empty();
  }
}
