package dev.stint.model.hypervisor;

/// The hypervisor's parameters. None of these is public for Microsoft Hypervisor: each is a
/// labelled assumption with a default, to be swept.
///
/// @param timeSliceNs longest run before another VP gets the LP (facts: U-Q; sweep 1 to 100 ms)
/// @param windowNs window over which caps and reserves hold (facts: U-POL; 10 to 100 ms)
/// @param rotation which LPs a waiting VP is moved over
/// @param wakePreemption whether a VP that becomes ready preempts a running one that has had more
///   than one time slice more of weighted time; a VP that slept then keeps a head start of at most
///   one time slice, and none otherwise
/// @param familyShare what an L1VH's children draw on
/// @param l1vhPinned under the integrated scheduler, whether the L1VH's VPs are fixed one to one to
///   LPs (facts: U-INT-1)
public record HypervisorConfig(
    long timeSliceNs,
    long windowNs,
    Rotation rotation,
    boolean wakePreemption,
    FamilyShare familyShare,
    boolean l1vhPinned) {
  /// 10 ms slices, 100 ms window, round-robin, no wake-up preemption, family share, L1VH scheduled.
  public static final HypervisorConfig DEFAULT =
      new HypervisorConfig(
          10_000_000L, 100_000_000L, Rotation.ROUND_ROBIN, false, FamilyShare.FAMILY, false);

  /// Validates the ranges.
  public HypervisorConfig {
    if (timeSliceNs < 100_000 || timeSliceNs > 1_000_000_000L) {
      throw new IllegalArgumentException("the time slice is 0.1 ms to 1 s");
    }
    if (windowNs < 1_000_000 || windowNs > 1_000_000_000L) {
      throw new IllegalArgumentException("the window is 1 ms to 1 s");
    }
  }
}
