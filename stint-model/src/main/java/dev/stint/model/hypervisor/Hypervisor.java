package dev.stint.model.hypervisor;

import dev.stint.model.hypervisor.Partition.Kind;
import dev.stint.model.hypervisor.hypercall.CpuGroupCall;
import dev.stint.model.hypervisor.hypercall.HypercallFaults;
import dev.stint.model.hypervisor.hypercall.HypercallRequest;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.hypervisor.hypercall.MemoryCall;
import dev.stint.model.hypervisor.hypercall.PartitionCall;
import dev.stint.model.hypervisor.hypercall.PortCall;
import dev.stint.model.hypervisor.hypercall.PropertyCall;
import dev.stint.model.hypervisor.hypercall.StatsCall;
import dev.stint.model.hypervisor.hypercall.VpCall;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.sched.Costs;
import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.TraceSink;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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

  private final Internals internals;
  private final LpTrace trace;
  private final PartitionCalls partitionCalls;
  private final PropertyCalls propertyCalls;
  private final MemoryCalls memoryCalls;
  private final VpCalls vpCalls;
  private final PortCalls portCalls;
  private final CpuGroupCalls cpuGroupCalls;
  private final StatsCalls statsCalls;
  private final PartitionSetup setup;
  private HypercallFaults faults = HypercallFaults.NONE;

  /// Registers the machine's LPs as `lp0`, `lp1` and so on. Without SMT the core scheduler is the
  /// classic one (Microsoft: "Managing Hyper-V hypervisor scheduler types").
  public Hypervisor(
      Simulation simulation,
      Entities entities,
      TraceSink sink,
      Machine machine,
      HypervisorConfig config,
      HypervisorPolicy policy) {
    this(simulation, entities, sink, machine, config, policy, policy.type(machine));
  }

  /// One of Microsoft's, by the type that partitions are told.
  public Hypervisor(
      Simulation simulation,
      Entities entities,
      TraceSink sink,
      Machine machine,
      HypervisorConfig config,
      SchedulerType type) {
    this(simulation, entities, sink, machine, config, HypervisorPolicy.of(type), type);
  }

  private Hypervisor(
      Simulation simulation,
      Entities entities,
      TraceSink sink,
      Machine machine,
      HypervisorConfig config,
      HypervisorPolicy policy,
      SchedulerType type) {
    this(
        simulation,
        entities,
        sink,
        machine,
        config,
        type,
        trace -> policy.make(simulation, entities, trace, machine, config, type));
  }

  /// A hypervisor with a scheduler of its own, made once the LPs are registered.
  Hypervisor(
      Simulation simulation,
      Entities entities,
      TraceSink sink,
      Machine machine,
      HypervisorConfig config,
      SchedulerType type,
      Function<LpTrace, HypervisorScheduler> schedulerOf) {
    int[] lpIds = new int[machine.lpCount()];
    for (int i = 0; i < lpIds.length; i++) {
      lpIds[i] = entities.add(EntityKind.LP, "lp" + i, Entities.NONE);
    }
    trace = new LpTrace(sink, lpIds);
    PartitionTable table = new PartitionTable(machine.lpCount(), MemoryCosts.MACHINE_PAGES);
    HypervisorScheduler scheduler = schedulerOf.apply(trace);
    internals = new Internals(simulation, entities, machine, config, type, scheduler, table);
    partitionCalls = new PartitionCalls(internals);
    propertyCalls = new PropertyCalls(internals);
    memoryCalls = new MemoryCalls(internals);
    vpCalls = new VpCalls(internals);
    portCalls = new PortCalls(internals);
    cpuGroupCalls = new CpuGroupCalls(internals);
    statsCalls = new StatsCalls(internals);
    setup = new PartitionSetup(this, internals, partitionCalls, vpCalls);
  }

  /// The scheduler in force.
  public SchedulerType schedulerType() {
    return internals.type();
  }

  /// How many LPs there are.
  public int lpCount() {
    return internals.machine().lpCount();
  }

  /// The entity id of an LP.
  public int lpId(int lp) {
    return trace.lpId(lp);
  }

  /// All partitions in order of creation.
  public List<Partition> partitions() {
    return internals.table().listed();
  }

  /// Has switching the VPs that exist now cost time; to be called before the run begins.
  public void charge(Simulation simulation, Costs costs) {
    if (!costs.free()) {
      List<VirtualProcessor> vps =
          partitions().stream().flatMap(partition -> partition.vps().stream()).toList();
      trace.charge(new LpCosts(simulation, costs, internals.machine(), vps));
    }
  }

  /// Makes some hypercalls fail from now on.
  public void injectFaults(HypercallFaults newFaults) {
    faults = newFaults;
  }

  /// Creates a CPU group for the owner of the machine, named in the simulation `cpu-group:NAME`;
  /// partitions are put into it by [PartitionRequest#withCpuGroup].
  public HypercallResult createCpuGroup(String name, CpuSet lps, int cap) {
    return cpuGroupCalls.create(internals.table().root(), lps, cap, name);
  }

  /// Creates a partition for the owner of the machine: the root partition, an L1VH, or a guest
  /// beside them. It is built by the hypercalls that a VMM would make.
  public PartitionResult createPartition(PartitionRequest request) {
    if (request.kind() == Kind.ROOT && internals.table().rootRuns()) {
      return PartitionSetup.refused(
          HypercallStatus.INVALID_PARTITION_STATE, "there is one root partition");
    }
    if (internals.type() == SchedulerType.ROOT && request.kind() != Kind.ROOT) {
      return PartitionSetup.refused(
          HypercallStatus.ACCESS_DENIED,
          "under the root scheduler only the root partition creates partitions");
    }
    return setup.make(Optional.empty(), request);
  }

  /// Creates a partition as a child of `creator`: a guest, within the LPs of its creator.
  public PartitionResult createPartition(Partition creator, PartitionRequest request) {
    if (!internals.table().contains(creator)) {
      return PartitionSetup.refused(
          HypercallStatus.INVALID_PARTITION_ID, "the creator is not of this machine");
    }
    boolean allowed =
        switch (creator.kind()) {
          case ROOT -> request.kind() != Kind.ROOT;
          case L1VH -> request.kind() == Kind.GUEST;
          case GUEST -> false;
        };
    if (!allowed) {
      return PartitionSetup.refused(
          HypercallStatus.ACCESS_DENIED,
          "a " + creator.kind() + " partition cannot create a " + request.kind() + " partition");
    }
    return setup.make(Optional.of(creator), request);
  }

  /// Answers a hypercall of the partition with identity `callerId`. Whatever is refused is a
  /// status, and changes nothing.
  public HypercallResult hypercall(long callerId, HypercallRequest request) {
    Optional<HypercallResult> fault = faults.fault(callerId, request);
    if (fault.isPresent()) {
      return fault.get();
    }
    Optional<Partition> caller = internals.table().find(callerId);
    if (caller.isEmpty()) {
      return Internals.refuse(HypercallStatus.INVALID_PARTITION_ID);
    }
    return caller.get().state() == PartitionState.ACTIVE
        ? answer(caller.get(), request)
        : Internals.refuse(HypercallStatus.INVALID_PARTITION_STATE);
  }

  HypercallResult answer(Partition caller, HypercallRequest request) {
    return switch (request) {
      case PartitionCall call -> partitionCalls.answer(caller, call);
      case PropertyCall call -> propertyCalls.answer(caller, call);
      case MemoryCall call -> memoryCalls.answer(caller, call);
      case VpCall call -> vpCalls.answer(caller, call);
      case PortCall call -> portCalls.answer(caller, call);
      case CpuGroupCall call -> cpuGroupCalls.answer(caller, call);
      case StatsCall call -> statsCalls.answer(caller, call);
    };
  }

  /// What a guest does with a message: it empties the slot and writes EOM, for the next to come.
  /// The type of the message; empty if there was none.
  public OptionalInt endOfMessage(VirtualProcessor vp, int sint) {
    Partition partition = vp.partition();
    return partition.synic.endOfMessage(
        partition, vp.index(), sint, internals.simulation().nowNs());
  }

  /// What a guest does with events: it takes and clears the flags of a source.
  public BitSet takeEvents(VirtualProcessor vp, int sint) {
    return vp.partition().synic.takeEvents(vp.index(), sint);
  }

  /// Everything that hypercalls can change of one partition, as text; empty for one that does not
  /// exist.
  public String describe(long partitionId) {
    StringBuilder text = new StringBuilder();
    internals.table().find(partitionId).ifPresent(p -> PartitionTable.describe(p, text));
    return text.toString();
  }

  /// Everything that hypercalls can change, as text.
  public String describe() {
    return internals.table().toString();
  }

  /// Stops the run if the scheduler's state contradicts itself. Called between instants.
  public void checkInvariants(long nowNs) {
    internals.scheduler().checkInvariants(nowNs);
    internals.table().checkInvariants();
  }

  /// The scheduler's slots, units and virtual times.
  @Override
  public String toString() {
    return "hypervisor, " + internals.type().text() + "\n" + internals.scheduler();
  }
}
