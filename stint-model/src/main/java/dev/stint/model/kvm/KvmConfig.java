package dev.stint.model.kvm;

/// The parameters of Linux's kvm module that matter for scheduling.
///
/// @param haltPollNs `halt_poll_ns`, the longest poll of a halted vCPU, 0 for none, at most 1 s;
///   200,000 on x86
/// @param haltPollShrink `halt_poll_ns_shrink`, by what a vCPU's poll is divided after a long halt,
///   0 to end it at once, at most 1,000; 2, and 0 in older kernels
public record KvmConfig(long haltPollNs, int haltPollShrink) {
  /// The defaults of x86: polls up to 200 us, halved after a long halt.
  public static final KvmConfig DEFAULT = new KvmConfig(200_000L, 2);

  /// Validates the ranges.
  public KvmConfig {
    if (haltPollNs < 0 || haltPollNs > 1_000_000_000L) {
      throw new IllegalArgumentException("halt polling is 0 to 1 s, got " + haltPollNs + " ns");
    }
    if (haltPollShrink < 0 || haltPollShrink > 1_000) {
      throw new IllegalArgumentException("the shrink divisor is 0 to 1000, got " + haltPollShrink);
    }
  }
}
