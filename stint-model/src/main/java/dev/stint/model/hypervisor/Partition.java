package dev.stint.model.hypervisor;

import dev.stint.model.hypervisor.hypercall.Privileges;
import dev.stint.model.hypervisor.hypercall.Property;
import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A partition: the hypervisor's unit of isolation, with VPs, privileges, memory, controls and the
/// LPs that it may use. Only hypercalls change it.
public final class Partition {
  /// What a partition may do.
  public enum Kind {
    /// Manages CPUs and creates partitions.
    ROOT,
    /// Level-1 virtual host: creates children out of its own resources.
    L1VH,
    /// A guest: creates nothing.
    GUEST;

    /// The kind that these privileges make (Linux `drivers/hv/hv_common.c`).
    static Kind of(Privileges privileges) {
      if (privileges.root()) {
        return ROOT;
      }
      return privileges.parent() ? L1VH : GUEST;
    }

    /// What a partition of this kind is given.
    Privileges privileges() {
      return switch (this) {
        case ROOT -> Privileges.ROOT;
        case L1VH -> Privileges.L1VH;
        case GUEST -> Privileges.GUEST;
      };
    }
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
  private final Optional<Partition> parent;
  private final List<VirtualProcessor> vps = new ArrayList<>();
  private final List<Partition> children = new ArrayList<>();
  private PartitionRequest request;
  private Privileges privileges;
  private CpuSet lps;
  private PartitionState state = PartitionState.CREATED;
  private Scheduling scheduling = Scheduling.HYPERVISOR;

  /* What the hypervisor serves it from, and what it owns. */
  final PagePool pages;
  final Map<Long, CpuGroup> groups;
  final Synic synic = new Synic();
  @Nullable CpuGroup group;
  long lastGroupId;
  long lastChild;

  /// A partition that was just created: a guest, until its privileges say more.
  Partition(
      int id, long partitionId, PartitionRequest request, Optional<Partition> parent, CpuSet lps) {
    this(id, partitionId, request, parent, lps, new PagePool(), new TreeMap<>());
  }

  private Partition(
      int id,
      long partitionId,
      PartitionRequest request,
      Optional<Partition> parent,
      CpuSet lps,
      PagePool pages,
      Map<Long, CpuGroup> groups) {
    this.id = id;
    this.partitionId = partitionId;
    this.request = request;
    this.parent = parent;
    this.lps = lps;
    this.privileges = request.kind().privileges();
    this.pages = pages;
    this.groups = groups;
  }

  /// The owner of the whole machine, as it boots: all LPs, all pages, no VPs yet.
  static Partition ofMachine(int id, PartitionRequest request, CpuSet lps, long pages) {
    return new Partition(
        id,
        Hypervisor.ROOT_PARTITION_ID,
        request,
        Optional.empty(),
        lps,
        PagePool.ofMachine(pages),
        new TreeMap<>());
  }

  /// This owner of the machine, now with VPs of its own: what it owns stays its own.
  Partition withVps(int newId, PartitionRequest newRequest) {
    Partition root =
        new Partition(newId, partitionId, newRequest, Optional.empty(), lps, pages, groups);
    root.lastGroupId = lastGroupId;
    root.lastChild = lastChild;
    return root;
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

  /// What it may do.
  public Privileges privileges() {
    return privileges;
  }

  /// Where it is in its life.
  public PartitionState state() {
    return state;
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

  /// The CPU group that it is in.
  public Optional<CpuGroup> cpuGroup() {
    return Optional.ofNullable(group);
  }

  /// The CPU group whose cap its VPs' time on LPs counts against: its own; a child of an L1VH has
  /// its parent's, for it draws on what its parent was given (assumed; facts: U-INT-5).
  Optional<CpuGroup> cappingGroup() {
    return cpuGroup()
        .or(() -> parent.filter(p -> p.kind() == Kind.L1VH).flatMap(Partition::cpuGroup));
  }

  /// How many VPs share a virtual core, at most the machine's threads per core.
  public int threadsPerCore() {
    return request.threadsPerCore();
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
    return request.integrated();
  }

  /// What it was asked to be, as far as it was settled.
  PartitionRequest request() {
    return request;
  }

  boolean integratedSchedulerProperty() {
    return request.integratedScheduler();
  }

  boolean hasIntegratedProperty() {
    return kind() == Kind.L1VH
        && (vmmCapabilities() & Property.VMM_ENABLE_INTEGRATED_SCHEDULER) != 0;
  }

  /* None of its VPs is on an LP or waits for one. */
  boolean stopped() {
    return vps.stream().allMatch(VirtualProcessor::stopped);
  }

  int vpCount() {
    return vps.size();
  }

  boolean hasChildren() {
    return !children.isEmpty();
  }

  void become(Privileges newPrivileges) {
    privileges = newPrivileges;
    request = request.withKind(Kind.of(newPrivileges));
  }

  void configure(PartitionRequest newRequest) {
    request = newRequest;
  }

  void enter(PartitionState newState) {
    state = newState;
  }

  void settle(Scheduling newScheduling) {
    scheduling = newScheduling;
  }

  void confine(CpuSet newLps) {
    lps = newLps;
  }

  void addVp(VirtualProcessor vp) {
    vps.add(vp);
    request = request.withVpCount(vps.size());
  }

  void removeLastVp() {
    vps.removeLast();
    request = request.withVpCount(vps.size());
  }

  void addChild(Partition child) {
    children.add(child);
  }

  void removeChild(Partition child) {
    children.remove(child);
  }

  @Override
  public String toString() {
    return path() + " " + kind() + " " + scheduling + " lps " + lps;
  }
}
