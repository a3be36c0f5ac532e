package dev.stint.model.hypervisor.hypercall;

/// How a DISPATCH_VP that succeeded ended (Linux `hvhdk.h`, HV_OUTPUT_DISPATCH_VP).
///
/// @param state 1 blocked, 2 ready
/// @param event why: 1 suspend, 2 intercept, 3 internal, 4 preempted, and so on
public record DispatchOutcome(int state, int event) {
  /// Both words of the output in one: the event in the high half.
  public long packed() {
    return (long) event << 32 | state;
  }

  /// The output in two words again.
  public static DispatchOutcome unpack(long packed) {
    return new DispatchOutcome((int) packed, (int) (packed >> 32));
  }
}
