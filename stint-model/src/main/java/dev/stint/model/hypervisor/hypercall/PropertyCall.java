package dev.stint.model.hypervisor.hypercall;

/// Hypercalls that read and write properties. Property codes are in [Property].
public sealed interface PropertyCall extends HypercallRequest {
  /// Reads a property of the machine: the root partition only.
  ///
  /// @param property such as [Property#SCHEDULER_TYPE]
  record GetSystemProperty(int property) implements PropertyCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.GET_SYSTEM_PROPERTY;
    }
  }

  /// Reads a property of at most 64 bits.
  ///
  /// @param partitionId whose property; [Property#SELF] for the caller's
  /// @param property such as [Property#CPU_WEIGHT]
  record GetPartitionProperty(long partitionId, int property) implements PropertyCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.GET_PARTITION_PROPERTY;
    }
  }

  /// Writes a property of at most 64 bits.
  ///
  /// @param partitionId whose property
  /// @param property such as [Property#CPU_WEIGHT]
  /// @param value the new value
  record SetPartitionProperty(long partitionId, int property, long value) implements PropertyCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.SET_PARTITION_PROPERTY;
    }
  }

  /// Reads a property of any size, here its first 64 bits or its one bank.
  ///
  /// @param partitionId whose property; [Property#SELF] for the caller's
  /// @param property such as [Property#VMM_CAPABILITIES]
  record GetPartitionPropertyEx(long partitionId, int property) implements PropertyCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.GET_PARTITION_PROPERTY_EX;
    }
  }

  /// Writes a property of any size, here its first 64 bits or its one bank.
  ///
  /// @param partitionId whose property
  /// @param property such as [Property#INTEGRATED_SCHEDULER_ENABLED]
  /// @param value the new value
  record SetPartitionPropertyEx(long partitionId, int property, long value)
      implements PropertyCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.SET_PARTITION_PROPERTY_EX;
    }
  }
}
