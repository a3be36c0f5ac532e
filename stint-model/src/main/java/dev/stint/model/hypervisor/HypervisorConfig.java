package dev.stint.model.hypervisor;

import dev.stint.model.time.Time;
import java.util.LinkedHashMap;
import java.util.Map;

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
/// @param longSpinNs after how long spinning guests notify the hypervisor (the retry count of CPUID
///   0x40000004, as a time), which then ends the time slice of the VP; 0 when they do not. That it
///   heeds the hint is assumed: it "may"
public record HypervisorConfig(
    long timeSliceNs,
    long windowNs,
    Rotation rotation,
    boolean wakePreemption,
    FamilyShare familyShare,
    boolean l1vhPinned,
    long longSpinNs) {
  /// One without the long-spin hint.
  public HypervisorConfig(
      long timeSliceNs,
      long windowNs,
      Rotation rotation,
      boolean wakePreemption,
      FamilyShare familyShare,
      boolean l1vhPinned) {
    this(timeSliceNs, windowNs, rotation, wakePreemption, familyShare, l1vhPinned, 0);
  }

  /// 10 ms slices, 100 ms window, round-robin, no wake-up preemption, family share, L1VH scheduled.
  public static final HypervisorConfig DEFAULT =
      new HypervisorConfig(
          10_000_000L, 100_000_000L, Rotation.ROUND_ROBIN, false, FamilyShare.FAMILY, false);

  /// The same with this long-spin hint.
  public HypervisorConfig withLongSpin(long newLongSpinNs) {
    return new HypervisorConfig(
        timeSliceNs, windowNs, rotation, wakePreemption, familyShare, l1vhPinned, newLongSpinNs);
  }

  /// Their values by the names of the parameters; the fate of an L1VH's VPs is not among them, for
  /// it matters under the integrated scheduler only.
  Map<String, String> assumed() {
    Map<String, String> assumed = new LinkedHashMap<>();
    assumed.put("hypervisor.time-slice", Time.format(timeSliceNs));
    assumed.put("hypervisor.rotation", rotation.text());
    assumed.put("hypervisor.wake-preemption", Boolean.toString(wakePreemption));
    assumed.put("hypervisor.window", Time.format(windowNs));
    if (longSpinNs > 0) {
      assumed.put("hypervisor.long-spin", Time.format(longSpinNs));
    }
    assumed.put("hypervisor.family-share", familyShare.text());
    return assumed;
  }

  /// Validates the ranges.
  public HypervisorConfig {
    if (timeSliceNs < 100_000 || timeSliceNs > 1_000_000_000L) {
      throw new IllegalArgumentException("the time slice is 0.1 ms to 1 s");
    }
    if (longSpinNs < 0 || longSpinNs > 1_000_000_000L) {
      throw new IllegalArgumentException("a long spin is 0 to 1 s");
    }
    if (windowNs < 1_000_000 || windowNs > 1_000_000_000L) {
      throw new IllegalArgumentException("the window is 1 ms to 1 s");
    }
  }
}
