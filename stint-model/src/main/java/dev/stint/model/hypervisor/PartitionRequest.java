package dev.stint.model.hypervisor;

import dev.stint.model.hypervisor.hypercall.Property;
import dev.stint.model.machine.CpuSet;
import java.util.Optional;

/// What a partition is asked to be.
///
/// @param path its entity path, such as `l1vh/vm-gold`
/// @param kind root, L1VH or guest
/// @param vpCount number of VPs, 1 or more
/// @param threadsPerCore how many VPs share a virtual core, 1 or more; more than the machine's
///   counts as the machine's
/// @param controls of each VP; without effect on VPs that a parent dispatches
/// @param lps the LPs it may use (its CPU group), absent for its creator's, or all
/// @param vmmCapabilities its VMM capability bits
/// @param integratedScheduler whether the root partition enabled the integrated scheduler for it
/// @param cpuGroupId its creator's CPU group that it is in, 0 for none; its LPs are then that
///   group's
public record PartitionRequest(
    String path,
    Partition.Kind kind,
    int vpCount,
    int threadsPerCore,
    Controls controls,
    Optional<CpuSet> lps,
    long vmmCapabilities,
    boolean integratedScheduler,
    long cpuGroupId) {
  /// One in no CPU group, or in one of its own that has `lps`.
  public PartitionRequest(
      String path,
      Partition.Kind kind,
      int vpCount,
      int threadsPerCore,
      Controls controls,
      Optional<CpuSet> lps,
      long vmmCapabilities,
      boolean integratedScheduler) {
    this(
        path,
        kind,
        vpCount,
        threadsPerCore,
        controls,
        lps,
        vmmCapabilities,
        integratedScheduler,
        0);
  }

  /// A partition with one thread per core, default controls, all LPs of its creator, no VMM
  /// capabilities.
  public static PartitionRequest of(String path, Partition.Kind kind, int vpCount) {
    return new PartitionRequest(
        path, kind, vpCount, 1, Controls.DEFAULT, Optional.empty(), 0L, false);
  }

  /// The same, as that kind.
  PartitionRequest withKind(Partition.Kind newKind) {
    return new PartitionRequest(
        path,
        newKind,
        vpCount,
        threadsPerCore,
        controls,
        lps,
        vmmCapabilities,
        integratedScheduler,
        cpuGroupId);
  }

  /// The same with so many VPs.
  PartitionRequest withVpCount(int count) {
    return new PartitionRequest(
        path,
        kind,
        count,
        threadsPerCore,
        controls,
        lps,
        vmmCapabilities,
        integratedScheduler,
        cpuGroupId);
  }

  /// The same with `threads` VPs to a virtual core.
  public PartitionRequest withThreadsPerCore(int threads) {
    return new PartitionRequest(
        path,
        kind,
        vpCount,
        threads,
        controls,
        lps,
        vmmCapabilities,
        integratedScheduler,
        cpuGroupId);
  }

  /// The same with these controls.
  public PartitionRequest withControls(Controls newControls) {
    return new PartitionRequest(
        path,
        kind,
        vpCount,
        threadsPerCore,
        newControls,
        lps,
        vmmCapabilities,
        integratedScheduler,
        cpuGroupId);
  }

  /// The same, confined to these LPs.
  public PartitionRequest withLps(CpuSet newLps) {
    return new PartitionRequest(
        path,
        kind,
        vpCount,
        threadsPerCore,
        controls,
        Optional.of(newLps),
        vmmCapabilities,
        integratedScheduler,
        cpuGroupId);
  }

  /// The same with these capability bits and this value of the integrated-scheduler property.
  public PartitionRequest withVmm(long capabilities, boolean integrated) {
    return new PartitionRequest(
        path, kind, vpCount, threadsPerCore, controls, lps, capabilities, integrated, cpuGroupId);
  }

  /// The same in this CPU group of its creator.
  public PartitionRequest withCpuGroup(long groupId) {
    return new PartitionRequest(
        path,
        kind,
        vpCount,
        threadsPerCore,
        controls,
        lps,
        vmmCapabilities,
        integratedScheduler,
        groupId);
  }

  /// The same with the capability bit and the property of the integrated scheduler both set.
  public PartitionRequest withIntegratedScheduler() {
    return withVmm(Property.VMM_ENABLE_INTEGRATED_SCHEDULER, true);
  }

  /// Whether the integrated scheduler is in force: it is an L1VH with both the capability and the
  /// property.
  public boolean integrated() {
    return kind == Partition.Kind.L1VH
        && integratedScheduler
        && (vmmCapabilities & Property.VMM_ENABLE_INTEGRATED_SCHEDULER) != 0;
  }
}
