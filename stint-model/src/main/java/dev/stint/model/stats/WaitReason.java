package dev.stint.model.stats;

import dev.stint.model.trace.EntityKind;

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
  OVERHEAD_SIGNAL("overhead.signal"),
  /// Its VP needed its VMM, whose thread was at work on that (the occupant; nobody where the VMM is
  /// outside the model).
  OVERHEAD_INTERCEPT("overhead.intercept"),
  /// It held a processor, but the core's throughput was shared with the occupant of a sibling
  /// hardware thread: the part of the time that its work would not have needed alone.
  SMT("smt");

  private final String text;

  WaitReason(String text) {
    this.text = text;
  }

  /// Whether it is part of a time that the entity held a processor, and so told by
  /// [dev.stint.model.trace.TraceKind#COST].
  boolean whileHeld() {
    return this == SMT;
  }

  /// Why an entity of this kind waits behind another.
  static WaitReason inQueue(EntityKind kind) {
    return switch (kind) {
      case LP, VP -> HYPERVISOR_WAIT;
      case THREAD -> VMM_QUEUE;
      case TASK, GROUP, PARTITION, RULE -> GUEST_QUEUE;
    };
  }

  /// Why one waits that a limit forbids to run.
  static WaitReason throttled(EntityKind kind) {
    return switch (kind) {
      case LP, VP -> HYPERVISOR_WAIT;
      case THREAD -> VMM_THROTTLED;
      case TASK, GROUP, PARTITION, RULE -> GUEST_THROTTLED;
    };
  }

  /// The name in the JSON contract.
  public String text() {
    return text;
  }
}
