package dev.stint.model.hypervisor;

import dev.stint.model.hypervisor.hypercall.HypercallStatus;

/// What came of a request to create a partition.
public sealed interface PartitionResult {
  /// It exists.
  record Created(Partition partition) implements PartitionResult {}

  /// It was refused, and nothing changed.
  ///
  /// @param status why, as the hypervisor would say it
  /// @param reason why, for people
  record Refused(HypercallStatus status, String reason) implements PartitionResult {}
}
