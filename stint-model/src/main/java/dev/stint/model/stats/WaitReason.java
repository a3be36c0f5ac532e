package dev.stint.model.stats;

/// The layer that a nanosecond of waiting is blamed on: the lowest broken link of the waiter's
/// chain.
public enum WaitReason {
  /// Its own processor was backed and ran another entity.
  GUEST_QUEUE("guest.queue"),
  /// A `cpu.max` of its own Linux.
  GUEST_THROTTLED("guest.throttled"),
  /// The vCPU thread that carries its VP waited on the parent's runqueue.
  VMM_QUEUE("vmm.queue"),
  /// A `cpu.max` over the vCPU thread that carries its VP.
  VMM_THROTTLED("vmm.throttled"),
  /// Its VP, or the parent's VP below, waited for an LP.
  HYPERVISOR_WAIT("hypervisor.wait"),
  /// Its VP was signalled and the signal was still on its way to the vCPU thread (nobody stood in
  /// the way), or the thread ran but had not entered dispatch yet (the thread itself did).
  OVERHEAD_SIGNAL("overhead.signal");

  private final String text;

  WaitReason(String text) {
    this.text = text;
  }

  /// The name in the JSON contract.
  public String text() {
    return text;
  }
}
