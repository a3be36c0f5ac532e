package dev.stint.model.stack;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.machine.CpuSet;
import java.util.Optional;

/// A CPU group of the hypervisor: LPs, and what part of them its partitions may use together
/// (Microsoft: "Virtual Machine Resource Controls").
///
/// @param name unique in the scenario
/// @param lps absent for all
/// @param cap 0 to 0x10000: of n LPs, n * cap / 0x10000 LPs' worth of time
public record CpuGroupSpec(String name, Optional<CpuSet> lps, int cap) {
  /// Validates the cap.
  public CpuGroupSpec {
    if (cap < 0 || cap > Controls.ONE_LP) {
      throw new IllegalArgumentException("a group's cap is 0 to 0x10000, got " + cap);
    }
  }
}
