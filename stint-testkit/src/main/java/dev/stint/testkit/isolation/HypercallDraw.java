package dev.stint.testkit.isolation;

import dev.stint.model.hypervisor.hypercall.CpuGroupCall.CreateCpuGroup;
import dev.stint.model.hypervisor.hypercall.CpuGroupCall.DeleteCpuGroup;
import dev.stint.model.hypervisor.hypercall.CpuGroupCall.SetCpuGroupCap;
import dev.stint.model.hypervisor.hypercall.HypercallRequest;
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
import dev.stint.model.hypervisor.hypercall.PortCall.ConnectPort;
import dev.stint.model.hypervisor.hypercall.PortCall.CreatePort;
import dev.stint.model.hypervisor.hypercall.PortCall.DeletePort;
import dev.stint.model.hypervisor.hypercall.PortCall.DisconnectPort;
import dev.stint.model.hypervisor.hypercall.PortCall.PortInfo;
import dev.stint.model.hypervisor.hypercall.PortCall.PostMessage;
import dev.stint.model.hypervisor.hypercall.PortCall.SignalEvent;
import dev.stint.model.hypervisor.hypercall.Privileges;
import dev.stint.model.hypervisor.hypercall.Property;
import dev.stint.model.hypervisor.hypercall.PropertyCall.GetPartitionProperty;
import dev.stint.model.hypervisor.hypercall.PropertyCall.GetPartitionPropertyEx;
import dev.stint.model.hypervisor.hypercall.PropertyCall.GetSystemProperty;
import dev.stint.model.hypervisor.hypercall.PropertyCall.SetPartitionProperty;
import dev.stint.model.hypervisor.hypercall.PropertyCall.SetPartitionPropertyEx;
import dev.stint.model.hypervisor.hypercall.StatsCall.MapStatsPage2;
import dev.stint.model.hypervisor.hypercall.VpCall.AssertVirtualInterrupt;
import dev.stint.model.hypervisor.hypercall.VpCall.CreateVp;
import dev.stint.model.hypervisor.hypercall.VpCall.DeleteVp;
import dev.stint.model.hypervisor.hypercall.VpCall.DispatchVp;
import dev.stint.model.hypervisor.hypercall.VpCall.GetVpRegisters;
import dev.stint.model.hypervisor.hypercall.VpCall.NotifyLongSpinWait;
import dev.stint.model.hypervisor.hypercall.VpCall.SetVpRegisters;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.sim.RandomStream;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Draws hypercalls: every kind, mostly with values at some boundary, and with identities of
/// whatever exists, existed or never did. A caller's own children come up often enough for their
/// lives to go on.
public final class HypercallDraw {
  private static final int KINDS = 33;
  private static final int MANY_CHILDREN = 5;
  private static final int[] INDICES = {0, 0, 0, 1, 2, -1, 255, 256, 2047, 2048, 0x7FFFFFFF};
  private static final int[] REGISTERS = {0, 0, 0, 1, 2, 3, 0x90000, 0x90014, -1};
  private static final long[] PAGES = {1, 90, 208, 298, 0, -1, 1L << 40, Long.MAX_VALUE};
  private static final int[] PROPERTIES = {
    Property.PRIVILEGE_FLAGS,
    Property.CPU_RESERVE,
    Property.CPU_CAP,
    Property.CPU_WEIGHT,
    Property.CPU_GROUP_ID,
    Property.INTEGRATED_SCHEDULER_ENABLED,
    Property.VMM_CAPABILITIES,
    Property.SCHEDULER_TYPE,
    0
  };
  private static final long[] VALUES = {
    0,
    1,
    2,
    100,
    10_000,
    10_001,
    0xFFFF,
    0x10000,
    0x10001,
    -1,
    Long.MIN_VALUE,
    Privileges.GUEST.mask(),
    Privileges.L1VH.mask(),
    Privileges.ROOT.mask(),
    Property.VMM_ENABLE_INTEGRATED_SCHEDULER
  };

  private static final int STEPS = 9;
  private static final int CHANNEL_STEPS = 10;

  /* A child's identity begins with its parent's: a good guess at a channel between strangers. */
  private static final int CHILD_SHIFT = 20;

  private final RandomStream random;
  private final Map<Long, Integer> stepOf = new TreeMap<>();
  private final Map<Long, Integer> channelStepOf = new TreeMap<>();
  private long latestGroup;

  /// Draws from this stream.
  public HypercallDraw(RandomStream random) {
    this.random = random;
  }

  /// The next hypercall.
  ///
  /// @param self the caller
  /// @param children those that it made and has not deleted
  /// @param known identities of whatever exists or existed, the caller's or not
  public HypercallRequest next(long self, List<Long> children, List<Long> known) {
    if (chance(25) && !children.isEmpty()) {
      return step(children.get(below(children.size())));
    }
    if (chance(10) && !children.isEmpty()) {
      return channelStep(self, children);
    }
    int kind = (int) random.nextBelow(KINDS);
    long target = identity(self, children, known);
    int index = INDICES[below(INDICES.length)];
    if (kind == 0 && children.size() > MANY_CHILDREN) {
      long child = children.get(below(children.size()));
      return chance(50) ? new FinalizePartition(child) : new DeletePartition(child);
    }
    return switch (kind) {
      case 0 -> new CreatePartition(INDICES[below(5)]);
      case 1, 2 -> new InitializePartition(target);
      case 3 -> chance(10) ? new FinalizePartition(target) : new DeletePartition(target);
      case 4 -> new DeletePartition(target);
      case 5 -> new GetNextChildPartition(chance(70) ? Property.SELF : target, first(known));
      case 6 -> chance(50) ? new GetPartitionId() : new GetSystemProperty(property());
      case 7, 8 -> new GetPartitionProperty(target, property());
      case 9 -> new GetPartitionPropertyEx(target, property());
      case 10, 11 -> new SetPartitionProperty(target, property(), value());
      case 12, 13 -> new SetPartitionPropertyEx(target, property(), value());
      case 14, 15 -> new DepositMemory(chance(40) ? Property.SELF : target, pages());
      case 16 -> new WithdrawMemory(target, pages());
      case 17 -> chance(50) ? new GetMemoryBalance(target) : new MapGpaPages(target, pages());
      case 18 -> new UnmapGpaPages(target, pages());
      case 19, 20 -> new CreateVp(target, index);
      case 21 -> chance(30) ? new DeleteVp(target, index) : new DispatchVp(target, index, 1, 0);
      case 22 -> new GetVpRegisters(target, index, register());
      case 23, 24 -> new SetVpRegisters(target, index, register(), random.nextBelow(3));
      case 25 -> new AssertVirtualInterrupt(target, index, 14 + 80 * below(4));
      case 26 -> new NotifyLongSpinWait(index, value());
      case 27 -> stats(target, index);
      case 28, 29 -> channel(target, identity(self, children, known), index);
      case 30, 31 -> send();
      default -> group();
    };
  }

  /* What a VMM would do next with its child. */
  private HypercallRequest step(long child) {
    int step = stepOf.merge(child, 1, Integer::sum);
    if (stepOf.size() > 1000) {
      stepOf.clear();
    }
    return switch (step % STEPS) {
      case 1 -> new DepositMemory(child, 400);
      case 2 -> new InitializePartition(child);
      case 3 -> new SetPartitionProperty(child, Property.CPU_WEIGHT, 1 + random.nextBelow(10_000));
      case 4 -> new CreateVp(child, 0);
      case 5 -> new CreateVp(child, 1);
      case 6 -> chance(30) ? new DeleteVp(child, 1) : new GetVpRegisters(child, 0, 0);
      case 7 -> new SetVpRegisters(child, 0, 0, 0);
      case 8 -> new AssertVirtualInterrupt(child, below(2), 32);
      default -> new SetPartitionProperty(child, Property.CPU_GROUP_ID, groupId());
    };
  }

  private HypercallRequest stats(long target, int index) {
    int[] types = {1, 2, 3, 0x10001, 0x10002};
    return new MapStatsPage2(types[below(types.length)], target, index, below(4) - 1);
  }

  /* What a parent would do next for channels with a child, one in each direction. */
  private HypercallRequest channelStep(long self, List<Long> children) {
    int step = channelStepOf.merge(self, 1, Integer::sum);
    int id = step / CHANNEL_STEPS % 3;
    long child = children.get(step / CHANNEL_STEPS % children.size());
    return switch (step % CHANNEL_STEPS) {
      case 0 -> new DepositMemory(Property.SELF, 4);
      case 1 -> new DepositMemory(child, 4);
      case 2 -> new CreatePort(Property.SELF, id, child, info(0));
      case 3 -> new ConnectPort(child, id, Property.SELF, id);
      case 4 -> new CreatePort(child, id, Property.SELF, info(0));
      case 5 -> new ConnectPort(Property.SELF, id, child, id);
      case 6 -> new PostMessage(id, 1, 0);
      case 7 -> new SignalEvent(id, 0);
      case 8 -> new DeletePort(chance(50) ? child : Property.SELF, id);
      default -> new DisconnectPort(chance(50) ? child : Property.SELF, id);
    };
  }

  /* Few identities, so that ports and connections meet. */
  private HypercallRequest channel(long one, long another, int index) {
    long other = chance(50) ? one >> CHILD_SHIFT : another;
    return switch (below(8)) {
      case 0 -> new DeletePort(one, below(3));
      case 1 -> new DisconnectPort(one, below(3));
      case 2, 3, 4 -> new ConnectPort(one, below(3), other, below(3));
      default -> new CreatePort(one, below(3), other, info(chance(70) ? 0 : index));
    };
  }

  private PortInfo info(int vpIndex) {
    int sint = below(20) - 2;
    return chance(50)
        ? new PortInfo.Messages(sint, vpIndex)
        : new PortInfo.Events(sint, vpIndex, below(3) * 1024, INDICES[below(INDICES.length)]);
  }

  private HypercallRequest send() {
    return chance(50)
        ? new PostMessage(below(3), (int) VALUES[below(VALUES.length)], 80 * below(5))
        : new SignalEvent(below(3), INDICES[below(INDICES.length)]);
  }

  private HypercallRequest group() {
    int cap = (int) VALUES[below(10)];
    return switch (below(5)) {
      case 0 -> new SetCpuGroupCap(groupId(), cap);
      case 1, 2 -> new DeleteCpuGroup(groupId());
      default -> new CreateCpuGroup(CpuSet.of(below(5), below(5)), cap);
    };
  }

  /// A caller's newest CPU group has this identity.
  void grouped(long groupId) {
    latestGroup = groupId;
  }

  private long groupId() {
    return Math.max(0, latestGroup - below(10));
  }

  private long identity(long self, List<Long> children, List<Long> known) {
    if (!children.isEmpty() && chance(60)) {
      return children.get(below(children.size()));
    }
    return switch (below(10)) {
      case 0 -> Property.SELF;
      case 1 -> self;
      case 2 -> self + 1 - 2L * below(2);
      case 3 -> new long[] {0, 1, Long.MIN_VALUE, Long.MAX_VALUE}[below(4)];
      case 4 -> random.nextLong();
      default -> first(known);
    };
  }

  private long first(List<Long> known) {
    if (chance(20)) {
      return 0;
    }
    int back = chance(60) ? below(Math.min(12, known.size())) : below(known.size());
    return known.get(known.size() - 1 - back);
  }

  private int property() {
    return chance(90) ? PROPERTIES[below(PROPERTIES.length)] : (int) random.nextLong();
  }

  private long value() {
    return chance(90) ? VALUES[below(VALUES.length)] : random.nextLong();
  }

  private long pages() {
    return PAGES[below(PAGES.length)];
  }

  private int register() {
    return REGISTERS[below(REGISTERS.length)];
  }

  private boolean chance(int percent) {
    return random.nextBelow(100) < percent;
  }

  private int below(int bound) {
    return (int) random.nextBelow(bound);
  }
}
