package dev.stint.model.hypervisor;

import static dev.stint.model.hypervisor.Internals.DONE;
import static dev.stint.model.hypervisor.Internals.refuse;
import static dev.stint.model.hypervisor.Internals.success;

import dev.stint.model.hypervisor.Partition.Kind;
import dev.stint.model.hypervisor.Partition.Scheduling;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.hypervisor.hypercall.PartitionCall;
import dev.stint.model.hypervisor.hypercall.PartitionCall.CreatePartition;
import dev.stint.model.hypervisor.hypercall.PartitionCall.DeletePartition;
import dev.stint.model.hypervisor.hypercall.PartitionCall.FinalizePartition;
import dev.stint.model.hypervisor.hypercall.PartitionCall.GetNextChildPartition;
import dev.stint.model.hypervisor.hypercall.PartitionCall.GetPartitionId;
import dev.stint.model.hypervisor.hypercall.PartitionCall.InitializePartition;
import dev.stint.model.hypervisor.hypercall.Privilege;
import dev.stint.model.hypervisor.hypercall.Property;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import java.util.List;
import java.util.Optional;

/// Answers the hypercalls that make, end and enumerate partitions.
final class PartitionCalls {
  private final Internals internals;
  private final PartitionTable table;

  PartitionCalls(Internals internals) {
    this.internals = internals;
    this.table = internals.table();
  }

  HypercallResult answer(Partition caller, PartitionCall call) {
    if (call instanceof GetPartitionId) {
      return caller.privileges().has(Privilege.ACCESS_PARTITION_ID)
          ? success(caller.partitionId())
          : refuse(HypercallStatus.ACCESS_DENIED);
    }
    if (!caller.privileges().has(Privilege.CREATE_PARTITIONS)) {
      return refuse(HypercallStatus.ACCESS_DENIED);
    }
    return switch (call) {
      case GetPartitionId() -> success(caller.partitionId());
      case CreatePartition create -> create(caller, create);
      case InitializePartition initialize -> initialize(caller, initialize.partitionId());
      case FinalizePartition finish -> finish(caller, finish.partitionId());
      case DeletePartition delete -> delete(caller, delete.partitionId());
      case GetNextChildPartition next -> nextChild(caller, next);
    };
  }

  private HypercallResult create(Partition caller, CreatePartition call) {
    Optional<Partition> parent =
        caller == table.root() && !table.rootRuns() ? Optional.empty() : Optional.of(caller);
    return create(caller, parent, call, Optional.empty());
  }

  /// As the hypercall; `parent` is empty for a partition that is shown beside the root partition,
  /// and `path` names it in the simulation.
  HypercallResult create(
      Partition caller, Optional<Partition> parent, CreatePartition call, Optional<String> path) {
    if (call.threadsPerCore() < 1) {
      return refuse(HypercallStatus.INVALID_PARAMETER);
    }
    if (!caller.pages.use(MemoryCosts.CREATE_PAGES)) {
      return refuse(HypercallStatus.INSUFFICIENT_MEMORY);
    }
    long partitionId = table.nextId(caller);
    String name =
        path.orElseGet(
            () -> parent.map(p -> p.path() + "/").orElse("") + "partition-" + partitionId);
    int threads = Math.min(call.threadsPerCore(), internals.machine().threadsPerCore());
    PartitionRequest request = PartitionRequest.of(name, Kind.GUEST, 0).withThreadsPerCore(threads);
    int id =
        internals
            .entities()
            .add(EntityKind.PARTITION, name, parent.map(Partition::id).orElse(Entities.NONE));
    table.add(new Partition(id, partitionId, request, parent, caller.lps()));
    return success(partitionId);
  }

  private HypercallResult initialize(Partition caller, long partitionId) {
    Optional<Partition> named = table.child(caller, partitionId);
    if (named.isEmpty()) {
      return refuse(HypercallStatus.INVALID_PARTITION_ID);
    }
    Partition partition = named.get();
    if (partition.state() != PartitionState.CREATED) {
      return refuse(HypercallStatus.INVALID_PARTITION_STATE);
    }
    if (!partition.pages.use(MemoryCosts.INITIALIZE_PAGES)) {
      return refuse(HypercallStatus.INSUFFICIENT_MEMORY);
    }
    partition.settle(schedulingOf(partition));
    partition.enter(PartitionState.INITIALIZED);
    return DONE;
  }

  private Scheduling schedulingOf(Partition partition) {
    boolean dispatched =
        internals.type() == SchedulerType.ROOT
            || partition.parent().filter(Partition::integrated).isPresent();
    return dispatched ? Scheduling.DISPATCHED : Scheduling.HYPERVISOR;
  }

  private HypercallResult finish(Partition caller, long partitionId) {
    Optional<Partition> named = table.child(caller, partitionId);
    if (named.isEmpty()) {
      return refuse(HypercallStatus.INVALID_PARTITION_ID);
    }
    Partition partition = named.get();
    if (partition.state() == PartitionState.FINALIZED || partition.hasChildren()) {
      return refuse(HypercallStatus.INVALID_PARTITION_STATE);
    }
    boolean scheduled = scheduled(partition);
    for (VirtualProcessor vp : partition.vps()) {
      vp.retire();
      if (scheduled) {
        internals.scheduler().suspended(vp);
      }
    }
    partition.cpuGroup().ifPresent(CpuGroup::leave);
    partition.group = null;
    partition.groups.clear();
    partition.synic.closeAll();
    partition.pages.releaseAll();
    partition.enter(PartitionState.FINALIZED);
    return DONE;
  }

  private static boolean scheduled(Partition partition) {
    return partition.state() == PartitionState.ACTIVE
        && partition.scheduling() != Scheduling.DISPATCHED;
  }

  private HypercallResult delete(Partition caller, long partitionId) {
    Optional<Partition> named = table.child(caller, partitionId);
    if (named.isEmpty()) {
      return refuse(HypercallStatus.INVALID_PARTITION_ID);
    }
    Partition partition = named.get();
    if (partition.state() != PartitionState.FINALIZED || !partition.stopped()) {
      return refuse(HypercallStatus.INVALID_PARTITION_STATE);
    }
    internals.scheduler().remove(partition);
    Partition owner = table.ownerOf(partition);
    partition.pages.dissolveInto(owner.pages);
    owner.pages.release(MemoryCosts.CREATE_PAGES);
    table.remove(partition);
    return DONE;
  }

  private HypercallResult nextChild(Partition caller, GetNextChildPartition call) {
    if (call.parentId() != Property.SELF && call.parentId() != caller.partitionId()) {
      return refuse(HypercallStatus.INVALID_PARTITION_ID);
    }
    List<Partition> children = table.childrenOf(caller);
    if (call.previousChildId() == PartitionCall.NO_PARTITION) {
      return success(children.isEmpty() ? PartitionCall.NO_PARTITION : idOf(children, 0));
    }
    for (int i = 0; i < children.size(); i++) {
      if (idOf(children, i) == call.previousChildId()) {
        return success(
            i + 1 < children.size() ? idOf(children, i + 1) : PartitionCall.NO_PARTITION);
      }
    }
    return refuse(HypercallStatus.INVALID_PARTITION_ID);
  }

  private static long idOf(List<Partition> partitions, int index) {
    return partitions.get(index).partitionId();
  }
}
