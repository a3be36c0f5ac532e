package dev.stint.model.hypervisor.hypercall;

/// What a hypercall returned.
public sealed interface HypercallResult {
  /// HV_STATUS_SUCCESS with its output; 0 where there is none.
  record Success(long value) implements HypercallResult {}

  /// Any other status; nothing changed.
  record Failure(HypercallStatus status) implements HypercallResult {}
}
