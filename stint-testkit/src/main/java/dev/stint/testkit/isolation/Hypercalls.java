package dev.stint.testkit.isolation;

import dev.stint.model.hypervisor.hypercall.HypercallRequest;
import dev.stint.model.hypervisor.hypercall.HypercallResult;

/// Whoever answers hypercalls: the hypervisor, or a faulty one.
public interface Hypercalls {
  /// The answer to `request` of the partition with identity `caller`.
  HypercallResult answer(long caller, HypercallRequest request);
}
