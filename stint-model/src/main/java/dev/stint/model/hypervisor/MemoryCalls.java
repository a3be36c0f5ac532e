package dev.stint.model.hypervisor;

import static dev.stint.model.hypervisor.Internals.DONE;
import static dev.stint.model.hypervisor.Internals.refuse;
import static dev.stint.model.hypervisor.Internals.success;

import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.hypervisor.hypercall.MemoryCall;
import dev.stint.model.hypervisor.hypercall.MemoryCall.DepositMemory;
import dev.stint.model.hypervisor.hypercall.MemoryCall.GetMemoryBalance;
import dev.stint.model.hypervisor.hypercall.MemoryCall.MapGpaPages;
import dev.stint.model.hypervisor.hypercall.MemoryCall.UnmapGpaPages;
import dev.stint.model.hypervisor.hypercall.MemoryCall.WithdrawMemory;
import dev.stint.model.hypervisor.hypercall.Privilege;
import java.util.Optional;

/// Answers the hypercalls that move pages.
final class MemoryCalls {
  private final PartitionTable table;

  MemoryCalls(Internals internals) {
    this.table = internals.table();
  }

  HypercallResult answer(Partition caller, MemoryCall call) {
    Privilege needed =
        switch (call) {
          case DepositMemory _, WithdrawMemory _, GetMemoryBalance _ ->
              Privilege.ACCESS_MEMORY_POOL;
          case MapGpaPages _, UnmapGpaPages _ -> Privilege.CREATE_PARTITIONS;
        };
    if (!caller.privileges().has(needed)) {
      return refuse(HypercallStatus.ACCESS_DENIED);
    }
    return switch (call) {
      case DepositMemory(long id, long pages) -> deposit(caller, id, pages);
      case WithdrawMemory(long id, long pages) -> withdraw(caller, id, pages);
      case GetMemoryBalance(long id) ->
          table
              .named(caller, id)
              .map(partition -> success(partition.pages.free()))
              .orElseGet(() -> refuse(HypercallStatus.INVALID_PARTITION_ID));
      case MapGpaPages(long id, long pages) -> map(caller, id, pages);
      case UnmapGpaPages(long id, long pages) -> unmap(caller, id, pages);
    };
  }

  private HypercallResult deposit(Partition caller, long partitionId, long pages) {
    Optional<Partition> named = table.named(caller, partitionId);
    if (named.isEmpty()) {
      return refuse(HypercallStatus.INVALID_PARTITION_ID);
    }
    if (named.get().state() == PartitionState.FINALIZED) {
      return refuse(HypercallStatus.INVALID_PARTITION_STATE);
    }
    return pages > 0 && named.get().pages.depositFrom(caller.pages, pages)
        ? DONE
        : refuse(HypercallStatus.INVALID_PARAMETER);
  }

  private HypercallResult withdraw(Partition caller, long partitionId, long most) {
    Optional<Partition> named = table.named(caller, partitionId);
    if (named.isEmpty()) {
      return refuse(HypercallStatus.INVALID_PARTITION_ID);
    }
    return most > 0
        ? success(named.get().pages.withdrawTo(caller.pages, most))
        : refuse(HypercallStatus.INVALID_PARAMETER);
  }

  private HypercallResult map(Partition caller, long partitionId, long pages) {
    Optional<Partition> child = table.child(caller, partitionId);
    if (child.isEmpty()) {
      return refuse(HypercallStatus.INVALID_PARTITION_ID);
    }
    PartitionState state = child.get().state();
    if (state == PartitionState.CREATED || state == PartitionState.FINALIZED) {
      return refuse(HypercallStatus.INVALID_PARTITION_STATE);
    }
    return pages > 0 && caller.pages.giveMemory(child.get().pages, pages)
        ? DONE
        : refuse(HypercallStatus.INVALID_PARAMETER);
  }

  private HypercallResult unmap(Partition caller, long partitionId, long pages) {
    Optional<Partition> child = table.child(caller, partitionId);
    if (child.isEmpty()) {
      return refuse(HypercallStatus.INVALID_PARTITION_ID);
    }
    return pages > 0 && child.get().pages.giveMemory(caller.pages, pages)
        ? DONE
        : refuse(HypercallStatus.INVALID_PARAMETER);
  }
}
