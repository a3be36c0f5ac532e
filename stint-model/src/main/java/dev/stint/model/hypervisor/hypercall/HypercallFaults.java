package dev.stint.model.hypervisor.hypercall;

import java.util.Optional;

/// Faults to inject: answers some hypercalls in the hypervisor's place.
public interface HypercallFaults {
  /// No faults.
  HypercallFaults NONE = (caller, request) -> Optional.empty();

  /// The answer to give instead of the true one, or empty to let the hypercall proceed.
  Optional<HypercallResult> fault(long callerPartitionId, HypercallRequest request);
}
