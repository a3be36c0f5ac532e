package dev.stint.model.hypervisor;

import static dev.stint.model.hypervisor.Internals.DONE;
import static dev.stint.model.hypervisor.Internals.refuse;
import static dev.stint.model.hypervisor.Internals.success;

import dev.stint.model.hypervisor.Partition.Scheduling;
import dev.stint.model.hypervisor.hypercall.DispatchOutcome;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.hypervisor.hypercall.Privilege;
import dev.stint.model.hypervisor.hypercall.VpCall;
import dev.stint.model.hypervisor.hypercall.VpCall.AssertVirtualInterrupt;
import dev.stint.model.hypervisor.hypercall.VpCall.CreateVp;
import dev.stint.model.hypervisor.hypercall.VpCall.DeleteVp;
import dev.stint.model.hypervisor.hypercall.VpCall.DispatchVp;
import dev.stint.model.hypervisor.hypercall.VpCall.GetVpRegisters;
import dev.stint.model.hypervisor.hypercall.VpCall.NotifyLongSpinWait;
import dev.stint.model.hypervisor.hypercall.VpCall.SetVpRegisters;
import dev.stint.model.hypervisor.hypercall.VpRegister;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import java.util.Optional;
import java.util.function.Function;

/// Answers the hypercalls about VPs.
final class VpCalls {
  /// HV_MAXIMUM_PROCESSORS of x86: the VPs that one partition can have.
  static final int MAX_VPS = 2048;

  private static final int LEAST_VECTOR = 16;
  private static final int GREATEST_VECTOR = 255;
  private static final long RUNTIME_UNIT_NS = 100;

  private final Internals internals;
  private final PartitionTable table;

  VpCalls(Internals internals) {
    this.internals = internals;
    this.table = internals.table();
  }

  HypercallResult answer(Partition caller, VpCall call) {
    return switch (call) {
      case NotifyLongSpinWait spin -> longSpin(caller, spin);
      case GetVpRegisters get -> read(caller, get);
      case CreateVp create -> onChild(caller, create.partitionId(), child -> create(child, create));
      case DeleteVp delete -> onChild(caller, delete.partitionId(), child -> delete(child, delete));
      case SetVpRegisters set -> onChild(caller, set.partitionId(), child -> write(child, set));
      case DispatchVp dispatch ->
          onChild(caller, dispatch.partitionId(), child -> dispatch(child, dispatch));
      case AssertVirtualInterrupt interrupt ->
          onChild(caller, interrupt.partitionId(), child -> interrupt(child, interrupt));
    };
  }

  /// What all calls on another partition's VPs ask first: the privilege, then that it is the
  /// caller's to name.
  private HypercallResult onChild(
      Partition caller, long partitionId, Function<Partition, HypercallResult> answer) {
    if (!caller.privileges().has(Privilege.CREATE_PARTITIONS)) {
      return refuse(HypercallStatus.ACCESS_DENIED);
    }
    return table
        .child(caller, partitionId)
        .map(answer)
        .orElseGet(() -> refuse(HypercallStatus.INVALID_PARTITION_ID));
  }

  private HypercallResult longSpin(Partition caller, NotifyLongSpinWait call) {
    if (outside(caller, call.vpIndex())) {
      return refuse(HypercallStatus.INVALID_VP_INDEX);
    }
    internals.scheduler().longSpin(caller.vp(call.vpIndex()));
    return DONE;
  }

  /* TLFS: the caller is the parent, or names itself and has AccessVpRegisters. */
  private HypercallResult read(Partition caller, GetVpRegisters call) {
    Optional<Partition> named = table.named(caller, call.partitionId());
    boolean self = named.filter(p -> p == caller).isPresent();
    Privilege needed = self ? Privilege.ACCESS_VP_REGISTERS : Privilege.CREATE_PARTITIONS;
    if (!caller.privileges().has(needed)) {
      return refuse(HypercallStatus.ACCESS_DENIED);
    }
    if (named.isEmpty()) {
      return refuse(HypercallStatus.INVALID_PARTITION_ID);
    }
    Optional<HypercallStatus> refusal = vpRefusal(named.get(), call.vpIndex());
    if (refusal.isPresent()) {
      return refuse(refusal.get());
    }
    Optional<VpRegister> register = VpRegister.of(call.register());
    if (register.isEmpty()) {
      return refuse(HypercallStatus.INVALID_PARAMETER);
    }
    return success(valueOf(named.get().vp(call.vpIndex()), register.get()));
  }

  private long valueOf(VirtualProcessor vp, VpRegister register) {
    return switch (register) {
      case EXPLICIT_SUSPEND -> vp.execution().explicitSuspend() ? 1 : 0;
      case INTERCEPT_SUSPEND -> vp.execution().interceptSuspend() ? 1 : 0;
      case DISPATCH_SUSPEND -> vp.execution().dispatchSuspend() ? 1 : 0;
      case VP_ROOT_SIGNAL_COUNT -> vp.execution().rootSignalCount();
      case VP_RUNTIME -> vp.processor().ranNs(internals.simulation().nowNs()) / RUNTIME_UNIT_NS;
    };
  }

  private HypercallResult write(Partition child, SetVpRegisters call) {
    Optional<HypercallStatus> refusal = vpRefusal(child, call.vpIndex());
    if (refusal.isPresent()) {
      return refuse(refusal.get());
    }
    Optional<VpRegister> register = VpRegister.of(call.register());
    if (register.isEmpty()) {
      return refuse(HypercallStatus.INVALID_PARAMETER);
    }
    if (call.value() != 0 && call.value() != 1) {
      return refuse(HypercallStatus.INVALID_REGISTER_VALUE);
    }
    VirtualProcessor vp = child.vp(call.vpIndex());
    if (vp.dispatched() && vp.processor().backed()) {
      // The simulated thread that dispatches it has to come back first.
      return refuse(HypercallStatus.INVALID_VP_STATE);
    }
    return switch (register.get()) {
      case EXPLICIT_SUSPEND -> call.value() == 0 ? letGo(vp) : suspend(vp);
      case INTERCEPT_SUSPEND -> interceptSuspend(vp, call.value() != 0);
      case DISPATCH_SUSPEND -> dispatchSuspend(vp, call.value() != 0);
      case VP_RUNTIME, VP_ROOT_SIGNAL_COUNT -> refuse(HypercallStatus.ACCESS_DENIED);
    };
  }

  private HypercallResult interceptSuspend(VirtualProcessor vp, boolean value) {
    if (value) {
      vp.execution().writeInterceptSuspend(true);
      tellScheduler(vp);
    } else {
      vp.clearInterceptSuspend(internals.simulation().nowNs());
    }
    return DONE;
  }

  /* Teardown of a VP that its parent dispatches; there is no way back. */
  private static HypercallResult dispatchSuspend(VirtualProcessor vp, boolean value) {
    if (!vp.dispatched()) {
      return refuse(HypercallStatus.INVALID_VP_STATE);
    }
    if (!value) {
      return refuse(HypercallStatus.INVALID_REGISTER_VALUE);
    }
    vp.execution().writeDispatchSuspend();
    return DONE;
  }

  private HypercallResult suspend(VirtualProcessor vp) {
    vp.suspendExplicitly();
    tellScheduler(vp);
    return DONE;
  }

  private void tellScheduler(VirtualProcessor vp) {
    if (vp.partition().state() == PartitionState.ACTIVE && !vp.dispatched()) {
      internals.scheduler().suspended(vp);
    }
  }

  private HypercallResult letGo(VirtualProcessor vp) {
    Partition partition = vp.partition();
    if (partition.state() == PartitionState.INITIALIZED) {
      Optional<String> refusal = activationRefusal(partition);
      if (refusal.isPresent()) {
        return refuse(HypercallStatus.NO_RESOURCES);
      }
      activate(partition);
    }
    vp.clearExplicitSuspend(internals.simulation().nowNs());
    return DONE;
  }

  private Optional<String> activationRefusal(Partition partition) {
    if (partition.scheduling() == Scheduling.DISPATCHED) {
      return Optional.empty();
    }
    return internals.reserveFits(partition.request(), partition)
        ? internals
            .scheduler()
            .refusal(partition.request(), partition.lps(), partition.threadsPerCore())
        : Optional.of("the LPs are reserved already");
  }

  /* The first VP is let go: the configuration is locked, and somebody must schedule the VPs. */
  void activate(Partition partition) {
    partition.enter(PartitionState.ACTIVE);
    for (VirtualProcessor vp : partition.vps()) {
      vp.applyControls(internals.config().windowNs());
    }
    if (partition.scheduling() != Scheduling.DISPATCHED) {
      internals.scheduler().add(partition);
    }
  }

  private HypercallResult create(Partition partition, CreateVp call) {
    if (partition.state() != PartitionState.INITIALIZED) {
      return refuse(HypercallStatus.INVALID_PARTITION_STATE);
    }
    if (call.vpIndex() != partition.vpCount() || call.vpIndex() >= MAX_VPS) {
      return refuse(HypercallStatus.INVALID_VP_INDEX);
    }
    if (!partition.pages.use(MemoryCosts.VP_PAGES)) {
      return refuse(HypercallStatus.INSUFFICIENT_MEMORY);
    }
    add(partition);
    return DONE;
  }

  /// Makes the next VP of `partition`.
  void add(Partition partition) {
    String path = partition.path() + "/vp" + partition.vpCount();
    int known = internals.entities().find(path);
    int id =
        known == Entities.NONE
            ? internals.entities().add(EntityKind.VP, path, partition.id())
            : known;
    partition.addVp(new VirtualProcessor(id, partition, partition.vpCount()));
  }

  private HypercallResult delete(Partition partition, DeleteVp call) {
    if (partition.state() != PartitionState.INITIALIZED) {
      return refuse(HypercallStatus.INVALID_PARTITION_STATE);
    }
    if (call.vpIndex() < 0 || call.vpIndex() != partition.vpCount() - 1) {
      return refuse(HypercallStatus.INVALID_VP_INDEX);
    }
    partition.removeLastVp();
    partition.pages.release(MemoryCosts.VP_PAGES);
    return DONE;
  }

  private HypercallResult dispatch(Partition child, DispatchVp call) {
    Optional<HypercallStatus> refusal = vpRefusal(child, call.vpIndex());
    if (refusal.isPresent()) {
      return refuse(refusal.get());
    }
    if ((call.flags() & ~DispatchFlags.ALL) != 0 || call.timeSlice() < 0) {
      return refuse(HypercallStatus.INVALID_PARAMETER);
    }
    VpExecution execution = child.vp(call.vpIndex()).execution();
    if (child.state() != PartitionState.ACTIVE || !execution.dispatch(call.flags())) {
      return refuse(HypercallStatus.INVALID_VP_STATE);
    }
    if (execution.running()) {
      // Time is given to the dispatch of a simulated thread only: this one is preempted at once.
      execution.endDispatch(DispatchReturn.READY_PREEMPTED);
    }
    DispatchReturn why = execution.lastReturn();
    return success(new DispatchOutcome(why.state().value(), why.event().value()).packed());
  }

  private HypercallResult interrupt(Partition child, AssertVirtualInterrupt call) {
    if (child.state() != PartitionState.ACTIVE) {
      return refuse(HypercallStatus.INVALID_PARTITION_STATE);
    }
    if (outside(child, call.vpIndex())) {
      return refuse(HypercallStatus.INVALID_VP_INDEX);
    }
    if (call.vector() < LEAST_VECTOR || call.vector() > GREATEST_VECTOR) {
      return refuse(HypercallStatus.INVALID_PARAMETER);
    }
    child.vp(call.vpIndex()).interrupt(internals.simulation().nowNs());
    return DONE;
  }

  private static Optional<HypercallStatus> vpRefusal(Partition partition, int vpIndex) {
    if (partition.state() == PartitionState.FINALIZED) {
      return Optional.of(HypercallStatus.INVALID_PARTITION_STATE);
    }
    return outside(partition, vpIndex)
        ? Optional.of(HypercallStatus.INVALID_VP_INDEX)
        : Optional.empty();
  }

  private static boolean outside(Partition partition, int vpIndex) {
    return vpIndex < 0 || vpIndex >= partition.vpCount();
  }
}
