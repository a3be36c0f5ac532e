package dev.stint.model.hypervisor;

import dev.stint.model.hypervisor.HypercallRequest.GetPartitionPropertyEx;
import dev.stint.model.hypervisor.HypercallRequest.GetSystemProperty;
import dev.stint.model.hypervisor.HypercallRequest.SetPartitionPropertyEx;
import dev.stint.model.hypervisor.HypercallResult.Failure;
import dev.stint.model.hypervisor.HypercallResult.Success;
import dev.stint.model.hypervisor.Partition.Kind;
import dev.stint.model.hypervisor.Partition.Scheduling;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The hypervisor: owns the LPs, creates partitions, answers hypercalls, and schedules every VP
/// that no parent dispatches.
///
/// Who schedules a partition's VPs is settled when it is created: children of the root partition
/// under the root scheduler, and of an L1VH with the integrated scheduler, are dispatched by their
/// parent; the root partition's own VPs under the root scheduler are fixed to LPs; everybody else
/// is the hypervisor's.
public final class Hypervisor {
  /// The root partition's identity in hypercalls, whether or not the simulation has one.
  public static final long ROOT_PARTITION_ID = 1;

  private final Entities entities;
  private final Machine machine;
  private final HypervisorConfig config;
  private final SchedulerType type;
  private final LpTrace trace;
  private final HypervisorScheduler scheduler;
  private final List<Partition> partitions = new ArrayList<>();
  private HypercallFaults faults = HypercallFaults.NONE;
  private long nextPartitionId = ROOT_PARTITION_ID + 1;
  private boolean hasRoot;

  /// Registers the machine's LPs as `lp0`, `lp1` and so on. Without SMT the core scheduler is the
  /// classic one (Microsoft: "Managing Hyper-V hypervisor scheduler types").
  public Hypervisor(
      Simulation simulation,
      Entities entities,
      TraceSink sink,
      Machine machine,
      HypervisorConfig config,
      SchedulerType type) {
    this(
        entities,
        sink,
        machine,
        config,
        type,
        trace ->
            switch (type) {
              case LP, LP_SMT, CORE_SMT ->
                  new FairShareScheduler(simulation, entities, trace, machine, config, type);
              case ROOT -> new FixedScheduler(simulation, trace);
            });
  }

  /// A hypervisor with a scheduler of its own, made once the LPs are registered.
  Hypervisor(
      Entities entities,
      TraceSink sink,
      Machine machine,
      HypervisorConfig config,
      SchedulerType type,
      Function<LpTrace, HypervisorScheduler> schedulerOf) {
    this.entities = entities;
    this.machine = machine;
    this.config = config;
    this.type = type;
    int[] lpIds = new int[machine.lpCount()];
    for (int i = 0; i < lpIds.length; i++) {
      lpIds[i] = entities.add(EntityKind.LP, "lp" + i, Entities.NONE);
    }
    trace = new LpTrace(sink, lpIds);
    scheduler = schedulerOf.apply(trace);
  }

  /// The scheduler in force.
  public SchedulerType schedulerType() {
    return type;
  }

  /// How many LPs there are.
  public int lpCount() {
    return machine.lpCount();
  }

  /// The entity id of an LP.
  public int lpId(int lp) {
    return trace.lpId(lp);
  }

  /// All partitions in order of creation.
  public List<Partition> partitions() {
    return List.copyOf(partitions);
  }

  /// Makes some hypercalls fail from now on.
  public void injectFaults(HypercallFaults newFaults) {
    faults = newFaults;
  }

  /// Creates a partition for the owner of the machine: the root partition, an L1VH, or a guest
  /// beside them.
  public PartitionResult createPartition(PartitionRequest request) {
    if (request.kind() == Kind.ROOT && hasRoot) {
      return refused(HypercallStatus.INVALID_PARTITION_STATE, "there is one root partition");
    }
    if (type == SchedulerType.ROOT && request.kind() != Kind.ROOT) {
      return refused(
          HypercallStatus.ACCESS_DENIED,
          "under the root scheduler only the root partition creates partitions");
    }
    return create(Optional.empty(), request);
  }

  /// Creates a partition as a child of `creator`: a guest, within the LPs of its creator.
  public PartitionResult createPartition(Partition creator, PartitionRequest request) {
    if (!partitions.contains(creator)) {
      return refused(HypercallStatus.INVALID_PARTITION_ID, "the creator is not of this machine");
    }
    boolean allowed =
        switch (creator.kind()) {
          case ROOT -> request.kind() != Kind.ROOT;
          case L1VH -> request.kind() == Kind.GUEST;
          case GUEST -> false;
        };
    if (!allowed) {
      return refused(
          HypercallStatus.ACCESS_DENIED,
          "a " + creator.kind() + " partition cannot create a " + request.kind() + " partition");
    }
    return create(Optional.of(creator), request);
  }

  private PartitionResult create(Optional<Partition> creator, PartitionRequest request) {
    CpuSet available = creator.map(Partition::lps).orElse(CpuSet.range(0, machine.lpCount()));
    CpuSet lps = request.lps().orElse(available);
    if (lps.isEmpty() || !available.containsAll(lps)) {
      return refused(HypercallStatus.ACCESS_DENIED, "LPs " + lps + " are not all of " + available);
    }
    if (request.vpCount() < 1 || request.threadsPerCore() < 1) {
      return refused(HypercallStatus.INVALID_PARAMETER, "a partition has at least one VP");
    }
    if (entities.find(request.path()) != Entities.NONE) {
      return refused(HypercallStatus.INVALID_PARAMETER, "\"" + request.path() + "\" exists");
    }
    Scheduling scheduling = schedulingOf(creator, request);
    int threads = Math.min(request.threadsPerCore(), machine.threadsPerCore());
    if (scheduling == Scheduling.HYPERVISOR && reserved() + reserved(request) > capacity()) {
      return refused(HypercallStatus.INVALID_PARAMETER, "the LPs are reserved already");
    }
    if (scheduling != Scheduling.DISPATCHED) {
      Optional<String> refusal = scheduler.refusal(request, lps, threads);
      if (refusal.isPresent()) {
        return refused(HypercallStatus.INVALID_PARAMETER, refusal.get());
      }
    }
    return new PartitionResult.Created(register(creator, request, lps, threads, scheduling));
  }

  /* The sum of all reserves is at most all LPs (TLFS 2.0a §18.2). */
  private long reserved() {
    return partitions.stream()
        .filter(p -> p.scheduling() == Scheduling.HYPERVISOR)
        .mapToLong(p -> (long) p.vps().size() * p.controls().reserve())
        .sum();
  }

  private static long reserved(PartitionRequest request) {
    return (long) request.vpCount() * request.controls().reserve();
  }

  private long capacity() {
    return (long) machine.lpCount() * Controls.ONE_LP;
  }

  private Scheduling schedulingOf(Optional<Partition> creator, PartitionRequest request) {
    if (type == SchedulerType.ROOT) {
      return request.kind() == Kind.ROOT ? Scheduling.FIXED : Scheduling.DISPATCHED;
    }
    boolean integrated = creator.isPresent() && creator.get().integrated();
    return integrated ? Scheduling.DISPATCHED : Scheduling.HYPERVISOR;
  }

  private Partition register(
      Optional<Partition> creator,
      PartitionRequest request,
      CpuSet lps,
      int threads,
      Scheduling scheduling) {
    int parentId = creator.map(Partition::id).orElse(Entities.NONE);
    int id = entities.add(EntityKind.PARTITION, request.path(), parentId);
    boolean root = request.kind() == Kind.ROOT;
    hasRoot |= root;
    long partitionId = root ? ROOT_PARTITION_ID : nextPartitionId++;
    Partition partition =
        new Partition(id, partitionId, request, creator, lps, threads, scheduling);
    for (int i = 0; i < request.vpCount(); i++) {
      int vpId = entities.add(EntityKind.VP, request.path() + "/vp" + i, id);
      partition.addVp(new VirtualProcessor(vpId, partition, i, config.windowNs()));
    }
    partitions.add(partition);
    creator.ifPresent(parent -> parent.addChild(partition));
    if (scheduling != Scheduling.DISPATCHED) {
      scheduler.add(partition);
    }
    return partition;
  }

  private static PartitionResult refused(HypercallStatus status, String reason) {
    return new PartitionResult.Refused(status, reason);
  }

  /// Answers a hypercall of the partition with identity `caller`.
  public HypercallResult hypercall(long caller, HypercallRequest request) {
    Optional<HypercallResult> fault = faults.fault(caller, request);
    if (fault.isPresent()) {
      return fault.get();
    }
    return switch (request) {
      case GetSystemProperty get -> systemProperty(caller, get.property());
      case GetPartitionPropertyEx get -> partitionProperty(caller, get);
      case SetPartitionPropertyEx set -> setPartitionProperty(caller, set);
    };
  }

  private HypercallResult systemProperty(long caller, int property) {
    if (caller != ROOT_PARTITION_ID) {
      return new Failure(HypercallStatus.ACCESS_DENIED);
    }
    return property == Property.SCHEDULER_TYPE
        ? new Success(type.value())
        : new Failure(HypercallStatus.UNKNOWN_PROPERTY);
  }

  private HypercallResult partitionProperty(long caller, GetPartitionPropertyEx get) {
    long targetId = get.partitionId() == Property.SELF ? caller : get.partitionId();
    Optional<Partition> target = find(targetId);
    if (target.isEmpty()) {
      return new Failure(HypercallStatus.INVALID_PARTITION_ID);
    }
    if (targetId != caller && !owns(caller, target.get())) {
      return new Failure(HypercallStatus.ACCESS_DENIED);
    }
    Partition partition = target.get();
    return switch (get.property()) {
      case Property.VMM_CAPABILITIES -> new Success(partition.vmmCapabilities());
      case Property.INTEGRATED_SCHEDULER_ENABLED ->
          hasIntegratedProperty(partition)
              ? new Success(partition.integratedSchedulerProperty() ? 1 : 0)
              : new Failure(HypercallStatus.UNKNOWN_PROPERTY);
      default -> new Failure(HypercallStatus.UNKNOWN_PROPERTY);
    };
  }

  /*
   * The root partition switches the integrated scheduler of an L1VH that has no children yet: how a
   * driver that already chose would follow a later change is not public (facts: U-INT-4).
   */
  private HypercallResult setPartitionProperty(long caller, SetPartitionPropertyEx set) {
    if (caller != ROOT_PARTITION_ID) {
      return new Failure(HypercallStatus.ACCESS_DENIED);
    }
    Optional<Partition> target = find(set.partitionId());
    if (target.isEmpty()) {
      return new Failure(HypercallStatus.INVALID_PARTITION_ID);
    }
    Partition partition = target.get();
    if (set.property() != Property.INTEGRATED_SCHEDULER_ENABLED
        || !hasIntegratedProperty(partition)) {
      return new Failure(HypercallStatus.UNKNOWN_PROPERTY);
    }
    if (!partition.children().isEmpty() || config.l1vhPinned()) {
      return new Failure(HypercallStatus.INVALID_PARTITION_STATE);
    }
    partition.enableIntegratedScheduler(set.value() != 0);
    return new Success(0);
  }

  private static boolean hasIntegratedProperty(Partition partition) {
    return partition.kind() == Kind.L1VH
        && (partition.vmmCapabilities() & Property.VMM_ENABLE_INTEGRATED_SCHEDULER) != 0;
  }

  private boolean owns(long caller, Partition target) {
    return caller == ROOT_PARTITION_ID
        || target.parent().filter(p -> p.partitionId() == caller).isPresent();
  }

  private Optional<Partition> find(long partitionId) {
    return partitions.stream().filter(p -> p.partitionId() == partitionId).findFirst();
  }

  /// Stops the run if the scheduler's state contradicts itself. Called between instants.
  public void checkInvariants(long nowNs) {
    scheduler.checkInvariants(nowNs);
  }

  /// The scheduler's slots, units and virtual times.
  @Override
  public String toString() {
    return "hypervisor, " + type.text() + "\n" + scheduler;
  }
}
