package dev.stint.model.hypervisor.hypercall;

/// A hypercall with its input, typed. A family of calls is one file; what each call needs and does
/// is in docs/models/partitions.md.
public sealed interface HypercallRequest
    permits PartitionCall, PropertyCall, MemoryCall, VpCall, PortCall, CpuGroupCall, StatsCall {
  /// Which call it is.
  HypercallCode code();
}
