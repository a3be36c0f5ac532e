package dev.stint.model.hypervisor;

import java.util.Optional;

/// Faults to inject: makes hypercalls fail that would not.
public interface HypercallFaults {
  /// No faults.
  HypercallFaults NONE = (caller, request) -> Optional.empty();

  /// The failure status of this hypercall, or empty to let it proceed.
  Optional<HypercallStatus> fault(long callerPartitionId, HypercallRequest request);
}
