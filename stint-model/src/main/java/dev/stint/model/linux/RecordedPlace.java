package dev.stint.model.linux;

import dev.stint.model.machine.CpuSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a recorded task of some command name belongs.
///
/// @param group its cgroup
/// @param sliceNs its custom slice
/// @param affinity the CPUs asked for
/// @param pollsClock whether it reads its CPU-time clock all the time, which charges it each time
///   and so lets it give way in the middle of a tick
public record RecordedPlace(
    TaskGroup group, OptionalLong sliceNs, Optional<CpuSet> affinity, boolean pollsClock) {

  private static final Pattern BOUND_THREAD =
      Pattern.compile("(?:ksoftirqd|migration|cpuhp)/(\\d{1,4})|kworker/(\\d{1,4}):.*");

  /// The CPU that a kernel thread is bound to, as its name says (`ksoftirqd/1`, `kworker/1:2`;
  /// Documentation/admin-guide/kernel-per-CPU-kthreads.rst); unbound workers are `kworker/u8:3`.
  static Optional<CpuSet> boundCpu(String comm, int cpus) {
    Matcher name = BOUND_THREAD.matcher(comm);
    if (!name.matches()) {
      return Optional.empty();
    }
    int cpu = Integer.parseInt(name.group(1) == null ? name.group(2) : name.group(1));
    return cpu < cpus ? Optional.of(CpuSet.of(cpu)) : Optional.empty();
  }

  /// Builds the recorded system's groups and says where its tasks belong.
  @FunctionalInterface
  public interface Setup {
    /// Makes groups in `kernel`; returns the places of tasks by command name. Tasks not named are
    /// in the root cgroup, forked ones in their parent's.
    Map<String, RecordedPlace> places(LinuxKernel kernel);
  }
}
