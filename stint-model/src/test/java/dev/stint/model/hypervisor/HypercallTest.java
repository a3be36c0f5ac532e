package dev.stint.model.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.hypervisor.Partition.Kind;
import dev.stint.model.hypervisor.hypercall.CpuGroupCall.CreateCpuGroup;
import dev.stint.model.hypervisor.hypercall.CpuGroupCall.DeleteCpuGroup;
import dev.stint.model.hypervisor.hypercall.CpuGroupCall.SetCpuGroupCap;
import dev.stint.model.hypervisor.hypercall.DispatchOutcome;
import dev.stint.model.hypervisor.hypercall.HypercallRequest;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallResult.Failure;
import dev.stint.model.hypervisor.hypercall.HypercallResult.Success;
import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.hypervisor.hypercall.MemoryCall.DepositMemory;
import dev.stint.model.hypervisor.hypercall.MemoryCall.GetMemoryBalance;
import dev.stint.model.hypervisor.hypercall.MemoryCall.MapGpaPages;
import dev.stint.model.hypervisor.hypercall.MemoryCall.UnmapGpaPages;
import dev.stint.model.hypervisor.hypercall.MemoryCall.WithdrawMemory;
import dev.stint.model.hypervisor.hypercall.PartitionCall.CreatePartition;
import dev.stint.model.hypervisor.hypercall.PartitionCall.DeletePartition;
import dev.stint.model.hypervisor.hypercall.PartitionCall.FinalizePartition;
import dev.stint.model.hypervisor.hypercall.PartitionCall.GetNextChildPartition;
import dev.stint.model.hypervisor.hypercall.PartitionCall.GetPartitionId;
import dev.stint.model.hypervisor.hypercall.PartitionCall.InitializePartition;
import dev.stint.model.hypervisor.hypercall.Privilege;
import dev.stint.model.hypervisor.hypercall.Privileges;
import dev.stint.model.hypervisor.hypercall.Property;
import dev.stint.model.hypervisor.hypercall.PropertyCall.GetPartitionProperty;
import dev.stint.model.hypervisor.hypercall.PropertyCall.SetPartitionProperty;
import dev.stint.model.hypervisor.hypercall.StatsCall;
import dev.stint.model.hypervisor.hypercall.StatsCall.MapStatsPage2;
import dev.stint.model.hypervisor.hypercall.StatsCall.StatsObject;
import dev.stint.model.hypervisor.hypercall.VpCall.AssertVirtualInterrupt;
import dev.stint.model.hypervisor.hypercall.VpCall.CreateVp;
import dev.stint.model.hypervisor.hypercall.VpCall.DeleteVp;
import dev.stint.model.hypervisor.hypercall.VpCall.DispatchVp;
import dev.stint.model.hypervisor.hypercall.VpCall.GetVpRegisters;
import dev.stint.model.hypervisor.hypercall.VpCall.NotifyLongSpinWait;
import dev.stint.model.hypervisor.hypercall.VpCall.SetVpRegisters;
import dev.stint.model.hypervisor.hypercall.VpRegister;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.time.Time;
import org.junit.jupiter.api.Test;

/// Hypercalls one by one: who may, in which state, and what they change.
class HypercallTest {
  private static final int SUSPEND = VpRegister.EXPLICIT_SUSPEND.number();

  private final Rig rig =
      new Rig(Machine.flat(4, 1), HypervisorConfig.DEFAULT, SchedulerType.CORE_SMT);
  private final Partition l1vh =
      rig.partition(PartitionRequest.of("l1vh", Kind.L1VH, 2).withLps(CpuSet.of(0, 1)));
  private final Partition other = rig.partition(PartitionRequest.of("other", Kind.L1VH, 1));
  private final Partition guest = rig.partition(Rig.guest("guest", 1));

  /* A refused call changes nothing at all. */
  private void refused(Partition caller, HypercallRequest request, HypercallStatus status) {
    String before = rig.hypervisor.describe() + rig.hypervisor;
    assertThat(rig.hypervisor.hypercall(caller.partitionId(), request))
        .as("%s by %s", request, caller)
        .isEqualTo(new Failure(status));
    assertThat(rig.hypervisor.describe() + rig.hypervisor).isEqualTo(before);
  }

  private long done(Partition caller, HypercallRequest request) {
    return switch (rig.hypervisor.hypercall(caller.partitionId(), request)) {
      case Success(long value) -> value;
      case HypercallResult.Failure(HypercallStatus status) ->
          throw new AssertionError(request + ": " + status);
    };
  }

  private long newChild() {
    done(l1vh, new DepositMemory(Property.SELF, 1));
    return done(l1vh, new CreatePartition(1));
  }

  private long initialized() {
    long child = newChild();
    done(l1vh, new DepositMemory(child, 208));
    done(l1vh, new InitializePartition(child));
    return child;
  }

  private long running() {
    long child = initialized();
    done(l1vh, new DepositMemory(child, 90));
    done(l1vh, new CreateVp(child, 0));
    done(l1vh, new SetVpRegisters(child, 0, SUSPEND, 0));
    return child;
  }

  @Test
  void lifeCycle_everyStateAllowsItsCallsOnly() {
    refused(l1vh, new CreatePartition(1), HypercallStatus.INSUFFICIENT_MEMORY);
    long child = newChild();
    refused(l1vh, new InitializePartition(child), HypercallStatus.INSUFFICIENT_MEMORY);
    refused(l1vh, new CreateVp(child, 0), HypercallStatus.INVALID_PARTITION_STATE);
    refused(l1vh, new DeletePartition(child), HypercallStatus.INVALID_PARTITION_STATE);
    refused(l1vh, weight(child, 200), HypercallStatus.INVALID_PARTITION_STATE);
    done(l1vh, new DepositMemory(child, 208 + 89));
    done(l1vh, new InitializePartition(child));
    refused(l1vh, new InitializePartition(child), HypercallStatus.INVALID_PARTITION_STATE);
    refused(l1vh, new CreateVp(child, 0), HypercallStatus.INSUFFICIENT_MEMORY);
    refused(l1vh, new SetVpRegisters(child, 0, SUSPEND, 0), HypercallStatus.INVALID_VP_INDEX);
    done(l1vh, new DepositMemory(child, 91));
    done(l1vh, new CreateVp(child, 0));
    done(l1vh, new CreateVp(child, 1));
    refused(l1vh, new CreateVp(child, 1), HypercallStatus.INVALID_VP_INDEX);
    refused(l1vh, new DeleteVp(child, 0), HypercallStatus.INVALID_VP_INDEX);
    done(l1vh, new DeleteVp(child, 1));
    done(l1vh, weight(child, 200));
    done(l1vh, new SetVpRegisters(child, 0, SUSPEND, 0));
    refused(l1vh, weight(child, 300), HypercallStatus.INVALID_PARTITION_STATE);
    refused(l1vh, new DeleteVp(child, 0), HypercallStatus.INVALID_PARTITION_STATE);
    refused(l1vh, new DeletePartition(child), HypercallStatus.INVALID_PARTITION_STATE);
    done(l1vh, new FinalizePartition(child));
    refused(l1vh, new FinalizePartition(child), HypercallStatus.INVALID_PARTITION_STATE);
    refused(l1vh, new DepositMemory(child, 1), HypercallStatus.INVALID_PARTITION_STATE);
    refused(
        l1vh, new SetVpRegisters(child, 0, SUSPEND, 0), HypercallStatus.INVALID_PARTITION_STATE);
    assertThat(done(l1vh, new WithdrawMemory(child, Long.MAX_VALUE))).isEqualTo(208 + 180);
    done(l1vh, new DeletePartition(child));
    refused(l1vh, new FinalizePartition(child), HypercallStatus.INVALID_PARTITION_ID);
  }

  private static SetPartitionProperty weight(long child, long weight) {
    return new SetPartitionProperty(child, Property.CPU_WEIGHT, weight);
  }

  @Test
  void pages_returnAtDeletion() {
    String before = rig.hypervisor.describe(l1vh.partitionId());
    long child = running();
    done(l1vh, new MapGpaPages(child, 1000));
    assertThat(rig.hypervisor.describe(l1vh.partitionId())).isNotEqualTo(before);
    done(l1vh, new FinalizePartition(child));
    done(l1vh, new DeletePartition(child));
    assertThat(done(l1vh, new WithdrawMemory(Property.SELF, 10))).isEqualTo(1);
    assertThat(rig.hypervisor.describe(l1vh.partitionId()).replace("born 1", "born 0"))
        .isEqualTo(before);
    rig.hypervisor.checkInvariants(0);
    refused(l1vh, new DepositMemory(Property.SELF, 1L << 40), HypercallStatus.INVALID_PARAMETER);
    refused(l1vh, new DepositMemory(Property.SELF, -1), HypercallStatus.INVALID_PARAMETER);
  }

  @Test
  void vp_runsWhileItIsLetGoAndInterrupted() {
    rig.hogs("AB", other);
    long child = running();
    done(l1vh, new AssertVirtualInterrupt(child, 0, 32));
    rig.run(100 * Time.MS);
    GetVpRegisters runtime = new GetVpRegisters(child, 0, VpRegister.VP_RUNTIME.number());
    assertThat(done(l1vh, runtime)).isEqualTo(1_000_000);
    done(l1vh, new SetVpRegisters(child, 0, SUSPEND, 1));
    rig.run(200 * Time.MS);
    assertThat(done(l1vh, runtime)).isEqualTo(1_000_000);
    done(l1vh, new SetVpRegisters(child, 0, SUSPEND, 0));
    rig.run(300 * Time.MS);
    assertThat(done(l1vh, runtime)).isEqualTo(2_000_000);
    done(l1vh, new FinalizePartition(child));
    refused(l1vh, new DeletePartition(child), HypercallStatus.INVALID_PARTITION_STATE);
    rig.run(301 * Time.MS);
    done(l1vh, new DeletePartition(child));
    rig.run(400 * Time.MS);
  }

  @Test
  void strangers_areAsAbsentAsWhatDoesNotExist() {
    long child = running();
    for (long stranger : new long[] {child, l1vh.partitionId(), guest.partitionId(), 99, 0, 1}) {
      HypercallStatus absent = HypercallStatus.INVALID_PARTITION_ID;
      refused(other, new GetPartitionProperty(stranger, Property.CPU_WEIGHT), absent);
      refused(other, weight(stranger, 1), absent);
      refused(other, new FinalizePartition(stranger), absent);
      refused(other, new DepositMemory(stranger, 1), absent);
      refused(other, new GetMemoryBalance(stranger), absent);
      refused(other, new SetVpRegisters(stranger, 0, SUSPEND, 1), absent);
      refused(other, new AssertVirtualInterrupt(stranger, 0, 32), absent);
      refused(other, new GetNextChildPartition(stranger, 0), absent);
    }
  }

  @Test
  void guest_mayOnlySayThatItSpins() {
    HypercallStatus denied = HypercallStatus.ACCESS_DENIED;
    done(guest, new NotifyLongSpinWait(0, 4095));
    refused(guest, new NotifyLongSpinWait(1, 4095), HypercallStatus.INVALID_VP_INDEX);
    refused(guest, new GetPartitionId(), denied);
    refused(guest, new CreatePartition(1), denied);
    refused(guest, new GetPartitionProperty(Property.SELF, Property.CPU_WEIGHT), denied);
    refused(guest, weight(Property.SELF, 10_000), denied);
    refused(guest, new DepositMemory(Property.SELF, 1), denied);
    refused(guest, new SetVpRegisters(Property.SELF, 0, SUSPEND, 1), denied);
    refused(guest, new GetVpRegisters(Property.SELF, 0, SUSPEND), denied);
    refused(guest, new CreateCpuGroup(CpuSet.of(0), 1), denied);
    refused(guest, new MapStatsPage2(StatsObject.VP.number(), Property.SELF, 0, 0), denied);
  }

  @Test
  void privileges_nobodyGivesWhatItHasNot() {
    long child = newChild();
    int flags = Property.PRIVILEGE_FLAGS;
    for (Privileges excessive :
        new Privileges[] {
          Privileges.ROOT, Privileges.L1VH, Privileges.GUEST.with(Privilege.ISOLATION)
        }) {
      refused(
          l1vh,
          new SetPartitionProperty(child, flags, excessive.mask()),
          HypercallStatus.ACCESS_DENIED);
    }
    refused(
        rig.hypervisor.partitions().getFirst(),
        new SetPartitionProperty(Property.SELF, flags, -1),
        HypercallStatus.INVALID_PARTITION_ID);
    Privileges more = Privileges.GUEST.with(Privilege.ACCESS_PARTITION_ID);
    done(l1vh, new SetPartitionProperty(child, flags, more.mask()));
    assertThat(done(l1vh, new GetPartitionProperty(child, flags))).isEqualTo(more.mask());
  }

  @Test
  void reserve_isTheRootPartitionsToGive() {
    long child = initialized();
    SetPartitionProperty reserve =
        new SetPartitionProperty(child, Property.CPU_RESERVE, Controls.ONE_LP);
    refused(l1vh, reserve, HypercallStatus.ACCESS_DENIED);
    assertThat(rig.hypervisor.hypercall(Hypervisor.ROOT_PARTITION_ID, reserve))
        .isEqualTo(new Success(0));
    refused(
        l1vh,
        new SetPartitionProperty(child, Property.CPU_CAP, 1),
        HypercallStatus.PROPERTY_VALUE_OUT_OF_RANGE);
  }

  @Test
  void cpuGroup_isWithinItsOwnersLpsAndDeletedOnlyWhenEmpty() {
    refused(l1vh, new CreateCpuGroup(CpuSet.of(1, 2), 100), HypercallStatus.ACCESS_DENIED);
    refused(l1vh, new CreateCpuGroup(CpuSet.of(4), 100), HypercallStatus.INVALID_LP_INDEX);
    refused(l1vh, new CreateCpuGroup(CpuSet.EMPTY, 100), HypercallStatus.INVALID_PARAMETER);
    refused(l1vh, new CreateCpuGroup(CpuSet.of(1), 65_537), HypercallStatus.INVALID_PARAMETER);
    long group = done(l1vh, new CreateCpuGroup(CpuSet.of(1), 32_768));
    refused(other, new SetCpuGroupCap(group, 1), HypercallStatus.INVALID_CPU_GROUP_ID);
    done(l1vh, new SetCpuGroupCap(group, 65_536));
    long child = initialized();
    SetPartitionProperty join = new SetPartitionProperty(child, Property.CPU_GROUP_ID, group);
    done(l1vh, join);
    refused(l1vh, new DeleteCpuGroup(group), HypercallStatus.INVALID_CPU_GROUP_STATE);
    assertThat(HypercallStatus.INVALID_CPU_GROUP_STATE.code()).isEqualTo(0xC0350070 & 0xFF);
    done(l1vh, new SetPartitionProperty(child, Property.CPU_GROUP_ID, 0));
    done(l1vh, new DeleteCpuGroup(group));
    refused(l1vh, join, HypercallStatus.INVALID_CPU_GROUP_ID);
  }

  @Test
  void cpuGroups_areLimitedInNumber() {
    CreateCpuGroup create = new CreateCpuGroup(CpuSet.of(1), 1);
    for (int i = 0; i < 1024; i++) {
      done(l1vh, create);
    }
    refused(l1vh, create, HypercallStatus.NO_RESOURCES);
    done(l1vh, new DeleteCpuGroup(1));
    done(l1vh, create);
  }

  @Test
  void mappedPages_comeBackOnceAndNoMore() {
    long child = initialized();
    String before = rig.hypervisor.describe();
    refused(l1vh, new UnmapGpaPages(child, 1), HypercallStatus.INVALID_PARAMETER);
    done(l1vh, new MapGpaPages(child, 10));
    refused(l1vh, new UnmapGpaPages(child, 11), HypercallStatus.INVALID_PARAMETER);
    refused(l1vh, new UnmapGpaPages(child, 0), HypercallStatus.INVALID_PARAMETER);
    refused(other, new UnmapGpaPages(child, 10), HypercallStatus.INVALID_PARTITION_ID);
    refused(guest, new UnmapGpaPages(child, 10), HypercallStatus.ACCESS_DENIED);
    done(l1vh, new UnmapGpaPages(child, 10));
    assertThat(rig.hypervisor.describe()).isEqualTo(before);
  }

  @Test
  void vp_withNoPlaceInTheScheduler_isNotLetGo() {
    long child = initialized();
    SetPartitionProperty reserve =
        new SetPartitionProperty(child, Property.CPU_RESERVE, Controls.ONE_LP);
    assertThat(rig.hypervisor.hypercall(Hypervisor.ROOT_PARTITION_ID, reserve))
        .isEqualTo(new Success(0));
    done(l1vh, new DepositMemory(child, 5 * 90));
    for (int vp = 0; vp < 5; vp++) {
      done(l1vh, new CreateVp(child, vp));
    }
    refused(l1vh, new SetVpRegisters(child, 0, SUSPEND, 0), HypercallStatus.NO_RESOURCES);
  }

  @Test
  void children_areEnumeratedByTheirParentOnly() {
    long first = newChild();
    long second = newChild();
    assertThat(done(l1vh, new GetNextChildPartition(Property.SELF, 0))).isEqualTo(first);
    assertThat(done(l1vh, new GetNextChildPartition(l1vh.partitionId(), first))).isEqualTo(second);
    assertThat(done(l1vh, new GetNextChildPartition(Property.SELF, second))).isZero();
    assertThat(done(other, new GetNextChildPartition(Property.SELF, 0))).isZero();
    refused(
        other,
        new GetNextChildPartition(Property.SELF, first),
        HypercallStatus.INVALID_PARTITION_ID);
  }

  @Test
  void identities_tellNothingOfOthers() {
    Rig busy = new Rig(Machine.flat(4, 1), HypervisorConfig.DEFAULT, SchedulerType.CORE_SMT);
    Partition first = busy.partition(PartitionRequest.of("l1vh", Kind.L1VH, 2));
    Partition second = busy.partition(PartitionRequest.of("other", Kind.L1VH, 1));
    for (int i = 0; i < 5; i++) {
      busy.child(second, Rig.guest("other/vm" + i, 1));
    }
    long idBesideBusyOnes = busy.child(first, Rig.guest("l1vh/vm", 1)).partitionId();
    assertThat(newChild()).isEqualTo(idBesideBusyOnes);
  }

  @Test
  void statistics_areOnesOwnAndOnesChildrens() {
    long child = running();
    int vp = StatsObject.VP.number();
    assertThat(done(l1vh, new MapStatsPage2(vp, child, 0, StatsCall.AREA_PARENT))).isEqualTo(1);
    assertThat(done(l1vh, new MapStatsPage2(vp, Property.SELF, 0, StatsCall.AREA_PARENT)))
        .isEqualTo(StatsCall.AREA_SELF);
    HypercallStatus denied = HypercallStatus.ACCESS_DENIED;
    refused(l1vh, new MapStatsPage2(StatsObject.LP.number(), 0, 0, 0), denied);
    refused(l1vh, new MapStatsPage2(StatsObject.HYPERVISOR.number(), 0, 0, 0), denied);
    refused(l1vh, new MapStatsPage2(vp, child, 0, StatsCall.AREA_INTERNAL), denied);
    refused(l1vh, new MapStatsPage2(vp, child, 1, 0), HypercallStatus.INVALID_VP_INDEX);
    refused(l1vh, new MapStatsPage2(3, child, 0, 0), HypercallStatus.INVALID_PARAMETER);
    HypercallRequest lp = new MapStatsPage2(StatsObject.LP.number(), 0, 3, 1);
    assertThat(rig.hypervisor.hypercall(Hypervisor.ROOT_PARTITION_ID, lp))
        .isEqualTo(new Success(1));
  }

  @Test
  void dispatch_isTheParentsUnderTheIntegratedScheduler() {
    Partition integrated =
        rig.partition(PartitionRequest.of("int", Kind.L1VH, 1).withIntegratedScheduler());
    long vm = rig.child(integrated, Rig.guest("int/vm", 1)).partitionId();
    DispatchVp dispatch = new DispatchVp(vm, 0, 0, 0);
    refused(l1vh, dispatch, HypercallStatus.INVALID_PARTITION_ID);
    refused(guest, dispatch, HypercallStatus.ACCESS_DENIED);
    refused(l1vh, new DispatchVp(running(), 0, 0, 0), HypercallStatus.INVALID_VP_STATE);
    refused(integrated, new DispatchVp(vm, 1, 0, 0), HypercallStatus.INVALID_VP_INDEX);
    refused(integrated, new DispatchVp(vm, 0, 0x80, 0), HypercallStatus.INVALID_PARAMETER);
    assertThat(outcome(integrated, dispatch)).isEqualTo(DispatchReturn.BLOCKED_SUSPEND);
    done(integrated, new SetVpRegisters(vm, 0, SUSPEND, 0));
    assertThat(outcome(integrated, dispatch)).isEqualTo(DispatchReturn.BLOCKED_INTERNAL);
    done(integrated, new AssertVirtualInterrupt(vm, 0, 32));
    assertThat(outcome(integrated, dispatch)).isEqualTo(DispatchReturn.READY_PREEMPTED);
    int intercept = VpRegister.INTERCEPT_SUSPEND.number();
    done(integrated, new SetVpRegisters(vm, 0, intercept, 1));
    assertThat(outcome(integrated, dispatch)).isEqualTo(DispatchReturn.READY_INTERCEPT);
    DispatchVp handled = new DispatchVp(vm, 0, DispatchFlags.CLEAR_INTERCEPT_SUSPEND, 0);
    assertThat(outcome(integrated, handled)).isEqualTo(DispatchReturn.READY_PREEMPTED);
    assertThat(done(integrated, new GetVpRegisters(vm, 0, intercept))).isZero();
    int end = VpRegister.DISPATCH_SUSPEND.number();
    done(integrated, new SetVpRegisters(vm, 0, end, 1));
    refused(integrated, new SetVpRegisters(vm, 0, end, 0), HypercallStatus.INVALID_REGISTER_VALUE);
    refused(integrated, dispatch, HypercallStatus.INVALID_VP_STATE);
    int signals = VpRegister.VP_ROOT_SIGNAL_COUNT.number();
    assertThat(done(integrated, new GetVpRegisters(vm, 0, signals))).isZero();
    refused(integrated, new SetVpRegisters(vm, 0, signals, 1), HypercallStatus.ACCESS_DENIED);
  }

  private DispatchReturn outcome(Partition caller, DispatchVp dispatch) {
    DispatchOutcome outcome = DispatchOutcome.unpack(done(caller, dispatch));
    for (DispatchReturn why : DispatchReturn.values()) {
      if (why.state().value() == outcome.state() && why.event().value() == outcome.event()) {
        return why;
      }
    }
    throw new AssertionError(outcome.toString());
  }
}
