package dev.stint.model.linux;

import dev.stint.model.machine.CpuSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// Where a recorded task of some command name belongs.
///
/// @param group its cgroup
/// @param sliceNs its custom slice
/// @param affinity the CPUs asked for
/// @param pollsClock whether it reads its CPU-time clock all the time, which charges it each time
///   and so lets it give way in the middle of a tick
public record RecordedPlace(
    TaskGroup group, OptionalLong sliceNs, Optional<CpuSet> affinity, boolean pollsClock) {

  /// Builds the recorded system's groups and says where its tasks belong.
  @FunctionalInterface
  public interface Setup {
    /// Makes groups in `kernel`; returns the places of tasks by command name. Tasks not named are
    /// in the root cgroup, forked ones in their parent's.
    Map<String, RecordedPlace> places(LinuxKernel kernel);
  }
}
