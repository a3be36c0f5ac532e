package dev.stint.model.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.hypervisor.Partition.Kind;
import dev.stint.model.hypervisor.hypercall.CpuGroupCall.CreateCpuGroup;
import dev.stint.model.hypervisor.hypercall.HypercallRequest;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallResult.Failure;
import dev.stint.model.hypervisor.hypercall.HypercallResult.Success;
import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.hypervisor.hypercall.MemoryCall.DepositMemory;
import dev.stint.model.hypervisor.hypercall.MemoryCall.GetMemoryBalance;
import dev.stint.model.hypervisor.hypercall.MemoryCall.WithdrawMemory;
import dev.stint.model.hypervisor.hypercall.PartitionCall.CreatePartition;
import dev.stint.model.hypervisor.hypercall.PartitionCall.DeletePartition;
import dev.stint.model.hypervisor.hypercall.PartitionCall.FinalizePartition;
import dev.stint.model.hypervisor.hypercall.PartitionCall.InitializePartition;
import dev.stint.model.hypervisor.hypercall.Property;
import dev.stint.model.hypervisor.hypercall.PropertyCall.SetPartitionProperty;
import dev.stint.model.hypervisor.hypercall.VpCall.CreateVp;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import org.junit.jupiter.api.Test;

/// What an L1VH was given is all that it and its children ever have: LPs as a set, VPs through the
/// pages that each needs.
class L1vhQuotaTest {
  private static final long PAGES_PER_CHILD = MemoryCosts.CREATE_PAGES + 208;
  private static final int VP_PAGES = 90;

  private final Rig rig =
      new Rig(Machine.flat(4, 1), HypervisorConfig.DEFAULT, SchedulerType.CORE_SMT);
  private final Partition l1vh =
      rig.partition(PartitionRequest.of("l1vh", Kind.L1VH, 2).withLps(CpuSet.of(0, 1)));
  private final Partition other = rig.partition(PartitionRequest.of("other", Kind.L1VH, 1));

  private HypercallResult call(HypercallRequest request) {
    return rig.hypervisor.hypercall(l1vh.partitionId(), request);
  }

  private long done(HypercallRequest request) {
    return switch (call(request)) {
      case Success(long value) -> value;
      case HypercallResult.Failure(HypercallStatus status) ->
          throw new AssertionError(request + ": " + status);
    };
  }

  private void refused(HypercallRequest request, HypercallStatus status) {
    assertThat(call(request)).as("%s", request).isEqualTo(new Failure(status));
  }

  private long newChild() {
    done(new DepositMemory(Property.SELF, MemoryCosts.CREATE_PAGES));
    long child = done(new CreatePartition(1));
    done(new DepositMemory(child, 208));
    done(new InitializePartition(child));
    return child;
  }

  private CpuSet lpsOf(long partitionId) {
    return rig.hypervisor.partitions().stream()
        .filter(p -> p.partitionId() == partitionId)
        .findFirst()
        .orElseThrow()
        .lps();
  }

  @Test
  void l1vh_handsAChildNoLpThatItHasNot() {
    long child = newChild();
    assertThat(lpsOf(child)).isEqualTo(CpuSet.of(0, 1));
    refused(new CreateCpuGroup(CpuSet.of(1, 2), 1), HypercallStatus.ACCESS_DENIED);
    refused(new CreateCpuGroup(CpuSet.range(0, 4), 1), HypercallStatus.ACCESS_DENIED);
    long group = done(new CreateCpuGroup(CpuSet.of(1), Controls.ONE_LP));
    done(new SetPartitionProperty(child, Property.CPU_GROUP_ID, group));
    assertThat(lpsOf(child)).isEqualTo(CpuSet.of(1));
    done(new SetPartitionProperty(child, Property.CPU_GROUP_ID, 0));
    assertThat(lpsOf(child)).isEqualTo(CpuSet.of(0, 1));
  }

  @Test
  void l1vh_makesAsManyVpsAsItsPagesPayFor_thenNone() {
    String others = rig.hypervisor.describe(other.partitionId());
    long left = MemoryCosts.L1VH_PAGES;
    long vps = 0;
    long lastChild = 0;
    while (left >= PAGES_PER_CHILD + VP_PAGES) {
      lastChild = newChild();
      left -= PAGES_PER_CHILD;
      int most = (int) Math.min(VpCalls.MAX_VPS, left / VP_PAGES);
      done(new DepositMemory(lastChild, (long) most * VP_PAGES));
      left -= (long) most * VP_PAGES;
      for (int i = 0; i < most; i++) {
        done(new CreateVp(lastChild, i));
        vps++;
      }
      HypercallStatus end =
          most == VpCalls.MAX_VPS
              ? HypercallStatus.INVALID_VP_INDEX
              : HypercallStatus.INSUFFICIENT_MEMORY;
      refused(new CreateVp(lastChild, most), end);
    }
    assertThat(vps).isEqualTo(11_636).isLessThanOrEqualTo(MemoryCosts.L1VH_PAGES / VP_PAGES);
    refused(new DepositMemory(lastChild, left + 1), HypercallStatus.INVALID_PARAMETER);
    refused(new DepositMemory(other.partitionId(), 1), HypercallStatus.INVALID_PARTITION_ID);
    refused(new GetMemoryBalance(other.partitionId()), HypercallStatus.INVALID_PARTITION_ID);
    assertThat(rig.hypervisor.describe(other.partitionId())).isEqualTo(others);
    rig.hypervisor.checkInvariants(0);
  }

  @Test
  void deletedChild_returnsWhatItHad() {
    for (int round = 0; round < 3; round++) {
      long child = newChild();
      done(new DepositMemory(child, MemoryCosts.L1VH_PAGES - PAGES_PER_CHILD));
      refused(new DepositMemory(Property.SELF, 1), HypercallStatus.INVALID_PARAMETER);
      refused(new CreatePartition(1), HypercallStatus.INSUFFICIENT_MEMORY);
      done(new FinalizePartition(child));
      done(new DeletePartition(child));
      assertThat(done(new WithdrawMemory(Property.SELF, 2))).isEqualTo(MemoryCosts.CREATE_PAGES);
    }
  }
}
