package dev.stint.model.trace;

/// What a workload reports about itself through [TraceSink#sample]. Values are nanoseconds unless
/// said otherwise.
public enum Metric {
  /// A job's time from release or arrival to its first instruction.
  START_LATENCY("start_latency_ns"),
  /// A job's time from release or arrival to completion.
  RESPONSE("response_ns"),
  /// A job ended after its deadline; the value is by how much.
  MISS("miss_ns"),
  /// Work offered: the processor time that a new job will need.
  OFFERED("offered_ns"),
  /// A batch ended; the value is the time since the batch began.
  COMPLETION("completion_ns"),
  /// One ping-pong round trip.
  ROUND_TRIP("round_trip_ns"),
  /// One barrier phase, from the first arrival of the previous phase to the release of this one.
  PHASE("phase_ns"),
  /// Time spent spinning at a barrier instead of working.
  SPIN("spin_ns"),
  /// A KVM vCPU thread polled and its guest was woken meanwhile; the value is the time polled.
  HALT_POLL_SUCCESS("halt_poll_success_ns"),
  /// A KVM vCPU thread polled in vain and then blocked; the value is the time polled.
  HALT_POLL_FAIL("halt_poll_fail_ns");

  private final String jsonName;

  Metric(String jsonName) {
    this.jsonName = jsonName;
  }

  /// The metric's name in the JSON contract.
  public String jsonName() {
    return jsonName;
  }
}
