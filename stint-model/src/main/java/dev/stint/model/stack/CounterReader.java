package dev.stint.model.stack;

import dev.stint.model.counters.LpCounters;
import dev.stint.model.counters.VpCounters;
import java.util.List;

/// Somebody who wants the hypervisor's counters at the end of a run.
public interface CounterReader {
  /// Called once, or never where the hypervisor has no such counters (KVM).
  ///
  /// @param lps in order of number
  /// @param vps of all partitions, in order of creation
  void counters(List<LpCounters> lps, List<VpCounters> vps);
}
