package dev.stint.model.linux;

import dev.stint.model.linux.cpuset.CpusetVersion;
import java.util.OptionalLong;

/// One Linux kernel's configuration.
///
/// @param version whose rules apply
/// @param hz CONFIG_HZ: 100, 250, 300 or 1000
/// @param baseSliceNs base_slice_ns when set by hand; else 0.7 ms scaled by 1 +
///   floor(log2(min(CPUs, 8)))
/// @param preempt when the kernel acts on its wish to reschedule; LAZY from 6.13 on
/// @param autogroup whether tasks of the root cgroup compete within a hidden group of their session
/// @param stealClock whether the kernel sees stolen time (KVM: yes; Microsoft Hypervisor: no), so
///   that it does not charge it to the running task
/// @param cpusets the version of its cpuset controller
/// @param settled whether its tasks and groups were made long before the run: a task's first
///   wake-up is then one like any other instead of a fork, and limits have their pools full and
///   their timers at rest
public record LinuxConfig(
    KernelVersion version,
    int hz,
    OptionalLong baseSliceNs,
    boolean stealClock,
    PreemptModel preempt,
    boolean autogroup,
    CpusetVersion cpusets,
    boolean settled) {
  /// 6.18, HZ=250, scaled base slice, no steal clock.
  public static final LinuxConfig DEFAULT =
      new LinuxConfig(KernelVersion.V6_18, 250, OptionalLong.empty(), false);

  /// Validates HZ and the slice (0.1 ms to 100 ms).
  public LinuxConfig {
    if (hz != 100 && hz != 250 && hz != 300 && hz != 1000) {
      throw new IllegalArgumentException("HZ is 100, 250, 300 or 1000, got " + hz);
    }
    if (baseSliceNs.isPresent()
        && (baseSliceNs.getAsLong() < 100_000 || baseSliceNs.getAsLong() > 100_000_000)) {
      throw new IllegalArgumentException("the base slice is 0.1 ms to 100 ms");
    }
    if (preempt == PreemptModel.LAZY && !version.lazyPreemption()) {
      throw new IllegalArgumentException("Linux " + version.text() + " has no lazy preemption");
    }
  }

  /// One with the cpusets of cgroup v2.
  public LinuxConfig(
      KernelVersion version,
      int hz,
      OptionalLong baseSliceNs,
      boolean stealClock,
      PreemptModel preempt,
      boolean autogroup) {
    this(version, hz, baseSliceNs, stealClock, preempt, autogroup, CpusetVersion.V2);
  }

  /// One whose tasks and groups begin with the run.
  public LinuxConfig(
      KernelVersion version,
      int hz,
      OptionalLong baseSliceNs,
      boolean stealClock,
      PreemptModel preempt,
      boolean autogroup,
      CpusetVersion cpusets) {
    this(version, hz, baseSliceNs, stealClock, preempt, autogroup, cpusets, false);
  }

  /// One without autogroups that does not preempt in the kernel.
  public LinuxConfig(KernelVersion version, int hz, OptionalLong baseSliceNs, boolean stealClock) {
    this(version, hz, baseSliceNs, stealClock, PreemptModel.NONE, false);
  }

  /// The same with a steal clock.
  public LinuxConfig withStealClock() {
    return new LinuxConfig(version, hz, baseSliceNs, true, preempt, autogroup, cpusets, settled);
  }

  /// The same with tasks and groups older than the run.
  public LinuxConfig settledBefore() {
    return new LinuxConfig(version, hz, baseSliceNs, stealClock, preempt, autogroup, cpusets, true);
  }

  /// The tick period in nanoseconds, TICK_NSEC: a second over HZ, rounded to nearest.
  public long tickNs() {
    return (1_000_000_000L + hz / 2) / hz;
  }
}
