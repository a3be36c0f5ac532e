package dev.stint.model.hypervisor.hypercall;

/// Hypercalls about virtual processors.
public sealed interface VpCall extends HypercallRequest {
  /// Makes a VP, explicitly suspended.
  ///
  /// @param partitionId of a child that is Initialized; the root partition may also name itself
  /// @param vpIndex the next index that the partition has free
  record CreateVp(long partitionId, int vpIndex) implements VpCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.CREATE_VP;
    }
  }

  /// Removes a VP before the partition runs.
  ///
  /// @param partitionId of a child that is Initialized
  /// @param vpIndex the greatest index of the partition
  record DeleteVp(long partitionId, int vpIndex) implements VpCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.DELETE_VP;
    }
  }

  /// Reads a register.
  ///
  /// @param partitionId of a child, or [Property#SELF]
  /// @param vpIndex which VP
  /// @param register a number of [VpRegister]
  record GetVpRegisters(long partitionId, int vpIndex, int register) implements VpCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.GET_VP_REGISTERS;
    }
  }

  /// Writes a register.
  ///
  /// @param partitionId of a child
  /// @param vpIndex which VP
  /// @param register a number of [VpRegister]
  /// @param value the new value
  record SetVpRegisters(long partitionId, int vpIndex, int register, long value) implements VpCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.SET_VP_REGISTERS;
    }
  }

  /// Runs a VP on the LP of the calling VP until something happens; returns
  /// [DispatchOutcome#packed].
  ///
  /// @param partitionId of a child that the caller schedules
  /// @param vpIndex which VP
  /// @param flags HV_DISPATCH_VP_FLAG bits: 0x01 clears the intercept suspension
  /// @param timeSlice in 100 ns; 0 for none
  record DispatchVp(long partitionId, int vpIndex, int flags, long timeSlice) implements VpCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.DISPATCH_VP;
    }
  }

  /// Interrupts a VP.
  ///
  /// @param partitionId of a child that is Active
  /// @param vpIndex which VP
  /// @param vector 16 to 255
  record AssertVirtualInterrupt(long partitionId, int vpIndex, int vector) implements VpCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.ASSERT_VIRTUAL_INTERRUPT;
    }
  }

  /// Hints that the calling VP spins.
  ///
  /// @param vpIndex the calling VP
  /// @param spinCount how often it has looked at the lock
  record NotifyLongSpinWait(int vpIndex, long spinCount) implements VpCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.NOTIFY_LONG_SPIN_WAIT;
    }
  }
}
