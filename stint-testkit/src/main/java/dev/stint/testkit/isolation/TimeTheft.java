package dev.stint.testkit.isolation;

import dev.stint.model.hypervisor.FamilyShare;
import dev.stint.model.hypervisor.Hypervisor;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.hypervisor.Partition;
import dev.stint.model.hypervisor.Partition.Kind;
import dev.stint.model.hypervisor.PartitionRequest;
import dev.stint.model.hypervisor.Rotation;
import dev.stint.model.hypervisor.SchedulerType;
import dev.stint.model.hypervisor.hypercall.HypercallRequest;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallResult.Success;
import dev.stint.model.hypervisor.hypercall.MemoryCall.DepositMemory;
import dev.stint.model.hypervisor.hypercall.PartitionCall.CreatePartition;
import dev.stint.model.hypervisor.hypercall.PartitionCall.DeletePartition;
import dev.stint.model.hypervisor.hypercall.PartitionCall.FinalizePartition;
import dev.stint.model.hypervisor.hypercall.PartitionCall.InitializePartition;
import dev.stint.model.hypervisor.hypercall.Property;
import dev.stint.model.hypervisor.hypercall.PropertyCall.SetPartitionProperty;
import dev.stint.model.hypervisor.hypercall.VpCall.AssertVirtualInterrupt;
import dev.stint.model.hypervisor.hypercall.VpCall.CreateVp;
import dev.stint.model.hypervisor.hypercall.VpCall.SetVpRegisters;
import dev.stint.model.machine.Machine;
import dev.stint.model.sim.RandomStream;
import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.TraceDigest;
import java.util.ArrayList;
import java.util.List;

/// A hostile L1VH beside a guest of the same weight, on a machine that both could fill. The L1VH
/// makes hypercalls at random instants to get more than half; this says what its neighbour got.
public final class TimeTheft {
  /// What the L1VH tries.
  public enum Attack {
    /// Nothing: it only computes.
    NONE,
    /// Any hypercall that comes to mind.
    RANDOM,
    /// A child computes for a while and is deleted; the next one starts without its debts.
    REBIRTH,
    /// A child computes for a while and is suspended; another starts without its debts.
    RELAY,
    /// Children of great weight stop and go.
    STOP_AND_GO
  }

  /// One time slice of the hypervisor.
  public static final long SLICE_NS = HypervisorConfig.DEFAULT.timeSliceNs();

  private static final int LPS = 2;
  private static final int MOST_CHILDREN = 6;
  private static final long MEAN_GAP_NS = 2_000_000;

  private final Simulation simulation;
  private final Hypervisor hypervisor;
  private final Partition hostile;
  private final Partition neighbour;
  private final OwnershipOracle oracle = new OwnershipOracle();
  private final HypercallDraw draw;
  private final RandomStream random;
  private final List<Long> children = new ArrayList<>();
  private final List<Long> dying = new ArrayList<>();
  private final Attack attack;
  private final int timer;

  /// Everybody computes from time 0, and the attack begins.
  public TimeTheft(
      long seed, SchedulerType type, Rotation rotation, FamilyShare share, Attack attack) {
    this.attack = attack;
    simulation = new Simulation(seed);
    HypervisorConfig standard = HypervisorConfig.DEFAULT;
    HypervisorConfig config =
        new HypervisorConfig(
            standard.timeSliceNs(), standard.windowNs(), rotation, false, share, false);
    Machine machine = type == SchedulerType.CORE_SMT ? Machine.flat(LPS, 2) : Machine.flat(LPS, 1);
    hypervisor =
        new Hypervisor(simulation, new Entities(), new TraceDigest(), machine, config, type);
    hostile =
        HostileWorld.made(
            hypervisor.createPartition(PartitionRequest.of("hostile", Kind.L1VH, LPS)));
    neighbour =
        HostileWorld.made(
            hypervisor.createPartition(PartitionRequest.of("neighbour", Kind.GUEST, LPS)));
    oracle.topLevel(hostile.partitionId(), hostile.privileges().mask(), hostile.lps());
    oracle.topLevel(neighbour.partitionId(), neighbour.privileges().mask(), neighbour.lps());
    draw = new HypercallDraw(simulation.random().stream("calls"));
    random = simulation.random().stream("instants");
    hostile.vps().forEach(vp -> vp.processor().interrupt(0));
    neighbour.vps().forEach(vp -> vp.processor().interrupt(0));
    timer = simulation.newTimer(TimerRank.HYPERVISOR, (nowNs, id) -> strike(nowNs));
    simulation.arm(timer, 1);
  }

  /// Runs until that time; says how much LP time the neighbour had by then.
  public long neighbourNs(long untilNs) {
    simulation.run(untilNs);
    hypervisor.checkInvariants(untilNs);
    return neighbour.vps().stream().mapToLong(vp -> vp.processor().ranNs(untilNs)).sum();
  }

  private void strike(long nowNs) {
    switch (attack) {
      case NONE -> {}
      case RANDOM -> anything();
      case REBIRTH -> rebirth();
      case RELAY -> relay();
      case STOP_AND_GO -> stopAndGo();
    }
    simulation.arm(timer, nowNs + 1 + random.nextExponentialNs(MEAN_GAP_NS));
  }

  private void anything() {
    for (int i = 0; i < 4; i++) {
      List<Long> mine = oracle.childrenOf(hostile.partitionId());
      List<Long> known = List.of(hostile.partitionId(), neighbour.partitionId());
      call(draw.next(hostile.partitionId(), mine, known));
    }
  }

  private void rebirth() {
    dying.removeIf(child -> call(new DeletePartition(child)) >= 0);
    if (children.size() >= MOST_CHILDREN) {
      long oldest = children.removeFirst();
      call(new FinalizePartition(oldest));
      dying.add(oldest);
    }
    newborn();
  }

  private void relay() {
    if (!children.isEmpty()) {
      call(new SetVpRegisters(children.getLast(), 0, 0, 1));
    }
    newborn();
  }

  private void stopAndGo() {
    if (children.size() < MOST_CHILDREN) {
      newborn();
    }
    long child = children.get((int) random.nextBelow(children.size()));
    call(new SetVpRegisters(child, 0, 0, random.nextBelow(2)));
  }

  private void newborn() {
    call(new DepositMemory(Property.SELF, 1));
    long child = call(new CreatePartition(1));
    if (child < 0) {
      return;
    }
    call(new DepositMemory(child, 298));
    call(new InitializePartition(child));
    long weight = random.nextBelow(2) == 0 ? 10_000 : 1 + random.nextBelow(300);
    call(new SetPartitionProperty(child, Property.CPU_WEIGHT, weight));
    call(new CreateVp(child, 0));
    call(new SetVpRegisters(child, 0, 0, 0));
    call(new AssertVirtualInterrupt(child, 0, 32));
    children.add(child);
  }

  private long call(HypercallRequest request) {
    HypercallResult result = hypervisor.hypercall(hostile.partitionId(), request);
    if (result instanceof Success(long output)) {
      oracle.follow(hostile.partitionId(), request, output);
      return output;
    }
    return -1;
  }
}
