package dev.stint.testkit.isolation;

import dev.stint.model.hypervisor.hypercall.CpuGroupCall;
import dev.stint.model.hypervisor.hypercall.HypercallRequest;
import dev.stint.model.hypervisor.hypercall.MemoryCall;
import dev.stint.model.hypervisor.hypercall.PartitionCall;
import dev.stint.model.hypervisor.hypercall.PortCall;
import dev.stint.model.hypervisor.hypercall.PropertyCall;
import dev.stint.model.hypervisor.hypercall.StatsCall;
import dev.stint.model.hypervisor.hypercall.VpCall;
import dev.stint.model.machine.CpuSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// Who owns what, as one would explain it in a minute: everybody is either an L1VH or a guest; an
/// L1VH owns what it made; nobody may touch anything else. Knows nothing of states, pages or
/// values: it only says what must not succeed, and follows what did.
public final class OwnershipOracle {
  private static final long SELF = -1;
  private static final int PRIVILEGES = 0x00010000;
  private static final int RESERVE = 0x00020001;
  private static final int INTEGRATED = 0x00020005;
  private static final long MAY_CREATE = 1L << 32;
  private static final long MAY_ASK_ID = 1L << 33;
  private static final long MAY_USE_POOL = 1L << 34;
  private static final long MAY_POST = 1L << 36;
  private static final long MAY_SIGNAL = 1L << 37;
  private static final long MAY_MAKE_PORTS = 1L << 38;
  private static final long MAY_CONNECT = 1L << 39;
  private static final long MAY_SEE_STATS = 1L << 40;
  private static final long MAY_READ_VPS = 1L << 49;

  private record Known(long owner, long mask, CpuSet lps) {}

  private record End(long owner, int id) {}

  private final Map<Long, Known> alive = new TreeMap<>();

  /* Who may connect to each port that was ever made, and whom each connection reaches. */
  private final Map<End, Long> ports = new LinkedHashMap<>();
  private final Map<End, Long> connections = new LinkedHashMap<>();

  /// A partition of the machine's owner.
  public void topLevel(long id, long privileges, CpuSet lps) {
    alive.put(id, new Known(1, privileges, lps));
  }

  /// A child that was made before the fuzzing.
  public void child(long owner, long id, long privileges) {
    alive.put(id, new Known(owner, privileges, living(owner).lps()));
  }

  private Known living(long id) {
    return Objects.requireNonNull(alive.get(id));
  }

  /// The children of `owner`, in order.
  public List<Long> childrenOf(long owner) {
    return alive.entrySet().stream()
        .filter(entry -> entry.getValue().owner() == owner)
        .map(Map.Entry::getKey)
        .toList();
  }

  /// All that live.
  public List<Long> all() {
    return List.copyOf(alive.keySet());
  }

  /// Whether `id` is `caller` or a child of it.
  public boolean within(long caller, long id) {
    Known known = alive.get(id);
    return id == caller || (known != null && known.owner() == caller);
  }

  /// Why the call must not succeed, or empty where it may.
  public Optional<String> forbidden(long caller, HypercallRequest request) {
    long mask = living(caller).mask();
    boolean creates = (mask & MAY_CREATE) != 0;
    return switch (request) {
      case PartitionCall call -> ofPartition(caller, call, mask);
      case PropertyCall call -> creates ? ofProperty(caller, call) : no("properties");
      case MemoryCall call -> ofMemory(caller, call, mask);
      case VpCall call -> ofVp(caller, call, mask);
      case PortCall call -> ofPort(caller, call, mask);
      case CpuGroupCall call -> creates ? ofGroup(caller, call) : no("CPU groups");
      case StatsCall call -> ofStats(caller, call, mask);
    };
  }

  private Optional<String> ofPartition(long caller, PartitionCall call, long mask) {
    boolean creates = (mask & MAY_CREATE) != 0;
    return switch (call) {
      case PartitionCall.GetPartitionId() -> (mask & MAY_ASK_ID) != 0 ? yes() : no("identity");
      case PartitionCall.CreatePartition _ -> creates ? yes() : no("create");
      case PartitionCall.InitializePartition(long id) -> creates ? ofChild(caller, id) : no("init");
      case PartitionCall.FinalizePartition(long id) -> creates ? ofChild(caller, id) : no("end");
      case PartitionCall.DeletePartition(long id) -> creates ? ofChild(caller, id) : no("delete");
      case PartitionCall.GetNextChildPartition(long parent, long previous) -> {
        boolean own = parent == SELF || parent == caller;
        boolean from = previous == 0 || ofChild(caller, previous).isEmpty();
        yield creates && own && from ? yes() : no("enumerate");
      }
    };
  }

  private Optional<String> ofProperty(long caller, PropertyCall call) {
    return switch (call) {
      case PropertyCall.GetSystemProperty _ -> no("the machine's properties");
      case PropertyCall.GetPartitionProperty(long id, int _) -> ofNamed(caller, id);
      case PropertyCall.GetPartitionPropertyEx(long id, int _) -> ofNamed(caller, id);
      case PropertyCall.SetPartitionProperty(long id, int property, long value) ->
          ofSet(caller, id, property, value);
      case PropertyCall.SetPartitionPropertyEx(long id, int property, long value) ->
          ofSet(caller, id, property, value);
    };
  }

  private Optional<String> ofSet(long caller, long id, int property, long value) {
    if (property == RESERVE || property == INTEGRATED) {
      return no("what the root partition sets");
    }
    long excess = value & (MAY_CREATE | ~living(caller).mask());
    return property == PRIVILEGES && excess != 0 ? no("more privileges") : ofChild(caller, id);
  }

  private Optional<String> ofMemory(long caller, MemoryCall call, long mask) {
    boolean pool = (mask & MAY_USE_POOL) != 0;
    boolean creates = (mask & MAY_CREATE) != 0;
    return switch (call) {
      case MemoryCall.DepositMemory(long id, long _) -> pool ? ofNamed(caller, id) : no("pool");
      case MemoryCall.WithdrawMemory(long id, long _) -> pool ? ofNamed(caller, id) : no("pool");
      case MemoryCall.GetMemoryBalance(long id) -> pool ? ofNamed(caller, id) : no("pool");
      case MemoryCall.MapGpaPages(long id, long _) -> creates ? ofChild(caller, id) : no("map");
      case MemoryCall.UnmapGpaPages(long id, long _) -> creates ? ofChild(caller, id) : no("unmap");
    };
  }

  private Optional<String> ofVp(long caller, VpCall call, long mask) {
    boolean creates = (mask & MAY_CREATE) != 0;
    return switch (call) {
      case VpCall.NotifyLongSpinWait _ -> yes();
      case VpCall.GetVpRegisters(long id, int _, int _) -> {
        boolean self = id == SELF || id == caller;
        yield self
            ? ((mask & MAY_READ_VPS) != 0 ? yes() : no("registers"))
            : (creates ? ofChild(caller, id) : no("registers"));
      }
      case VpCall.SetVpRegisters(long id, int _, int _, long _) ->
          creates ? ofChild(caller, id) : no("registers");
      case VpCall.CreateVp(long id, int _) -> creates ? ofChild(caller, id) : no("VPs");
      case VpCall.DeleteVp(long id, int _) -> creates ? ofChild(caller, id) : no("VPs");
      case VpCall.DispatchVp(long id, int _, int _, long _) ->
          creates ? ofChild(caller, id) : no("dispatch");
      case VpCall.AssertVirtualInterrupt(long id, int _, int _) ->
          creates ? ofChild(caller, id) : no("interrupts");
    };
  }

  private Optional<String> ofPort(long caller, PortCall call, long mask) {
    return switch (call) {
      case PortCall.CreatePort(long id, int _, long sender, PortCall.PortInfo _) ->
          both(caller, id, sender, (mask & MAY_MAKE_PORTS) != 0);
      case PortCall.DeletePort(long id, int _) ->
          both(caller, id, SELF, (mask & MAY_MAKE_PORTS) != 0);
      case PortCall.ConnectPort(long id, int _, long receiver, int portId) ->
          made(caller, id, receiver, portId)
              ? both(caller, id, receiver, (mask & MAY_CONNECT) != 0)
              : no("a port for another");
      case PortCall.DisconnectPort(long id, int _) ->
          both(caller, id, SELF, (mask & MAY_CONNECT) != 0);
      case PortCall.PostMessage post ->
          reached(caller, call).isPresent() && (mask & MAY_POST) != 0 && post.messageType() > 0
              ? yes()
              : no("posting");
      case PortCall.SignalEvent _ ->
          reached(caller, call).isPresent() && (mask & MAY_SIGNAL) != 0 ? yes() : no("signalling");
    };
  }

  private boolean made(long caller, long sender, long receiver, int portId) {
    Long expected = ports.get(new End(self(caller, receiver), portId));
    return expected != null && expected == self(caller, sender);
  }

  private Optional<String> both(long caller, long one, long other, boolean privileged) {
    return privileged && ofNamed(caller, one).isEmpty() ? ofNamed(caller, other) : no("ports");
  }

  private static long self(long caller, long id) {
    return id == SELF ? caller : id;
  }

  /// Whom a message or a signal would reach: the owner of the port at the other end.
  public Optional<Long> reached(long caller, HypercallRequest request) {
    return switch (request) {
      case PortCall.PostMessage(int id, int _, int _) ->
          Optional.ofNullable(connections.get(new End(caller, id)));
      case PortCall.SignalEvent(int id, int _) ->
          Optional.ofNullable(connections.get(new End(caller, id)));
      default -> Optional.empty();
    };
  }

  private Optional<String> ofGroup(long caller, CpuGroupCall call) {
    return switch (call) {
      case CpuGroupCall.CreateCpuGroup(CpuSet lps, int _) ->
          living(caller).lps().containsAll(lps) ? yes() : no("other LPs");
      case CpuGroupCall.SetCpuGroupCap _, CpuGroupCall.DeleteCpuGroup _ -> yes();
    };
  }

  private Optional<String> ofStats(long caller, StatsCall call, long mask) {
    if ((mask & MAY_SEE_STATS) == 0) {
      return no("statistics");
    }
    return switch (call) {
      case StatsCall.MapStatsPage2(int type, long id, int _, int area) ->
          type < 0x10001 || area > 1 ? no("the machine's statistics") : ofNamed(caller, id);
    };
  }

  private Optional<String> ofNamed(long caller, long id) {
    return id == SELF || within(caller, id) ? yes() : no("a stranger");
  }

  private Optional<String> ofChild(long caller, long id) {
    return id != caller && within(caller, id) ? yes() : no("none of its children");
  }

  private static Optional<String> yes() {
    return Optional.empty();
  }

  private static Optional<String> no(String what) {
    return Optional.of(what);
  }

  /// The call succeeded with this output: what is wrong with the output, or empty.
  public Optional<String> follow(long caller, HypercallRequest request, long output) {
    return switch (request) {
      case PartitionCall.CreatePartition _ -> {
        boolean fresh = !alive.containsKey(output) && output != SELF && output > 1;
        child(caller, output, 1L | 1L << 36 | 1L << 37);
        yield fresh ? yes() : no("an identity in use");
      }
      case PartitionCall.DeletePartition(long id) -> {
        alive.remove(id);
        ports.keySet().removeIf(end -> end.owner() == id);
        connections.keySet().removeIf(end -> end.owner() == id);
        yield yes();
      }
      case PartitionCall.GetPartitionId() -> output == caller ? yes() : no("another's identity");
      case PartitionCall.GetNextChildPartition _ ->
          output == 0 || ofChild(caller, output).isEmpty() ? yes() : no("another's child");
      case PropertyCall.SetPartitionProperty(long id, int property, long value) ->
          privileges(caller, id, property, value);
      case PropertyCall.SetPartitionPropertyEx(long id, int property, long value) ->
          privileges(caller, id, property, value);
      case PortCall.CreatePort(long id, int portId, long sender, PortCall.PortInfo _) -> {
        ports.put(new End(self(caller, id), portId), self(caller, sender));
        yield yes();
      }
      case PortCall.DeletePort(long id, int portId) ->
          ports.remove(new End(self(caller, id), portId)) == null ? no("no such port") : yes();
      case PortCall.ConnectPort(long id, int connectionId, long receiver, int _) -> {
        connections.put(new End(self(caller, id), connectionId), self(caller, receiver));
        yield yes();
      }
      case PortCall.DisconnectPort(long id, int connectionId) ->
          connections.remove(new End(self(caller, id), connectionId)) == null
              ? no("no such connection")
              : yes();
      default -> yes();
    };
  }

  private Optional<String> privileges(long caller, long id, int property, long value) {
    if (property == PRIVILEGES) {
      alive.put(id, new Known(caller, value, living(id).lps()));
    }
    return yes();
  }
}
