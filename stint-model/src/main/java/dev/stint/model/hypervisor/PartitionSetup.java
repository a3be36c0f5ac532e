package dev.stint.model.hypervisor;

import dev.stint.model.hypervisor.Partition.Kind;
import dev.stint.model.hypervisor.Partition.Scheduling;
import dev.stint.model.hypervisor.hypercall.CpuGroupCall.CreateCpuGroup;
import dev.stint.model.hypervisor.hypercall.HypercallRequest;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.hypervisor.hypercall.MemoryCall.DepositMemory;
import dev.stint.model.hypervisor.hypercall.MemoryCall.MapGpaPages;
import dev.stint.model.hypervisor.hypercall.PartitionCall.CreatePartition;
import dev.stint.model.hypervisor.hypercall.PartitionCall.InitializePartition;
import dev.stint.model.hypervisor.hypercall.Property;
import dev.stint.model.hypervisor.hypercall.PropertyCall.SetPartitionProperty;
import dev.stint.model.hypervisor.hypercall.PropertyCall.SetPartitionPropertyEx;
import dev.stint.model.hypervisor.hypercall.VpCall.CreateVp;
import dev.stint.model.hypervisor.hypercall.VpCall.SetVpRegisters;
import dev.stint.model.hypervisor.hypercall.VpRegister;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import java.util.Optional;

/// Makes whole partitions as a VMM does, one hypercall after the other: create, deposit memory,
/// initialize, configure, make the VPs, let them go. What would be refused on the way is refused
/// before anything is made.
///
/// Reserves and the integrated scheduler are set in the root partition's name, and an L1VH's memory
/// comes from it; everything else is done by the creator.
final class PartitionSetup {
  /* MSHV_MAX_VPS: Linux's driver makes no partition with more VPs. */
  private static final int DRIVER_MAX_VPS = 256;

  private final Hypervisor hypervisor;
  private final Internals internals;
  private final PartitionTable table;
  private final PartitionCalls partitionCalls;
  private final VpCalls vpCalls;

  PartitionSetup(
      Hypervisor hypervisor, Internals internals, PartitionCalls partitionCalls, VpCalls vpCalls) {
    this.hypervisor = hypervisor;
    this.internals = internals;
    this.table = internals.table();
    this.partitionCalls = partitionCalls;
    this.vpCalls = vpCalls;
  }

  /// Makes a partition for `parent`, or beside the root partition for the machine's owner.
  PartitionResult make(Optional<Partition> parent, PartitionRequest request) {
    Partition owner = parent.orElse(table.root());
    CpuGroup group = owner.groups.get(request.cpuGroupId());
    CpuSet lps = request.lps().orElse(group == null ? owner.lps() : group.lps());
    if (request.cpuGroupId() != 0 && (group == null || request.lps().isPresent())) {
      return refused(HypercallStatus.INVALID_CPU_GROUP_ID, "no CPU group " + request.cpuGroupId());
    }
    if (lps.isEmpty() || !owner.lps().containsAll(lps)) {
      return refused(
          HypercallStatus.ACCESS_DENIED, "LPs " + lps + " are not all of " + owner.lps());
    }
    if (request.vpCount() < 1 || request.threadsPerCore() < 1) {
      return refused(HypercallStatus.INVALID_PARAMETER, "a partition has at least one VP");
    }
    int most = parent.isPresent() ? DRIVER_MAX_VPS : VpCalls.MAX_VPS;
    if (request.vpCount() > most) {
      return refused(HypercallStatus.INVALID_VP_INDEX, "a partition has at most " + most + " VPs");
    }
    if (internals.entities().find(request.path()) != Entities.NONE) {
      return refused(HypercallStatus.INVALID_PARAMETER, "\"" + request.path() + "\" exists");
    }
    if (schedulingOf(parent, request) != Scheduling.DISPATCHED) {
      Optional<String> refusal = refusal(request, lps);
      if (refusal.isPresent()) {
        return refused(HypercallStatus.INVALID_PARAMETER, refusal.get());
      }
    }
    return new PartitionResult.Created(
        request.kind() == Kind.ROOT ? boot(request) : build(owner, parent, request));
  }

  private Optional<String> refusal(PartitionRequest request, CpuSet lps) {
    if (!internals.reserveFits(request, table.root())) {
      return Optional.of("the LPs are reserved already");
    }
    int threads = Math.min(request.threadsPerCore(), internals.machine().threadsPerCore());
    return internals.scheduler().refusal(request, lps, threads);
  }

  private Scheduling schedulingOf(Optional<Partition> parent, PartitionRequest request) {
    if (internals.type() == SchedulerType.ROOT) {
      return request.kind() == Kind.ROOT ? Scheduling.FIXED : Scheduling.DISPATCHED;
    }
    return parent.filter(Partition::integrated).isPresent()
        ? Scheduling.DISPATCHED
        : Scheduling.HYPERVISOR;
  }

  static PartitionResult refused(HypercallStatus status, String reason) {
    return new PartitionResult.Refused(status, reason);
  }

  /* The hypervisor itself starts the root partition: nobody is there to call it. */
  private Partition boot(PartitionRequest request) {
    int id = internals.entities().add(EntityKind.PARTITION, request.path(), Entities.NONE);
    int threads = Math.min(request.threadsPerCore(), internals.machine().threadsPerCore());
    Partition root = table.root().withVps(id, request.withThreadsPerCore(threads).withVpCount(0));
    request.lps().ifPresent(root::confine);
    root.settle(internals.type() == SchedulerType.ROOT ? Scheduling.FIXED : Scheduling.HYPERVISOR);
    for (int i = 0; i < request.vpCount(); i++) {
      vpCalls.add(root);
    }
    table.install(root);
    vpCalls.activate(root);
    root.vps().forEach(vp -> vp.clearExplicitSuspend(internals.simulation().nowNs()));
    return root;
  }

  private Partition build(Partition owner, Optional<Partition> parent, PartitionRequest request) {
    call(owner, new DepositMemory(Property.SELF, MemoryCosts.CREATE_PAGES));
    CreatePartition create = new CreatePartition(request.threadsPerCore());
    long partitionId =
        require(create, partitionCalls.create(owner, parent, create, Optional.of(request.path())));
    if (request.kind() != Kind.GUEST) {
      long mask = request.kind().privileges().mask();
      call(owner, new SetPartitionProperty(partitionId, Property.PRIVILEGE_FLAGS, mask));
    }
    if (request.vmmCapabilities() != 0) {
      long bank = request.vmmCapabilities();
      call(owner, new SetPartitionPropertyEx(partitionId, Property.VMM_CAPABILITIES, bank));
    }
    call(owner, new DepositMemory(partitionId, MemoryCosts.INITIALIZE_PAGES));
    call(owner, new InitializePartition(partitionId));
    Partition partition = table.find(partitionId).orElseThrow();
    configure(owner, partition, request);
    for (int vp = 0; vp < request.vpCount(); vp++) {
      call(owner, new DepositMemory(partitionId, MemoryCosts.VP_PAGES));
      call(owner, new CreateVp(partitionId, vp));
    }
    if (partition.scheduling() == Scheduling.DISPATCHED) {
      // Its driver lets each VP go, when the first dispatch says that it is suspended.
      vpCalls.activate(partition);
      return partition;
    }
    int suspend = VpRegister.EXPLICIT_SUSPEND.number();
    for (int vp = 0; vp < request.vpCount(); vp++) {
      call(owner, new SetVpRegisters(partitionId, vp, suspend, 0));
    }
    return partition;
  }

  private void configure(Partition owner, Partition partition, PartitionRequest request) {
    long id = partition.partitionId();
    if (request.integratedScheduler() && partition.hasIntegratedProperty()) {
      call(table.root(), new SetPartitionPropertyEx(id, Property.INTEGRATED_SCHEDULER_ENABLED, 1));
    }
    if (partition.kind() == Kind.L1VH) {
      call(owner, new MapGpaPages(id, MemoryCosts.L1VH_PAGES));
    }
    Controls controls = request.controls();
    call(owner, new SetPartitionProperty(id, Property.CPU_WEIGHT, controls.weight()));
    call(owner, new SetPartitionProperty(id, Property.CPU_CAP, controls.cap()));
    call(table.root(), new SetPartitionProperty(id, Property.CPU_RESERVE, controls.reserve()));
    if (request.cpuGroupId() != 0) {
      long group = request.cpuGroupId();
      call(owner, new SetPartitionProperty(id, Property.CPU_GROUP_ID, group));
    } else if (request.lps().isPresent()) {
      CreateCpuGroup create = new CreateCpuGroup(request.lps().get(), Controls.ONE_LP);
      long group = call(owner, create);
      call(owner, new SetPartitionProperty(id, Property.CPU_GROUP_ID, group));
    }
  }

  private long call(Partition caller, HypercallRequest request) {
    return require(request, hypervisor.answer(caller, request));
  }

  private static long require(HypercallRequest request, HypercallResult result) {
    return switch (result) {
      case HypercallResult.Success(long value) -> value;
      case HypercallResult.Failure(HypercallStatus status) ->
          throw new IllegalStateException(request + " is refused with " + status);
    };
  }
}
