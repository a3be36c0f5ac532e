package dev.stint.model.hypervisor;

/// Why HVCALL_DISPATCH_VP returned (`dispatch_event`; facts: hyperv.md §2.1). The causes of those
/// above 2 are read from their names.
public enum DispatchEvent {
  /// No event.
  INVALID(0),
  /// The VP is suspended explicitly.
  SUSPEND(1),
  /// The guest did something that its VMM must handle.
  INTERCEPT(2),
  /// The VP blocked inside the hypervisor, as when its guest halts.
  INTERNAL(3),
  /// Other work for the parent's VP on that LP, such as an interrupt.
  PREEMPTED(4),
  /// The parent cancelled the dispatch.
  CANCELLED(5),
  /// The hypervisor's scheduler asked for it.
  SCHEDULER(6),
  /// The guest says that it spins (hypercall 0x0008).
  LONG_SPIN_WAIT(7),
  /// The time slice that the caller gave is over.
  TIME_SLICE_END(8);

  private final int value;

  DispatchEvent(int value) {
    this.value = value;
  }

  /// The number in the hypervisor's interface.
  public int value() {
    return value;
  }
}
