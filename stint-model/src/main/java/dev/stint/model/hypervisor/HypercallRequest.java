package dev.stint.model.hypervisor;

/// A hypercall with its input. Property codes are in [Property].
public sealed interface HypercallRequest {
  /// HVCALL_GET_SYSTEM_PROPERTY (0x007b): the root partition only.
  ///
  /// @param property such as [Property#SCHEDULER_TYPE]
  record GetSystemProperty(int property) implements HypercallRequest {}

  /// HVCALL_GET_PARTITION_PROPERTY_EX (0x0101).
  ///
  /// @param partitionId whose property; [Property#SELF] for the caller's
  /// @param property such as [Property#VMM_CAPABILITIES]
  record GetPartitionPropertyEx(long partitionId, int property) implements HypercallRequest {}

  /// HVCALL_SET_PARTITION_PROPERTY_EX (0x010A).
  ///
  /// @param partitionId whose property
  /// @param property such as [Property#INTEGRATED_SCHEDULER_ENABLED]
  /// @param value the new value
  record SetPartitionPropertyEx(long partitionId, int property, long value)
      implements HypercallRequest {}
}
