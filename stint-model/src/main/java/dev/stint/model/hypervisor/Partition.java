package dev.stint.model.hypervisor;

import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A partition: the hypervisor's unit of isolation, with VPs, controls and the LPs that it may use.
public final class Partition {
  /// What a partition may do.
  public enum Kind {
    /// Manages CPUs and creates partitions.
    ROOT,
    /// Level-1 virtual host: creates children out of its own resources.
    L1VH,
    /// A guest: creates nothing.
    GUEST
  }

  /// Who decides when the VPs of a partition run.
  public enum Scheduling {
    /// The hypervisor's classic or core scheduler.
    HYPERVISOR,
    /// The parent's Linux, by a vCPU thread in DISPATCH_VP.
    DISPATCHED,
    /// Nobody: each VP holds one LP for ever (the root partition under the root scheduler).
    FIXED
  }

  private final int id;
  private final long partitionId;
  private final PartitionRequest request;
  private final Optional<Partition> parent;
  private final CpuSet lps;
  private final int threadsPerCore;
  private final Scheduling scheduling;
  private final List<VirtualProcessor> vps = new ArrayList<>();
  private final List<Partition> children = new ArrayList<>();
  private boolean integratedScheduler;

  Partition(
      int id,
      long partitionId,
      PartitionRequest request,
      Optional<Partition> parent,
      CpuSet lps,
      int threadsPerCore,
      Scheduling scheduling) {
    this.id = id;
    this.partitionId = partitionId;
    this.request = request;
    this.parent = parent;
    this.lps = lps;
    this.threadsPerCore = threadsPerCore;
    this.scheduling = scheduling;
    this.integratedScheduler = request.integratedScheduler();
  }

  /// Its entity id.
  public int id() {
    return id;
  }

  /// Its identity in hypercalls.
  public long partitionId() {
    return partitionId;
  }

  /// Its entity path.
  public String path() {
    return request.path();
  }

  /// Its kind.
  public Kind kind() {
    return request.kind();
  }

  /// The partition that created it; empty for a top-level one.
  public Optional<Partition> parent() {
    return parent;
  }

  /// The controls of each VP.
  public Controls controls() {
    return request.controls();
  }

  /// The LPs that it may use.
  public CpuSet lps() {
    return lps;
  }

  /// How many VPs share a virtual core, at most the machine's threads per core.
  public int threadsPerCore() {
    return threadsPerCore;
  }

  /// Who schedules its VPs.
  public Scheduling scheduling() {
    return scheduling;
  }

  /// Its VPs in order of index.
  public List<VirtualProcessor> vps() {
    return List.copyOf(vps);
  }

  /// The VP with this index.
  public VirtualProcessor vp(int index) {
    return vps.get(index);
  }

  /// The partitions that it created.
  public List<Partition> children() {
    return List.copyOf(children);
  }

  /// Its VMM capability bits.
  public long vmmCapabilities() {
    return request.vmmCapabilities();
  }

  /// Whether the integrated scheduler is in force for it: both the capability and the property are
  /// set.
  public boolean integrated() {
    return kind() == Kind.L1VH
        && integratedScheduler
        && (vmmCapabilities() & Property.VMM_ENABLE_INTEGRATED_SCHEDULER) != 0;
  }

  boolean integratedSchedulerProperty() {
    return integratedScheduler;
  }

  void enableIntegratedScheduler(boolean enabled) {
    integratedScheduler = enabled;
  }

  void addVp(VirtualProcessor vp) {
    vps.add(vp);
  }

  void addChild(Partition child) {
    children.add(child);
  }

  @Override
  public String toString() {
    return path() + " " + kind() + " " + scheduling + " lps " + lps;
  }
}
