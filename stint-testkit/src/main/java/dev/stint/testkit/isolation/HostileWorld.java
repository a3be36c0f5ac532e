package dev.stint.testkit.isolation;

import dev.stint.model.hypervisor.Hypervisor;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.hypervisor.Partition;
import dev.stint.model.hypervisor.Partition.Kind;
import dev.stint.model.hypervisor.PartitionRequest;
import dev.stint.model.hypervisor.PartitionResult;
import dev.stint.model.hypervisor.SchedulerType;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.sim.Simulation;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.TraceDigest;
import java.util.ArrayList;
import java.util.List;

/// A machine on which everybody is somebody's neighbour: two L1VHs with a child each, the second
/// with the integrated scheduler, and two guests beside them. Their VPs compute for ever once
/// [#startAll] interrupts them.
public final class HostileWorld {
  private static final int LPS = 4;

  final Simulation simulation;
  final Hypervisor hypervisor;
  final Partition l1vh;
  final Partition otherL1vh;
  final Partition child;
  final Partition otherChild;
  final Partition guest;
  final Partition sibling;
  final OwnershipOracle oracle = new OwnershipOracle();

  HostileWorld(long seed, SchedulerType type) {
    simulation = new Simulation(seed);
    Machine machine = Machine.flat(LPS, 1);
    hypervisor =
        new Hypervisor(
            simulation, new Entities(), new TraceDigest(), machine, HypervisorConfig.DEFAULT, type);
    l1vh =
        made(
            hypervisor.createPartition(
                PartitionRequest.of("a", Kind.L1VH, 2).withLps(CpuSet.of(0, 1, 2))));
    otherL1vh =
        made(
            hypervisor.createPartition(
                PartitionRequest.of("b", Kind.L1VH, 2).withIntegratedScheduler()));
    child = made(hypervisor.createPartition(l1vh, PartitionRequest.of("a/vm", Kind.GUEST, 2)));
    otherChild =
        made(hypervisor.createPartition(otherL1vh, PartitionRequest.of("b/vm", Kind.GUEST, 1)));
    guest = made(hypervisor.createPartition(PartitionRequest.of("g", Kind.GUEST, 1)));
    sibling = made(hypervisor.createPartition(PartitionRequest.of("h", Kind.GUEST, 1)));
    for (Partition top : List.of(l1vh, otherL1vh, guest, sibling)) {
      oracle.topLevel(top.partitionId(), top.privileges().mask(), top.lps());
    }
    oracle.child(l1vh.partitionId(), child.partitionId(), child.privileges().mask());
    oracle.child(otherL1vh.partitionId(), otherChild.partitionId(), otherChild.privileges().mask());
  }

  static Partition made(PartitionResult result) {
    return switch (result) {
      case PartitionResult.Created(Partition partition) -> partition;
      case PartitionResult.Refused refused -> throw new IllegalStateException(refused.toString());
    };
  }

  /// All VPs that the hypervisor schedules want to run from now.
  void startAll() {
    for (Partition partition : hypervisor.partitions()) {
      if (partition.scheduling() == Partition.Scheduling.HYPERVISOR) {
        partition.vps().forEach(vp -> vp.processor().interrupt(simulation.nowNs()));
      }
    }
  }

  /// The identities of those who are hostile from the start.
  List<Long> callers() {
    List<Long> callers = new ArrayList<>();
    for (Partition partition : List.of(l1vh, otherL1vh, child, otherChild, guest, sibling)) {
      callers.add(partition.partitionId());
    }
    return callers;
  }
}
