package dev.stint.model.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.hypervisor.Partition.Kind;
import dev.stint.model.hypervisor.Partition.Scheduling;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallResult.Failure;
import dev.stint.model.hypervisor.hypercall.HypercallResult.Success;
import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.hypervisor.hypercall.Property;
import dev.stint.model.hypervisor.hypercall.PropertyCall.GetPartitionPropertyEx;
import dev.stint.model.hypervisor.hypercall.PropertyCall.GetSystemProperty;
import dev.stint.model.hypervisor.hypercall.PropertyCall.SetPartitionPropertyEx;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.time.Time;
import dev.stint.model.trace.EntityKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class HypervisorTest {
  private static PartitionRequest l1vh(int vps) {
    return PartitionRequest.of("l1vh", Kind.L1VH, vps);
  }

  private static Rig rig(SchedulerType type) {
    return new Rig(Machine.flat(4, 1), HypervisorConfig.DEFAULT, type);
  }

  private static void assertRefused(Rig rig, PartitionResult result, HypercallStatus status) {
    assertThat(result)
        .isInstanceOfSatisfying(
            PartitionResult.Refused.class,
            refused -> assertThat(refused.status()).isEqualTo(status));
  }

  @Test
  void entities_haveTheContractsPaths() {
    Rig rig = rig(SchedulerType.CORE_SMT);
    Partition parent = rig.partition(l1vh(2));
    rig.child(parent, Rig.guest("l1vh/vm-gold", 1).withControls(new Controls(100, 0x8000, 0)));
    assertThat(rig.entities.all().stream().map(e -> e.kind() + " " + e.path()))
        .containsExactly(
            "LP lp0",
            "LP lp1",
            "LP lp2",
            "LP lp3",
            "PARTITION l1vh",
            "VP l1vh/vp0",
            "VP l1vh/vp1",
            "PARTITION l1vh/vm-gold",
            "VP l1vh/vm-gold/vp0",
            "RULE cap:l1vh/vm-gold/vp0");
    assertThat(rig.entities.get(rig.entities.find("l1vh/vm-gold")).parent()).isEqualTo(parent.id());
    assertThat(rig.entities.get(parent.vp(1).id()).kind()).isEqualTo(EntityKind.VP);
  }

  @Test
  void create_byWhoMayNot_isRefusedAndChangesNothing() {
    Rig rig = rig(SchedulerType.CORE_SMT);
    Partition host = rig.partition(l1vh(2).withLps(CpuSet.of(0, 1)));
    Partition guest = rig.child(host, Rig.guest("l1vh/a", 1));
    int entities = rig.entities.count();
    Hypervisor hypervisor = rig.hypervisor;
    assertRefused(
        rig,
        hypervisor.createPartition(guest, Rig.guest("l1vh/a/b", 1)),
        HypercallStatus.ACCESS_DENIED);
    assertRefused(
        rig,
        hypervisor.createPartition(host, PartitionRequest.of("l1vh/x", Kind.L1VH, 1)),
        HypercallStatus.ACCESS_DENIED);
    assertRefused(
        rig,
        hypervisor.createPartition(host, Rig.guest("l1vh/b", 1).withLps(CpuSet.of(1, 2))),
        HypercallStatus.ACCESS_DENIED);
    assertRefused(
        rig,
        hypervisor.createPartition(Rig.guest("c", 1).withLps(CpuSet.of(4))),
        HypercallStatus.ACCESS_DENIED);
    assertRefused(
        rig, hypervisor.createPartition(Rig.guest("c", 0)), HypercallStatus.INVALID_PARAMETER);
    assertRefused(rig, hypervisor.createPartition(l1vh(1)), HypercallStatus.INVALID_PARAMETER);
    Partition foreign = rig(SchedulerType.CORE_SMT).partition(l1vh(1));
    assertRefused(
        rig,
        hypervisor.createPartition(foreign, Rig.guest("c", 1)),
        HypercallStatus.INVALID_PARTITION_ID);
    assertThat(rig.entities.count()).isEqualTo(entities);
    assertThat(hypervisor.partitions()).containsExactly(host, guest);
    assertThat(host.children()).containsExactly(guest);
  }

  @Test
  void reserves_beyondTheMachine_areRefused() {
    Rig rig = Rig.classic(2);
    PartitionRequest half = Rig.guest("a", 3).withControls(new Controls(100, 0x10000, 0x8000));
    rig.partition(half);
    PartitionRequest more = Rig.guest("b", 2).withControls(new Controls(100, 0x10000, 0x8000));
    assertRefused(rig, rig.hypervisor.createPartition(more), HypercallStatus.INVALID_PARAMETER);
    rig.partition(Rig.guest("c", 1).withControls(new Controls(100, 0x10000, 0x8000)));
  }

  @Test
  void child_ofAnL1vh_inheritsItsLps() {
    Rig rig = rig(SchedulerType.CORE_SMT);
    Partition host = rig.partition(l1vh(2).withLps(CpuSet.of(1, 3)));
    assertThat(rig.child(host, Rig.guest("l1vh/a", 1)).lps()).isEqualTo(CpuSet.of(1, 3));
  }

  @Test
  void scheduling_followsTheParentsScheduler() {
    Rig core = rig(SchedulerType.CORE_SMT);
    Partition plain = core.partition(l1vh(1));
    Partition integrated =
        core.partition(PartitionRequest.of("l1vh2", Kind.L1VH, 1).withIntegratedScheduler());
    assertThat(plain.scheduling()).isEqualTo(Scheduling.HYPERVISOR);
    assertThat(integrated.scheduling()).isEqualTo(Scheduling.HYPERVISOR);
    assertThat(core.child(plain, Rig.guest("l1vh/a", 1)).vp(0).dispatched()).isFalse();
    assertThat(core.child(integrated, Rig.guest("l1vh2/a", 1)).vp(0).dispatched()).isTrue();

    Rig root = rig(SchedulerType.ROOT);
    Partition parent = root.partition(PartitionRequest.of("root", Kind.ROOT, 4));
    assertThat(parent.scheduling()).isEqualTo(Scheduling.FIXED);
    assertThat(root.child(parent, Rig.guest("a", 1)).vp(0).dispatched()).isTrue();
    assertRefused(
        root, root.hypervisor.createPartition(Rig.guest("b", 1)), HypercallStatus.ACCESS_DENIED);
    assertRefused(
        root,
        root.hypervisor.createPartition(PartitionRequest.of("root2", Kind.ROOT, 4)),
        HypercallStatus.INVALID_PARTITION_STATE);
  }

  @Test
  void root_vps_idleOnTheirOwnLpsAndNeverWait() {
    Rig rig = new Rig(Machine.flat(2, 1), HypervisorConfig.DEFAULT, SchedulerType.ROOT);
    Partition root = rig.partition(PartitionRequest.of("root", Kind.ROOT, 2));
    rig.guest('A', root.vp(0), 3 * Time.MS, 4 * Time.MS).startAt(0);
    rig.guest('B', root.vp(1), Time.MS, Guest.FOREVER);
    rig.run(10 * Time.MS);
    assertThat(rig.told())
        .containsExactly(
            "0ns READY root/vp0 lp0",
            "0ns SWITCH lp0 idle root/vp0 3",
            "3ms SWITCH lp0 root/vp0 idle 1",
            "7ms READY root/vp0 lp0",
            "7ms SWITCH lp0 idle root/vp0 3",
            "10ms SWITCH lp0 root/vp0 idle 1");
    assertThat(root.vp(0).processor().backed()).isTrue();
    assertThat(root.vp(1).processor().backed()).isTrue();
  }

  @Test
  void pinnedL1vh_everyVpStaysOnItsLp() {
    HypervisorConfig pinned =
        new HypervisorConfig(
            Rig.SLICE, 100 * Time.MS, Rotation.ROUND_ROBIN, false, FamilyShare.FAMILY, true);
    Rig rig = new Rig(Machine.flat(3, 1), pinned, SchedulerType.CORE_SMT);
    PartitionRequest request = l1vh(2).withLps(CpuSet.of(0, 2)).withIntegratedScheduler();
    rig.hogs("AB", request);
    rig.hogs("CDE", Rig.guest("n", 3));
    rig.run(2 * Time.SECOND);
    assertThat(rig.timeline(Rig.SLICE, 200, 200).lines())
        .allSatisfy(line -> assertThat(line).hasSize(206))
        .satisfiesExactly(
            lp0 -> assertThat(lp0).contains("A").doesNotContain("B"),
            lp1 -> assertThat(lp1).doesNotContain("A").doesNotContain("B"),
            lp2 -> assertThat(lp2).contains("B").doesNotContain("A"));
    PartitionRequest three = PartitionRequest.of("l2", Kind.L1VH, 4).withIntegratedScheduler();
    assertRefused(rig, rig.hypervisor.createPartition(three), HypercallStatus.INVALID_PARAMETER);
  }

  @Test
  void schedulerType_isForTheRootPartitionOnly() {
    Rig rig = rig(SchedulerType.CORE_SMT);
    Partition host = rig.partition(l1vh(1));
    GetSystemProperty get = new GetSystemProperty(Property.SCHEDULER_TYPE);
    assertThat(rig.hypervisor.hypercall(Hypervisor.ROOT_PARTITION_ID, get))
        .isEqualTo(new Success(3));
    assertThat(rig.hypervisor.hypercall(host.partitionId(), get))
        .isEqualTo(new Failure(HypercallStatus.ACCESS_DENIED));
    assertThat(rig.hypervisor.hypercall(Hypervisor.ROOT_PARTITION_ID, new GetSystemProperty(16)))
        .isEqualTo(new Failure(HypercallStatus.UNKNOWN_PROPERTY));
  }

  @Test
  void properties_areReadByTheirOwnersOnly() {
    Rig rig = rig(SchedulerType.CORE_SMT);
    Partition a = rig.partition(l1vh(1).withIntegratedScheduler());
    Partition b = rig.partition(PartitionRequest.of("b", Kind.L1VH, 1).withVmm(5, false));
    Partition child = rig.child(b, Rig.guest("b/c", 1).withVmm(9, false));
    assertThat(read(rig, a, Property.SELF, Property.VMM_CAPABILITIES)).isEqualTo(new Success(64));
    assertThat(read(rig, a, Property.SELF, Property.INTEGRATED_SCHEDULER_ENABLED))
        .isEqualTo(new Success(1));
    assertThat(read(rig, b, Property.SELF, Property.INTEGRATED_SCHEDULER_ENABLED))
        .isEqualTo(new Failure(HypercallStatus.UNKNOWN_PROPERTY));
    assertThat(read(rig, b, child.partitionId(), Property.VMM_CAPABILITIES))
        .isEqualTo(new Success(9));
    assertThat(read(rig, a, child.partitionId(), Property.VMM_CAPABILITIES))
        .isEqualTo(new Failure(HypercallStatus.INVALID_PARTITION_ID));
    assertThat(read(rig, child, b.partitionId(), Property.VMM_CAPABILITIES))
        .isEqualTo(new Failure(HypercallStatus.ACCESS_DENIED));
    assertThat(read(rig, a, 77, Property.VMM_CAPABILITIES))
        .isEqualTo(new Failure(HypercallStatus.INVALID_PARTITION_ID));
    assertThat(read(rig, a, Property.SELF, 0x12345678))
        .isEqualTo(new Failure(HypercallStatus.UNKNOWN_PROPERTY));
  }

  private static HypercallResult read(Rig rig, Partition caller, long whose, int property) {
    return rig.hypervisor.hypercall(
        caller.partitionId(), new GetPartitionPropertyEx(whose, property));
  }

  @Test
  void integratedScheduler_isSwitchedByTheRootPartitionBeforeThereAreChildren() {
    Rig rig = rig(SchedulerType.CORE_SMT);
    Partition host = rig.partition(l1vh(1).withVmm(64, false));
    Partition incapable = rig.partition(PartitionRequest.of("old", Kind.L1VH, 1));
    long root = Hypervisor.ROOT_PARTITION_ID;
    assertThat(set(rig, host.partitionId(), host)).isEqualTo(denied());
    assertThat(host.integrated()).isFalse();
    assertThat(set(rig, root, incapable)).isEqualTo(new Failure(HypercallStatus.UNKNOWN_PROPERTY));
    assertThat(set(rig, root, host)).isEqualTo(new Success(0));
    assertThat(host.integrated()).isTrue();
    Partition child = rig.child(host, Rig.guest("l1vh/a", 1));
    assertThat(child.vp(0).dispatched()).isTrue();
    assertThat(set(rig, root, host))
        .isEqualTo(new Failure(HypercallStatus.INVALID_PARTITION_STATE));
  }

  private static Failure denied() {
    return new Failure(HypercallStatus.ACCESS_DENIED);
  }

  private static HypercallResult set(Rig rig, long caller, Partition whose) {
    return rig.hypervisor.hypercall(
        caller,
        new SetPartitionPropertyEx(whose.partitionId(), Property.INTEGRATED_SCHEDULER_ENABLED, 1));
  }

  @Test
  void toString_printsTheTree() {
    Rig rig = Rig.classic(1);
    List<Guest> guests = rig.hogs("AB", Rig.guest("vm", 2));
    rig.run(15 * Time.MS);
    assertThat(guests).hasSize(2);
    assertThat(rig.hypervisor)
        .hasToString(
            """
            hypervisor, classic scheduler with SMT
            slot 0: vm vp1 v=0 level=0
              waits for slot 0: vm vp0 v=10000000
            """);
  }
}
