package dev.stint.model.hypervisor;

/// What HVCALL_DISPATCH_VP says of the VP when it returns (`dispatch_state`; facts: hyperv.md
/// §2.1).
public enum DispatchState {
  /// Never said by a sound hypervisor.
  INVALID(0),
  /// The VP cannot run until the hypervisor signals.
  BLOCKED(1),
  /// The VP can run as soon as it is dispatched again.
  READY(2);

  private final int value;

  DispatchState(int value) {
    this.value = value;
  }

  /// The number in the hypervisor's interface.
  public int value() {
    return value;
  }
}
